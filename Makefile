# One entry for each thing one does here; `make help` lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Without cached bytecode every job compiles TensorFlow's Python again: 16 s instead of 6 s.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3))
CORES ?= all
WORKERS ?= 2

BIN := .venv/bin
STAMP := .venv/.installed
# After an interruption, a kill too, the next run takes up where the last one stopped.
SNAKEMAKE := $(BIN)/python workflow/run.py --cores $(CORES) --rerun-incomplete

.PHONY: help results figures verify reference smoke test lint dag cluster unit benchmarks clean
# Steps of one goal follow one another; Snakemake and pytest use the cores.
.NOTPARALLEL:

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

# `make results CONFIG=mine.yaml` names an overlay; a variable of that name in the environment means something else.
results: $(STAMP) ## compute every table, figure and verdict into results/ at laptop scale
	$(SNAKEMAKE) $(if $(filter command,$(origin CONFIG)),--configfile "$(CONFIG)")
	@$(BIN)/python -m stationary.report.console results

figures: $(STAMP) ## draw every figure and verdict from results/reference/, training nothing
	@if [[ -n "$$(ls results/{newton,minima,spin_glass,saddles,convexity,symmetry,conditioning,traps,optimizers}/summary.parquet 2> /dev/null)" ]]; then \
	  echo "results/ holds a run of your own, whose figures and verdicts this would replace. Compare with \`make verify\`," \
	    "or replace them: $(SNAKEMAKE) --config source=reference" >&2; exit 1; fi
	$(SNAKEMAKE) --quiet rules --config source=reference
	@echo "results/claims.md: $$(sed -n 3p results/claims.md) Open results/report/index.html in a browser."

verify: $(STAMP) ## compare the run in results/ with results/reference/: bytes, tolerances, verdicts
	$(BIN)/python -m stationary.report.verify

reference: $(STAMP) ## keep the run in results/ as results/reference/, long columns thinned
	$(BIN)/python -m stationary.report.keep

smoke: $(STAMP) ## run the whole workflow small, into results/smoke/
	mkdir -p results/smoke
	$(SNAKEMAKE) --directory results/smoke --configfile config/smoke.yaml

test: lint dag cluster unit ## style, types, floors, the workflow end to end here and through SLURM, then the tests

# With SMOKE_RUN=folder the results stay there, and the cluster's tests compare with them.
dag: $(STAMP) ## run the workflow small in a temporary folder: all of it, a second time nothing, a report
	folder="$${SMOKE_RUN:-$$(mktemp -d)}"; trap '[[ -n "$${SMOKE_RUN:-}" ]] || rm -rf "$$folder"' EXIT; \
	run() { $(SNAKEMAKE) --directory "$$folder" --configfile config/smoke.yaml --quiet rules "$$@"; }; \
	run; \
	run --dry-run 2>&1 | grep "Nothing to be done"; \
	run --report "$$folder/report.html"; \
	test -s "$$folder/report.html"

unit: $(STAMP) ## the tests alone
	$(BIN)/pytest -q -n $(WORKERS) -m "not cluster"

# A process per file: the whole workflow, and faults, which mostly wait for the queue and for Snakemake's next look at their jobs.
cluster: $(STAMP) ## the tests that need SLURM: the workflow and its faults on two nodes of this machine
	$(BIN)/pytest -q -n 3 --dist loadfile -m cluster tests/cluster

lint: $(STAMP) ## style, types, floors, workflow lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/snakefmt --check Snakefile workflow tests/extension
	$(BIN)/snakemake --lint
	$(BIN)/snakemake --lint --snakefile tests/extension/Snakefile

benchmarks: $(STAMP) ## time the numerical core against its peers, in one table
	$(BIN)/python -m benchmarks

clean: ## delete what the workflow wrote; the environment and results/reference/ stay
	find results -mindepth 1 -maxdepth 1 ! -name README.md ! -name reference -exec rm -rf {} +
	rm -rf .snakemake .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The stamp is newer than what it was made from, so a second make installs nothing.
$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
