"""The verdicts in a terminal."""

import re

import pytest

import report_pages
from stationary import tables
from stationary.errors import RunIncompleteError
from stationary.report import console


@pytest.mark.parametrize("width", [80, 200])
def test_a_line_per_claim_that_fits_and_aligns(site, width):
    head, *lines, empty, counts = console.lines(tables.read(site.parents[1] / "claims.parquet"), width)
    assert [line.split()[0] for line in lines] == list(report_pages.ROWS)
    assert max(len(line) for line in (head, *lines)) <= width
    places = {re.match(r"\w+ +", line).end() for line in (head, *lines)}
    assert len(places) == 1
    assert "9 [8, 10]" in lines[0]
    assert "> 0.5 / < 0.1" in lines[0]
    assert empty == ""
    assert counts == "5 claims at laptop scale: 2 supported, 1 refuted, 1 inconclusive, 1 not tested at this scale."


def test_it_ends_with_the_pages_place(site, capsys):
    console.main([str(site.parents[1])])
    assert capsys.readouterr().out.splitlines()[-1] == f"The page with the evidence: {site}"


def test_a_folder_without_verdicts_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(RunIncompleteError, match=r"claims\.parquet is missing.*`make results`"):
        console.main([str(tmp_path)])
