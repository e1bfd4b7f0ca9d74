"""The page of Markdown: its head says what its columns and short names mean."""

import math

import pyarrow as pa
import pytest

from stationary.claims import markdown
from stationary.claims.tables import CLAIMS

WORDS = dict.fromkeys((field.name for field in CLAIMS if field.type == pa.string()), "")
NUMBERS = dict.fromkeys((field.name for field in CLAIMS if field.type != pa.string()), 1)
NOTHING = {"estimate": math.nan, "ci_low": math.nan, "ci_high": math.nan, "n": 0}


def page(*rows, **options):
    whole = [WORDS | NUMBERS | {"family": row["id"][0], "scale": "laptop", "source": "ours"} | row for row in rows]
    return markdown.page(pa.Table.from_pylist(whole, schema=CLAIMS), **options)


def verdicts(**pairs):
    return [{"id": name, "verdict": plain, "holm_verdict": after} for name, (plain, after) in pairs.items()]


def test_the_head_counts_both_columns_and_names_the_claims_that_differ():
    lines = page(
        *verdicts(N1=("supported", "supported"), N2=("refuted", "inconclusive"), W1=("supported", "inconclusive"))
    ).splitlines()
    assert lines[0] == "# Verdicts on 3 claims at laptop scale"
    # `make figures` prints this line.
    assert lines[2] == "1 refuted, 2 supported."
    assert lines[4].startswith("After Holm's adjustment: 2 inconclusive, 1 supported. The column *after Holm* is")
    assert lines[4].endswith("inconclusive there (N2, W1).")
    assert "*n* is the number of units" in lines[6]


def test_one_claim_is_no_plural_and_its_file_is_named():
    text = page(*verdicts(N1=("supported", "supported")), source="extension/claims.yaml")
    assert text.startswith("# Verdicts on 1 claim at laptop scale\n")
    assert "(here all survive)" in text
    assert "before any run (`extension/claims.yaml`)" in text
    assert "`config/claims.yaml`" in page(*verdicts(N1=("supported", "supported")))


@pytest.mark.parametrize(
    ("source", "listed"),
    [
        ("Rowan 2025; ours", []),
        ("thread comment", ["- The thread: “Cost function of"]),
        ("article; Goodfellow 2016, 8.2.3", ["- The article: “Beautiful trap", "- Deep Learning: the textbook of Goodfellow"]),
    ],
)
def test_short_names_of_works_are_explained_where_they_occur(source, listed):
    row, *_ = verdicts(N1=("supported", "supported"))
    head = page({**row, "source": source}).split("\n## ")[0]
    found = [line for line in head.splitlines() if line.startswith("- ")]
    assert len(found) == len(listed)
    assert all(line.startswith(start) and line.endswith(".") for line, start in zip(found, listed, strict=True))


def test_a_note_follows_the_reason_and_the_verdict_points_at_it():
    rows = verdicts(N1=("refuted", "refuted"), N2=("refuted", "refuted"))
    text = page(*({**row, **NOTHING, "reason": "A rule holds."} for row in rows), notes={"N1": "Mind | this."})
    assert "| **refuted** (see its note) | N1 |" in text
    assert "| **refuted** | N2 |" in text
    assert "- N1: A rule holds. *Note:* Mind \\| this.\n- N2: A rule holds.\n" in text
