"""Every short name of a work in config/claims.yaml says which work it is, or is explained."""

import re
from pathlib import Path

import yaml

from stationary.claims import works

CLAIMS = yaml.safe_load((Path(__file__).parents[2] / "config" / "claims.yaml").read_text())["claims"]
NAMED = {work for claim in CLAIMS for work in works.works(claim["source"])}


def test_what_is_no_author_with_a_year_has_a_title():
    short = {work for work in NAMED if not re.fullmatch(r".+ \d{4}", work)}
    assert short - {"ours"} == set(works.TITLES)


def test_the_book_is_one_work_under_both_of_its_names():
    assert works.works("Goodfellow 2016, 8.2.3; Deep Learning 8.2.2; article") == ("Deep Learning", "the article")
