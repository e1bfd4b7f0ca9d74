import numpy as np
import pytest
import scipy.integrate
import scipy.optimize

from stationary import tables
from stationary.datasets import images
from stationary.experiments import traps, traps_cliff, traps_noise, traps_summary
from stationary.experiments.traps_tables import BASINS, MINIMA


@pytest.fixture(scope="module")
def minima():
    return traps.minima(20, 0)


@pytest.mark.parametrize("problem", list(traps.CONSTRUCTED))
def test_scipy_finds_the_same_minima_and_no_other(minima, problem):
    """From random starts near the origin; further out BFGS stops on plateaus."""
    frame = minima.to_pandas()
    known = frame[(frame["problem"] == problem) & (frame["kind"] == "minimum")]
    landscape, draw = traps.unit(problem), np.random.default_rng(0)
    ends = []
    for start in draw.uniform(-3, 3, size=(40, landscape.n_parameters)):
        found = scipy.optimize.minimize(
            lambda t: landscape.value(t[None])[0], start, jac=lambda t: landscape.gradient(t[None])[0], tol=1e-12
        )
        if np.abs(found.jac).max() < 1e-9 and np.abs(found.x).max() < 8 and np.linalg.eigvalsh(found.hess_inv)[-1] < 1e4:
            ends.append(found.fun)
    assert len(known) == 2
    np.testing.assert_allclose(np.unique(np.round(ends, 8)), known["loss"], atol=2e-8)


def test_a_strict_minimum_lies_far_above_the_proved_global_one(minima):
    frame = minima.to_pandas()
    for _, points in frame[frame["problem"] != "random"].groupby("problem"):
        strict = points[points["kind"] == "minimum"]
        assert points["complete"].all()
        assert strict["loss"].min() < points["bound_outside"].iloc[0]
        assert strict["ratio"].max() == pytest.approx(strict["loss"].max() / strict["loss"].min())
        assert (strict["gradient_norm"] < 1e-14).all()


def test_signs_of_the_derivative_count_the_minima_of_random_sets(minima):
    """One weight: between two simple zeros of the derivative its sign changes; a fine grid sees every change."""
    from stationary.landscapes.sigmoid_unit import SigmoidUnit

    frame = minima.to_pandas()
    for _, points in frame[frame["problem"] == "random"].groupby("number"):
        first = points.iloc[0]
        grid = np.linspace(-first["half_width"], first["half_width"], 40_001)
        slope = SigmoidUnit(np.asarray(first["x"])[:, None], np.asarray(first["y"])).gradient(grid[:, None])[:, 0]
        assert int(((slope[:-1] < 0) & (slope[1:] > 0)).sum()) == (points["kind"] == "minimum").sum()


def test_descent_ends_where_an_integrator_of_the_gradient_flow_does(minima):
    found = traps.basins(minima, 5, 5000).to_pandas()
    ends = minima.to_pandas()
    for problem, part in found.groupby("problem"):
        landscape = traps.unit(problem)
        strict = ends[(ends["problem"] == problem) & (ends["kind"] == "minimum")]["theta"]
        arrived = part[(part["end"] >= 0) & (part["weight"].abs() < 3)]
        assert len(arrived)

        def downhill(_, theta, landscape=landscape):
            return -landscape.gradient(theta[None])[0]

        for start in arrived.to_dict("records"):
            theta = np.array([start["weight"], start["bias"]])[: landscape.n_parameters]
            time = start["rate"] * start["steps"]
            flow = scipy.integrate.solve_ivp(downhill, (0, time), theta, method="LSODA")
            assert np.linalg.norm(flow.y[:, -1] - strict.iloc[start["end"]]) < 0.05


def test_cliff_derivative_agrees_with_differences_and_grows_with_time():
    w, step = np.array([0.3, 1.5, 2.05, 2.2, 3.0]), 1e-6
    for steps in (1, 5, 10):
        _, slope = traps_cliff.unrolled(w, steps)
        differences = (traps_cliff.unrolled(w + step, steps)[0] - traps_cliff.unrolled(w - step, steps)[0]) / (2 * step)
        np.testing.assert_allclose(slope, differences, rtol=1e-5, atol=1e-8)
    steepest = traps_cliff.run((10, 20, 30)).to_pandas().groupby("steps")["derivative"].agg(lambda d: d.abs().max())
    growth = traps_cliff.cliff_weight() * (1 - traps_cliff.START**2)
    np.testing.assert_allclose(np.diff(np.log(steepest)), 10 * np.log(growth), rtol=0.05)


def test_noise_has_the_trace_of_sampling_without_replacement():
    """Single samples give the covariance of the gradient; a minibatch has 1 / B of it less the finite-population share."""
    found = traps_noise.run(images.load("digits", side=4), 1, 300, 0).to_pandas()
    assert len(found) == traps_noise.HIDDEN * 17 + 10 * (traps_noise.HIDDEN + 1)
    assert (np.diff(found["eigenvalue"]) <= 0).all()
    one = _trace_of_minibatches(traps_noise.BATCH)
    assert (found["noise"] ** 2).sum() == pytest.approx(one, rel=0.1)


def _trace_of_minibatches(batch):
    from stationary import seeds
    from stationary.landscapes.deep_network import DeepNetwork
    from stationary.landscapes.output_losses import CrossEntropy
    from stationary.methods.minibatch_descent import Sgd, descend

    data = images.load("digits", side=4)
    x, y = data.x_train.astype(float), data.y_train

    def part(rows):
        return DeepNetwork(x[rows], CrossEntropy(y[rows], 10), (traps_noise.HIDDEN,), "tanh")

    first, order = (seeds.generator(0, f"traps/noise/{what}", "digits", 0) for what in ("start", "order"))
    start = np.concatenate([first.uniform(-1, 1, b.size) / np.sqrt(b.shape[1]) for b in part(np.arange(2)).layout])
    *_, theta = descend(part, y.size, start, (Sgd([traps_noise.RATE]),), batch=batch, epochs=1, stream=order)
    single = np.stack([part(np.array([row])).gradient(theta)[0] for row in range(y.size)])
    return single.var(axis=0).sum() / batch * (y.size - batch) / (y.size - 1)


def test_summary_takes_the_worst_strict_minimum_of_the_judged_problem():
    point = {"problem": "weight_and_bias", "number": 0, "x": [1.0], "y": [0.1], "theta": [0.0, 0.0], "complete": True}
    point |= dict.fromkeys(
        ("loss", "gradient_norm", "lowest_eigenvalue", "highest_eigenvalue", "half_width", "bound_outside"), 1.0
    )
    rows = [{**point, "kind": kind, "ratio": ratio} for kind, ratio in (("minimum", 1.0), ("minimum", 3.0), ("saddle", 5.0))]
    rows += [
        {**point, "problem": "random", "number": n, "kind": "minimum", "ratio": r} for n, r in ((0, 1.0), (0, 4.0), (1, 1.0))
    ]
    made = tables.from_columns({name: [row[name] for row in rows] for name in MINIMA.names}, MINIMA)
    frame = traps_summary.summarise(made, tables.empty(BASINS)).to_pandas()
    judged = frame[frame["judged"]].iloc[0]
    assert (judged["estimate"], judged["n"], frame["judged"].sum()) == (3.0, 2, 1)
    assert frame[frame["case"] == "random"]["estimate"].tolist() == [0.5, 0.5]
