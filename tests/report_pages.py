"""A small run as the workflow would leave it: judged claims, tables with ends, figures, job times."""

from pathlib import Path

import pyarrow as pa
import yaml
from PIL import Image

from stationary import provenance, tables
from stationary.claims import ledger, verdict
from stationary.experiments import minima_tables, newton_tables
from stationary.report.contents import Contents, Experiment, judged
from stationary.report.rule_index import RuleEntry, RuleIndex
from stationary.tables import Column

# Estimate and interval of each claim's only row; the rule is > 0.5 against < 0.1, so the verdict can be read off.
ROWS = {"N1": (9.0, 8.0, 10.0), "N2": (0.05, 0.0, 0.09), "N10": (0.3, 0.05, 0.6), "W1": None, "W2": (12.0, 11.0, 13.0)}
VERDICTS = {"N1": "supported", "N2": "refuted", "N10": "inconclusive", "W1": "not tested at this scale", "W2": "supported"}
FIGURE_OF = {"N1": "newton_ends", "N2": "newton_ends", "W2": "minima_losses"}
CAPTIONS = {
    "newton_ends": "**Where runs end (twin of a claim).** Bars: shares of *all* starts, see ``ends``.",
    "newton_alone": "**Alone.** A figure that no claim names.",
    "minima_losses": "**Losses.** By width & size.",
}
NOTE = "It needs more < time."
# Judged rows beside the one that decides: two of N1 are listed, 41 of N10 are too many.
MORE_ROWS = {"N1": 1, "N10": 40}
RULES = RuleIndex(
    (
        RuleEntry("newton_runs", "Run <one> block.", "workflow/rules/newton.smk", 4, ("results/newton/{table}.parquet",), ()),
        RuleEntry(
            "newton_summary",
            "Statistics.",
            "workflow/rules/newton.smk",
            40,
            ("results/newton/summary.parquet",),
            (("results/newton/runs.parquet", "newton_runs"),),
        ),
        RuleEntry("all", "Everything.", "workflow/Snakefile", 9, (), (("results/newton/summary.parquet", "newton_summary"),)),
    )
)
_RUNS = tables.schema([Column("termination", pa.string(), "name", "How it ended."), Column("loss", pa.float64(), "1", "Loss.")])
_SUMMARIES = {"newton": newton_tables.SUMMARY, "minima": minima_tables.SUMMARY}


def write_ledger(folder, *, bound="> 0.5"):
    """Two files like those in config/; the bound is that of every rule for supported."""
    words = [
        {"id": name, "source": "Rowan 2025, abstract; ours", "claim": f"{name} holds for a < b & <b>c</b>"}
        | {"statistic": "share", "supported": bound, "refuted": "< 0.1"}
        for name in ROWS
    ]
    rules = {
        name: {"tables": ["minima" if name[0] == "W" else "newton"], "figure": FIGURE_OF.get(name)}
        | {"published": "0.7" if name == "N1" else "", "supported": {"bound": bound}, "refuted": {"bound": "< 0.1"}}
        | ({"note": NOTE} if name == "W1" else {})
        for name in ROWS
    }
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "claims.yaml", folder / "ledger.yaml"
    for file, content in zip(files, (words, rules), strict=True):
        file.write_text(yaml.safe_dump({"claims": content}, sort_keys=False))
    return files


def write_run(folder):
    """Tables, figures and job times of the small run below a folder; returns what the page is made from."""
    results = folder / "results"
    origin = provenance.here({}, seed=1, scale="laptop")
    files = write_ledger(folder / "config")
    summaries = {name: _summary(name) for name in _SUMMARIES}
    claims = verdict.judge(ledger.load(*files), summaries, "laptop")
    tables.write(claims, results / "claims.parquet", origin)
    ends = {"termination": ["converged", "at_infinity", "converged"], "loss": [0.0, 1.0, 2.0]}
    tables.write(tables.from_columns(ends, _RUNS), results / "newton/runs.parquet", origin)
    for name, summary in summaries.items():
        tables.write(summary, results / f"{name}/summary.parquet", origin)
    (results / "figures").mkdir()
    for name in CAPTIONS:
        Image.new("RGB", (2000, 1000), "steelblue").save(results / f"figures/{name}.png")
        (results / f"figures/{name}.pdf").touch()
    for job, seconds in {"newton/a": 100.0, "newton/b": 25.5}.items():
        path = results / f"benchmarks/{job}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\tcpu_time\tmax_rss\n{seconds}\t1.0\t300.2\n")
    return gather(results, files)


def gather(results, files, **changes):
    """The contents of a page on a small run."""
    chapters = (
        Experiment(
            "newton", "Exact Newton", {"starts": 10}, {name: CAPTIONS[name] for name in ("newton_ends", "newton_alone")}
        ),
        Experiment("minima", "Minima", {}, {"minima_losses": CAPTIONS["minima_losses"]}),
    )
    found = {
        "judged": judged([results / "claims.parquet"], [files]),
        "experiments": chapters,
        "tables": tuple(sorted(results.glob("*/*.parquet"))),
        "figures": tuple(sorted(results.glob("figures/*.png"))),
        "benchmarks": results / "benchmarks",
        "rules": RULES,
        "run": {"scale": "laptop", "source": "build", "root seed": "1", "settings": "ab" * 32},
    }
    return Contents(**found | changes)


def _summary(table):
    """The claims' own rows come last, are the furthest from supported, and so decide."""
    rows = []
    for name, numbers in ROWS.items():
        if numbers and (name[0] == "W") == (table == "minima"):
            own = {"claim": name, "part": name, "statistic": "share", "judged": True, "n": 100, "width": 5}
            own |= dict(zip(("estimate", "ci_low", "ci_high"), numbers, strict=True))
            far = own | {"estimate": 90.0, "ci_low": 80.0, "ci_high": 95.0}
            better = [{**far, "method": f"better_{number}"} for number in range(MORE_ROWS.get(name, 0))]
            rows += [*better, {**own, "method": "beside", "judged": False}, own]
    declared = _SUMMARIES[table]
    columns = {column: [row.get(column, "all") for row in rows] for column in declared.names}
    return tables.from_columns(columns, declared)


def page_of(folder: Path) -> Path:
    """Where the workflow puts it."""
    return folder / "results" / "report" / "index.html"
