"""The index against the workflow that Snakemake itself sees, made small: a rule with wildcards, a constraint, an aggregate."""

import json
import os
import subprocess
import sys

import pytest

from stationary.report.rule_index import RuleEntry, RuleIndex

SNAKEFILE = """
import json
from stationary.report import rule_index

rule part:
    '''Make one
    part.'''
    output: "out/parts/{block,[0-9]{1,2}}.txt"
    shell: "touch {output}"

rule collect:
    "Join."
    input: lambda wildcards: expand("out/parts/{block}.txt", block=range(int(wildcards.size)))
    output: "out/whole.{size}.txt"
    shell: "touch {output}"

rule draw:
    input: table="out/whole.7.txt", style="style.yaml"
    output: "out/figure.png"
    shell: "touch {output}"

rule all:
    default_target: True
    input: rules.draw.output
    params: lambda wildcards: print(json.dumps([vars(one) for one in rule_index.collect(workflow.rules).entries]))
    shell: "true"
"""


@pytest.fixture(scope="module")
def entries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workflow")
    (folder / "Snakefile").write_text(SNAKEFILE)
    (folder / "style.yaml").touch()
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--cores", "1"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("[{"))
    return {one["name"]: one for one in json.loads(line)}


def test_what_each_rule_reads_and_who_writes_it(entries):
    assert entries["part"]["inputs"] == []
    # Seven parts are more than one wants to read: their pattern stands for them, without its constraint.
    assert entries["collect"]["inputs"] == [["out/parts/{block}.txt", "part"]]
    assert entries["draw"]["inputs"] == [["out/whole.7.txt", "collect"], ["style.yaml", ""]]
    assert entries["all"]["inputs"] == [["out/figure.png", "draw"]]


def test_what_a_rule_says_of_itself_and_where(entries):
    assert entries["part"]["doc"] == "Make one part."
    assert entries["part"]["outputs"] == ["out/parts/{block}.txt"]
    for name, one in entries.items():
        assert one["file"].endswith("/Snakefile")
        assert SNAKEFILE.splitlines()[one["line"] - 1] == f"rule {name}:"


def test_the_maker_is_the_rule_that_names_the_file_before_one_that_could_mean_it():
    collect = RuleEntry("collect", "", "a.smk", 1, ("results/newton/{table}.parquet",), ())
    summary = RuleEntry("summary", "", "a.smk", 9, ("results/newton/summary.parquet",), ())
    index = RuleIndex((collect, summary))
    assert index.maker("results/newton/summary.parquet") == summary
    assert index.maker("results/newton/runs.parquet") == collect
    assert index.maker("results/reference/newton/summary.parquet") == summary
    assert index.maker("elsewhere/runs.parquet") is None


def test_what_snakemake_keeps_of_it_changes_with_any_rule():
    entry = RuleEntry("collect", "", "a.smk", 1, ("x",), ())
    assert repr(RuleIndex((entry,))) == repr(RuleIndex((entry,)))
    assert repr(RuleIndex((entry,))) != repr(RuleIndex((RuleEntry("collect", "", "a.smk", 2, ("x",), ()),)))
    assert len(repr(RuleIndex((entry,) * 100))) < 80
