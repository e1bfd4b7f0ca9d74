"""Mutated settings through the command that make runs: a plan of jobs, or one line; never a traceback."""

import re
from collections import Counter

import pytest
import yaml
from hypothesis import example, given, settings

from dry_runs import DryRuns
from mutated_settings import DEFAULTS, SMOKE, configurations


@pytest.fixture(scope="module")
def dry_runs():
    program = DryRuns()
    yield program
    program.close()


def test_mutated_settings_are_planned_or_refused_in_one_line(dry_runs, tmp_path):
    seen = Counter()

    # Some that are planned and one that is refused, whatever is drawn. Paper scale is planned in tests/config/test_fuzzing.py:
    # its 11600 jobs take Snakemake half a minute.
    @example(tree=DEFAULTS)
    @example(tree=SMOKE)
    @example(tree={"newtn": {}})
    @given(tree=configurations(({}, DEFAULTS, SMOKE)))
    @settings(max_examples=60, deadline=None)
    def check(tree):
        (tmp_path / "settings.yaml").write_text(yaml.safe_dump(tree))
        status, words = dry_runs.run(tmp_path)
        seen[status] += 1
        if status == 0:
            assert int(re.search(r"^total +(\d+)$", words, flags=re.MULTILINE)[1]) > 20, words
        else:
            assert (status, len(words.splitlines())) == (1, 1), words
            assert re.match(r"config: |(minima|saddles)\.path", words), words
        assert not (tmp_path / "results").exists()

    check()
    assert seen[0] >= 2, seen
    assert seen[1] >= 1, seen
