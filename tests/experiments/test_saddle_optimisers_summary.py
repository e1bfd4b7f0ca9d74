import numpy as np
import pandas as pd
import pytest
import scipy.stats

from stationary import tables
from stationary.experiments import saddle_optimisers_summary as summary
from stationary.experiments.saddle_tables import OPTIMISERS, SUMMARY

COST = {"sgd": 1.0, "adam": 1.0, "damped_newton": 100.0, "saddle_free_newton": 100.0}


def made(ends, epochs=4):
    """Losses fall from 1 to the given end in equal steps of the logarithm; ``ends``: hidden -> method -> one per start."""
    rows = [
        {"hidden": hidden, "method": method, "start": start, "epoch": epoch, "cost": COST[method] * epoch}
        | {"loss": end ** (epoch / epochs), "termination": "max_iterations"}
        for hidden, methods in ends.items()
        for method, losses in methods.items()
        for start, end in enumerate(losses)
        for epoch in range(epochs + 1)
    ]
    frame = pd.DataFrame(rows).reindex(columns=OPTIMISERS.names).fillna(0.0)
    return tables.from_columns(dict(frame.items()), OPTIMISERS)


def ends(generator, starts, gain):
    draws = {name: np.exp(-generator.uniform(1, 2, starts)) for name in ("sgd", "damped_newton", "adam")}
    better = np.minimum(draws["sgd"], draws["damped_newton"])
    return draws | {"saddle_free_newton": better * np.exp(-generator.uniform(0.5, 1.5, starts) * gain)}


@pytest.fixture
def found():
    generator = np.random.default_rng(0)
    table = made({5: ends(generator, 12, 0.1), 50: ends(generator, 3, 1.0)})
    return table.to_pandas(), pd.DataFrame(summary.rows(table, 0))


def ratios(frame, hidden, epoch=4):
    last = frame[(frame["hidden"] == hidden) & (frame["epoch"] == epoch)]
    logs = np.log(last.pivot(index="start", columns="method", values="loss"))
    return (logs["saddle_free_newton"] - np.minimum(logs["sgd"], logs["damped_newton"])).to_numpy()


def pick(rows, words, hidden=None):
    chosen = rows[rows["statistic"].str.contains(words) & (rows["hidden"].eq(hidden) if hidden else rows["hidden"].isna())]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_rows_fit_the_schema_and_the_judged_ones_are_those_of_the_rule(found):
    rows = found[1]
    tables.from_columns(
        {name: list(rows[name].astype(object).where(rows[name].notna(), None)) for name in SUMMARY.names}, SUMMARY
    )
    judged = rows[rows["judged"]]
    assert sorted(judged["hidden"].dropna()) == [50]
    assert judged["statistic"].str.contains("equal epochs").all()
    assert "widest minus narrowest" in judged.loc[judged["hidden"].isna(), "statistic"].item()


def test_few_starts_have_students_interval_and_more_a_bootstraps(found):
    frame, rows = found
    for hidden in (5, 50):
        row, sample = pick(rows, "better of.*equal epochs", hidden), ratios(frame, hidden)
        interval = scipy.stats.ttest_1samp(sample, 0.0).confidence_interval()
        same = np.allclose([row["ci_low"], row["ci_high"]], [interval.low, interval.high])
        assert same == (hidden == 50)
        assert row["estimate"] == pytest.approx(sample.mean())
        assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_the_difference_of_two_sizes_has_welchs_interval(found):
    frame, rows = found
    row, wide, narrow = pick(rows, "widest minus narrowest"), ratios(frame, 50), ratios(frame, 5)
    interval = scipy.stats.ttest_ind(wide, narrow, equal_var=False).confidence_interval()
    np.testing.assert_allclose(row[["estimate", "ci_low", "ci_high"]].astype(float), [wide.mean() - narrow.mean(), *interval])
    assert row["n"] == 3


def test_at_a_cost_that_pays_for_no_iteration_there_is_nothing_to_compare(found):
    """An iteration costs a hundred epochs here."""
    _, rows = found
    assert np.isnan(pick(rows, "cost of SGD", 5)["estimate"])


def test_half_of_the_epochs_halves_the_logarithm(found):
    frame, rows = found
    assert pick(rows, "half of the epochs", 50)["estimate"] == pytest.approx(ratios(frame, 50).mean() / 2)


def test_a_rival_that_diverged_is_no_rival():
    losses = {"sgd": [0.4, np.nan], "damped_newton": [0.5, 0.5], "adam": [0.3, 0.3], "saddle_free_newton": [0.2, 0.25]}
    table = made({5: losses, 25: losses})
    frame = table.to_pandas()
    frame["loss"] = frame["loss"].mask((frame["start"] == 1) & (frame["method"] == "sgd") & (frame["epoch"] > 0), np.nan)
    rows = pd.DataFrame(summary.rows(tables.from_columns(dict(frame.items()), OPTIMISERS), 0))
    assert pick(rows, "better of.*equal epochs", 5)["estimate"] == pytest.approx(np.log([0.2 / 0.4, 0.25 / 0.5]).mean())
    assert pick(rows, "to SGD, equal", 5)["n"] == 1


def test_one_size_alone_has_nothing_to_be_compared_with():
    rows = summary.rows(made({5: ends(np.random.default_rng(1), 3, 1.0)}), 0)
    assert not any(row["judged"] for row in rows)
    assert all(row["hidden"] == 5 for row in rows)
