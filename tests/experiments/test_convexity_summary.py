import pytest

from stationary.config.convexity import ConvexitySettings
from stationary.experiments import convexity
from stationary.experiments.claim_rows import SUMMARY
from stationary.experiments.convexity_tables import CURVES, DESCENTS, TRIALS


@pytest.fixture(scope="module")
def found():
    return convexity.run(ConvexitySettings(trials=500, points=100, series=10, starts=3), 1)


def test_tables_have_their_schemas(found):
    for table, schema in ((found.trials, TRIALS), (found.curves, CURVES), (found.descents, DESCENTS), (found.summary, SUMMARY)):
        assert table.schema.equals(schema)


def test_every_claim_has_rows_and_most_are_judged(found):
    rows = found.summary.to_pandas()
    claims = {f"A{number}" for number in (1, 2, 3, 7, 8, 9, 10, 11, 12, 13)}
    assert set(rows["claim"]) == claims
    # Five hundred trials are too few for A1 and A2, ten series too few for A11.
    assert set(rows.loc[rows["judged"], "claim"]) == claims - {"A1", "A2", "A11"}


def test_none_in_n_trials_bounds_the_share(found):
    rows = found.summary.to_pandas()
    mine = rows[(rows["case"] == "max(0, x)") & rows["statistic"].str.startswith("share")].iloc[0]
    assert (mine["estimate"], mine["n"]) == (0.0, 500)
    assert mine["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 500))


def test_blocks_are_as_listed(found):
    rows = found.summary.to_pandas()
    assert rows.loc[rows["statistic"] == "blocks otherwise than listed", "estimate"].tolist() == [0.0]


def test_every_share_carries_its_bound(found):
    rows = found.summary.to_pandas()
    bounds = rows[rows["statistic"].str.startswith("largest rounding bound")]
    assert len(bounds) == found.trials.num_rows
    assert (bounds["estimate"] > 0).all()
