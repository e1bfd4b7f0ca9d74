import numpy as np
import pytest

from stationary import tables
from stationary.config.saddles import OptimiserSettings, SaddleSettings
from stationary.experiments import saddle_optimisers, saddle_problem
from stationary.experiments.saddle_tables import OPTIMISERS
from stationary.methods import minibatch_descent

EPOCHS = 12
SETTINGS = SaddleSettings(samples=60, optimisers=OptimiserSettings(hidden=(2,), starts=(3,), epochs=EPOCHS))
PROBLEM = SETTINGS.optimiser_problems(1)[2]


@pytest.fixture(scope="module")
def frame():
    table = saddle_optimisers.run(PROBLEM, epochs=EPOCHS)
    assert table.schema.equals(OPTIMISERS)
    return table.to_pandas()


def test_all_methods_leave_from_the_same_points(frame):
    first = frame[frame["epoch"] == 0]
    assert set(first["method"]) == {"sgd", "adam", "damped_newton", "saddle_free_newton"}
    assert (first.groupby("start")[["loss", "gradient_norm", "lowest_eigenvalue"]].nunique() == 1).all(axis=None)
    assert first["loss"].nunique() == 3


def test_the_start_is_the_exact_landscape(frame):
    landscape = saddle_problem.loss(PROBLEM).whole
    theta = saddle_problem.random_starts(PROBLEM, landscape.layout, "optimiser_start", range(3))
    first = frame[(frame["epoch"] == 0) & (frame["method"] == "sgd")]
    np.testing.assert_allclose(first["loss"], landscape.value(theta), rtol=1e-12)
    np.testing.assert_allclose(first["lowest_eigenvalue"], np.linalg.eigvalsh(landscape.hessian(theta))[:, 0], atol=1e-10)


def test_the_best_rate_of_the_grid_stands_in_the_table(frame):
    """Start 1 again, by itself, at the rate that the table names and at all others."""
    loss = saddle_problem.loss(PROBLEM)
    theta = saddle_problem.random_starts(PROBLEM, loss.whole.layout, "optimiser_start", range(3))
    losses = []
    for number, start in enumerate(theta):
        stream = saddle_optimisers.seeds.generator(PROBLEM.seed, "saddles/optimiser_order", PROBLEM.name, number)
        rates = [minibatch_descent.Sgd(saddle_optimisers.RATES["sgd"])]
        *_, last = minibatch_descent.descend(loss.part, 60, start, rates, batch=10, epochs=EPOCHS, stream=stream)
        losses.append(loss.whole.value(last))
    best = np.log(losses).mean(axis=0).argmin()
    mine = frame[(frame["method"] == "sgd") & (frame["epoch"] == EPOCHS)]
    np.testing.assert_allclose(mine["loss"], np.array(losses)[:, best], rtol=1e-12)
    assert set(mine["learning_rate"]) == {saddle_optimisers.RATES["sgd"][best]}


def test_newton_methods_never_raise_the_loss_and_pay_for_their_hessians(frame):
    for name in saddle_optimisers.NEWTON:
        mine = frame[frame["method"] == name]
        assert (mine.groupby("start")["loss"].diff().dropna() <= 0).all()
        parameters = saddle_problem.loss(PROBLEM).whole.n_parameters
        assert (mine["cost"] == mine["epoch"] * (1 + parameters + 4.5)).all()
    assert (frame.loc[frame["method"] == "adam", "cost"] == frame.loc[frame["method"] == "adam", "epoch"]).all()


def test_eigenvalues_are_measured_at_few_epochs_and_at_the_end(frame):
    measured = frame[frame["lowest_eigenvalue"].notna()]
    assert set(measured["epoch"]) <= {*saddle_optimisers.measured(EPOCHS), *frame.groupby(["method", "start"])["epoch"].max()}
    last = frame.groupby(["method", "start"]).tail(1)
    assert last["lowest_eigenvalue"].notna().all()


def test_fewer_starts_are_the_first_of_more(frame):
    """Newton's runs do not depend on what is stacked beside them; rates are chosen over all starts, so SGD's may."""
    fewer = saddle_optimisers.run(PROBLEM.model_copy(update={"starts": 2}), epochs=EPOCHS).to_pandas()
    both = [
        one[one["method"].isin(saddle_optimisers.NEWTON) & (one["start"] < 2)].reset_index(drop=True) for one in (fewer, frame)
    ]
    assert both[0].equals(both[1])


def test_a_diverged_run_is_data(monkeypatch):
    monkeypatch.setattr(saddle_optimisers, "RATES", {"sgd": (1e200,), "adam": (0.01,)})
    table = saddle_optimisers.run(PROBLEM, epochs=11)
    ends = table.to_pandas().groupby("method").tail(1).set_index("method")
    assert ends.loc["sgd", "termination"] == "diverged"
    assert np.isnan(ends.loc["sgd", "lowest_eigenvalue"])
    assert tables.concat([table, table]).num_rows == 2 * table.num_rows
