"""Rows that cannot repeat to the byte are left out, and no others."""

import pyarrow as pa
import pytest

from stationary.report import tolerance


def runs(newton=0.5, trust_region=1e-6, **more):
    return pa.table({"method": ["newton", "trust_region"], "loss": [newton, trust_region], **more})


@pytest.mark.parametrize(
    ("name", "fresh", "same"),
    [
        ("newton/runs", runs(trust_region=1.1e-6), True),
        ("newton/runs", runs(newton=0.5 + 1e-15), False),
        ("newton/runs", runs(theta=[[1.0], [2.0]]), True),  # what is not kept of a table has no say
        ("newton/runs", runs().slice(1), False),
        ("saddles/runs", runs(), False),
    ],
)
def test_only_the_trust_regions_rows_may_follow_the_clock(name, fresh, same):
    assert tolerance.same_but_for_the_clock(name, fresh, runs()) is same
