"""A run of two small tables, verdicts and one timed job, to be kept and compared."""

import pyarrow as pa

from stationary import tables
from stationary.claims.tables import CLAIMS
from stationary.provenance import Provenance
from stationary.report.thinning import THINNED
from stationary.tables import Column

POINTS = tables.schema(
    [
        Column("p", pa.int64(), "1", "Spins per term."),
        Column("draw", pa.int64(), "1", "Draw of couplings."),
        Column("energy", pa.float64(), "1", "Energy per spin."),
        Column("point", pa.list_(pa.float64()), "1", "The point."),
        *(Column(name, pa.float64(), "1", "Left out.") for name in THINNED["spin_glass/critical_points"].without),
    ]
)


def origin(scale="smoke"):
    return Provenance("0" * 64, "c" * 40, {"numpy": "2.4.6"}, seed=1, scale=scale)


def points(energy=(-1.5, -1.0, 0.5)):
    long = {"point": [[1.0, 2.0], [3.0, 4.0], []], "p": [3, 3, 3], "draw": [0, 1, 1], "energy": list(energy)}
    return tables.from_columns({name: long.get(name, [0.0, 0.0, 0.0]) for name in POINTS.names}, POINTS)


def claims(**verdicts):
    blank = {name: [None] * len(verdicts) for name in CLAIMS.names}
    blank["table"] = ["spin_glass/summary.parquet"] * len(verdicts)
    return tables.from_columns({**blank, "id": list(verdicts), "verdict": list(verdicts.values())}, CLAIMS)


def statistics(estimate):
    """Two statistics with the interval 0.4 to 0.6."""
    declared = tables.schema(
        [
            Column("claim", pa.string(), "name", "The claim."),
            *(Column(name, pa.float64(), "1", "A number.") for name in ("estimate", "ci_low", "ci_high")),
        ]
    )
    values = {"claim": ["S1", "S2"], "estimate": [estimate, 0.5], "ci_low": [0.4, 0.4], "ci_high": [0.6, 0.6]}
    return tables.from_columns(values, declared)


def write(folder, *, changed=None, scale="smoke", **verdicts):
    """A run in a folder; ``changed`` replaces tables by name, ``verdicts`` verdicts by claim."""
    whole = {
        "claims": claims(**{"S1": "supported", "S2": "refuted", **verdicts}),
        "spin_glass/critical_points": points(),
        "spin_glass/summary": statistics(0.5),
        "spin_glass/parts/a": points(),
        **(changed or {}),
    }
    for name, table in whole.items():
        tables.write(table, folder / f"{name}.parquet", origin(scale))
    (folder / "benchmarks" / "spin_glass").mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks" / "spin_glass" / "one.tsv").write_text("s\tmax_rss\tcpu_time\n2.5\t1\t1\n")
    return folder
