import csv
import math
from pathlib import Path

import pyarrow as pa
import pytest

from stationary import provenance, tables
from stationary.claims import ledger, markdown, verdict
from stationary.claims.rules import parts
from stationary.claims.tables import CLAIMS
from summary_rows import row

CONFIG = Path(__file__).parents[2] / "config"
LEDGER = ledger.load(CONFIG / "claims.yaml", CONFIG / "ledger.yaml")
KEYS = ("statistic", "case", "method")


def judged(entries, rows, scale="laptop"):
    """Verdicts, by claim, of a small ledger on rows of one table; claims are named as their entries are."""
    texts = [{"id": name, **dict.fromkeys(("source", "claim", "statistic", "supported", "refuted"), name)} for name in entries]
    whole = {name: {"tables": ["traps"], "figure": None, **entry} for name, entry in entries.items()}
    made = ledger.of({"claims": texts}, {"claims": whole})
    columns = [{**dict.fromkeys(KEYS, "all"), **one} for one in rows]
    table = pa.Table.from_pylist(columns) if rows else None
    found = verdict.judge(made, {"traps": table} if table else {}, scale)
    assert found.schema.equals(CLAIMS)
    return {one["id"]: one for one in found.to_pylist()}


SIMPLE = {"supported": {"bound": "> 0.9", "share": "exact"}, "refuted": {"bound": "< 0.5", "share": "exact"}}


@pytest.mark.parametrize(
    ("numbers", "expected", "words"),
    [
        ((0.99, 0.95, 1.0), "supported", "rule for supported holds"),
        ((0.2, 0.1, 0.3), "refuted", "rule for refuted holds"),
        ((0.95, 0.85, 0.99), "inconclusive", "straddles"),
        ((0.7, 0.6, 0.8), "inconclusive", "met by 0 of 1"),
        ((1.0, 0.8, 1.0, 19), "inconclusive", "needs 20 units"),
        ((math.nan, math.nan, math.nan, 0), "inconclusive", "needs 20 units"),
    ],
)
def test_four_verdicts_of_one_rule(numbers, expected, words):
    one = judged({"B1": SIMPLE}, [row(*numbers, claim="B1")])["B1"]
    assert one["verdict"] == expected
    assert words in one["reason"]


@pytest.mark.parametrize(
    ("scale", "needs", "command"),
    [
        ("smoke", "laptop", "`snakemake --cores all`"),
        ("smoke", "paper", "config/paper.yaml"),
        ("laptop", "laptop", "config/paper.yaml"),
    ],
)
def test_what_has_no_rows_is_not_tested_and_says_how_to(scale, needs, command):
    for rows in ([], [row(1.0, claim="B1", judged=False)]):
        one = judged({"B1": {**SIMPLE, "needs": needs}}, rows, scale)["B1"]
        assert one["verdict"] == one["holm_verdict"] == "not tested at this scale"
        assert command in one["reason"]
        assert math.isnan(one["p_value"])


def test_a_failed_condition_leaves_a_claim_inconclusive():
    entry = {**SIMPLE, "supported": {**SIMPLE["supported"], "rows": {"case": "a"}}}
    entry["requires"] = {"bound": "= one", "rows": {"case": "b"}}
    rows = [row(0.99, 0.95, 1.0, claim="B1", case="a")]
    assert judged({"B1": entry}, [*rows, row(1.0, claim="B1", case="b")])["B1"]["verdict"] == "supported"
    assert judged({"B1": entry}, [*rows, row(0.9, claim="B1", case="b")])["B1"]["verdict"] == "inconclusive"
    assert judged({"B1": entry}, rows)["B1"]["verdict"] == "not tested at this scale"


def test_the_row_that_decides_is_the_worst_of_every_and_the_best_of_some():
    rows = [row(value, value - 0.01, value + 0.01, claim="B1", case=str(value)) for value in (0.6, 0.7, 0.8)]
    every = {"supported": {"bound": "> 0.5"}, "refuted": {"bound": "< 0"}}
    some = {"supported": {"bound": "> 0.5", "over": "some"}, "refuted": {"bound": "< 0"}}
    found = {name: judged({"B1": entry}, rows)["B1"]["estimate"] for name, entry in (("every", every), ("some", some))}
    assert found == {"every": 0.6, "some": 0.8}


def test_holm_turns_the_weaker_of_two_decisions():
    plain = {"supported": {"bound": "> 0"}, "refuted": {"bound": "< -9"}}
    rows = [row(1.0, 0.05, 1.95, claim=name) for name in ("B1", "B2", "W1")] + [row(1.0, 0.05, 1.95, claim="B3", judged=False)]
    found = judged({"B1": plain, "B2": plain, "B3": plain, "W1": plain}, rows)
    p = found["B1"]["p_value"]
    assert 0.025 < p < 0.05
    assert {one["verdict"] for name, one in found.items() if name != "B3"} == {"supported"}
    # Twice p in a family of two that were tested; alone in its own, p itself.
    assert found["B1"]["holm_p"] == pytest.approx(2 * p)
    assert (found["B1"]["holm_verdict"], found["W1"]["holm_verdict"]) == ("inconclusive", "supported")


def test_a_claim_about_others_follows_their_verdicts_in_both_columns():
    plain = {"supported": {"bound": "> 0"}, "refuted": {"bound": "< -9"}}
    both = {"tables": [], "supported": {"verdicts": ["B1", "B2"], "are": "supported"}}
    both["refuted"] = {"verdicts": ["B1", "B2"], "are": "refuted", "over": "some"}
    found = judged({"A6": both, "B1": plain, "B2": plain}, [row(1.0, 0.05, 1.95, claim=name) for name in ("B1", "B2")])
    assert (found["A6"]["verdict"], found["A6"]["holm_verdict"]) == ("supported", "inconclusive")
    found = judged({"A6": both, "B1": plain, "B2": plain}, [row(1.0, claim="B1"), row(-10.0, claim="B2")])
    assert found["A6"]["verdict"] == "refuted"
    found = judged({"A6": both, "B1": plain, "B2": plain}, [row(1.0, claim="B1")])
    assert found["A6"]["verdict"] == "not tested at this scale"


def cells(failure, saddle):
    """Rows of N6 on two PINNs with four cells each; N2 and N3 as they should be."""
    for problem in ("poisson", "reaction_diffusion"):
        for cell in range(4):
            where = {"claim": "N6", "problem": problem, "network": str(cell // 2), "target": str(cell % 2), "method": "newton"}
            yield row(failure, part="N1", statistic="share of starts without success", **where)
            yield row(0.9, part="N2", statistic="share trivial among converged", **where)
            yield row(saddle, part="N4", statistic="share saddle among trivial", **where)
            for number, centred in ((1e-9, ""), (1e-9, "centred ")):
                yield row(number, part="N3", statistic=f"median largest {centred}|cos(phi_k, f)| at trivial ends", **where)
                yield row(0.7, part="N3", statistic=f"median largest {centred}|cos(phi_k, f)| at their starts", **where)


@pytest.mark.parametrize(
    ("failure", "saddle", "expected"), [(1.0, 0.9, "supported"), (1.0, 0.0, "refuted"), (1.0, 0.3, "inconclusive")]
)
def test_n6_repeats_four_rules_on_both_problems(failure, saddle, expected):
    made = verdict.judge(LEDGER, {"newton": pa.Table.from_pylist(list(cells(failure, saddle)))}, "laptop")
    found = {one["id"]: one for one in made.to_pylist()}
    assert found["N6"]["verdict"] == expected
    assert found["N1"]["verdict"] == "not tested at this scale"


def smoke():
    """The rows that matter of a run at smoke scale, as its summaries have them."""
    found = {name: [] for name in ledger.KEYS}
    numeric = {"width", "p", "size", "index", "hidden", "n", "judged"}
    with Path(__file__).with_name("smoke_rows.csv").open() as file:
        for one in csv.DictReader(file):
            for name in ("estimate", "ci_low", "ci_high"):
                one[name] = float(one[name])
            one |= {name: int(float(one[name])) if one[name] else None for name in numeric}
            found[one["table"]].append({**one, "judged": bool(one["judged"])})
    return found


def test_a_run_at_smoke_scale_gives_64_verdicts_and_a_page():
    summaries = {name: pa.Table.from_pylist(rows) for name, rows in smoke().items()}
    made = verdict.judge(LEDGER, summaries, "smoke")
    found = {one["id"]: one for one in made.to_pylist()}
    assert len(found) == 64
    assert {one["verdict"] for one in found.values()} == {"supported", "refuted", "inconclusive", "not tested at this scale"}
    assert {name: found[name]["verdict"] for name in ("A3", "B3", "C3", "D4", "N7")} == {
        "A3": "refuted",
        "B3": "supported",
        "C3": "supported",
        "D4": "supported",
        "N7": "supported",
    }
    assert "config/paper.yaml" in found["W9"]["reason"]
    # Values of a selector are words, not a tuple of Python's.
    assert "('" not in "".join(one["reason"] + one["rule_text"] for one in found.values())
    assert "(no judged rows of statistic relative deviation of the mean training loss / relative" in found["W9"]["reason"]
    page = markdown.page(made)
    lines = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(lines) == 64
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


def test_every_statistic_that_the_ledger_names_is_one_that_a_summary_has():
    present = {(one["claim"], one["statistic"]) for rows in smoke().values() for one in rows}
    for name, entry in LEDGER.entries.items():
        for side in filter(None, (entry.requires, entry.supported, entry.refuted)):
            for rule in parts(side):
                chosen = getattr(rule, "rows", {}).get("statistic", ())
                for statistic in (chosen,) if isinstance(chosen, str) else chosen:
                    assert (name, statistic) in present, (name, statistic)


def test_the_table_can_be_written_and_verified(tmp_path):
    made = verdict.judge(LEDGER, {}, "smoke")
    tables.write(made, tmp_path / "claims.parquet", provenance.here({}, seed=1, scale="smoke"))
    assert tables.read(tmp_path / "claims.parquet").num_rows == 64
