import numpy as np
import pytest

from stationary import tables
from stationary.experiments import conditioning_summary
from stationary.experiments.conditioning_tables import TRAINING
from stationary.experiments.minima_tables import RUNS
from stationary.experiments.newton_tables import TRAJECTORIES
from stationary.experiments.optimizers_tables import DIGITS, FITS
from stationary.experiments.saddle_tables import OPTIMISERS

BLANK = dict.fromkeys(TRAINING.names, 1.0) | {"network": "mlp", "rate": 0.1, "termination": "max_iterations"}


def _training(**columns):
    """Two runs of 100 steps; a column is a function of the step, from 0 to 99."""
    rows = [
        {**BLANK, "run": run, "step": step, **{name: float(make(step)) for name, make in columns.items()}}
        for run in (0, 1)
        for step in range(100)
    ]
    return tables.from_columns({name: [row[name] for row in rows] for name in TRAINING.names}, TRAINING)


def _filled(declared, rows):
    blank = {"string": "", "bool": False, "list<item: double>": []}
    defaults = {field.name: blank.get(str(field.type), 0) for field in declared}
    return tables.from_columns({name: [{**defaults, **row}[name] for row in rows] for name in declared.names}, declared)


OTHERS = {
    "trajectories": TRAJECTORIES,
    "optimisers": OPTIMISERS,
    "minima": RUNS,
    "annealing": RUNS,
    "fits": FITS,
    "digits": DIGITS,
}


def _summary(training, **rows):
    made = {name: _filled(declared, rows.get(name, ())) for name, declared in OTHERS.items()}
    return conditioning_summary.summarise(training=training, **made, seed=0).to_pandas()


def test_prediction_error_is_relative_to_what_happened():
    training = _training(predicted_change=lambda _: -1.1, actual_change=lambda step: -1.0 if step else 0.0)
    frame = _summary(training)
    row = frame[(frame["claim"] == "B1") & frame["judged"]].iloc[0]
    assert (row["estimate"], row["ci_low"], row["n"]) == (pytest.approx(0.1), pytest.approx(0.1), 198)


def test_tenths_are_of_training_and_of_absolute_values():
    training = _training(
        gradient_norm=lambda step: 1 + step,
        curvature=lambda step: -1.0 if step < 50 else 20.0,
        validation_error=lambda step: 0.5 if step < 50 else 0.1,
    )
    frame = _summary(training)
    judged = frame[(frame["claim"] == "B2") & frame["judged"]].set_index("statistic")["estimate"]
    assert len(judged) == 3
    first, last = np.mean(np.arange(10) + 1), np.mean(np.arange(90, 100) + 1)
    assert judged["last over first tenth of training: ||g||"] == pytest.approx(last / first)
    assert judged["last over first tenth of training: |g'Hg|"] == 20.0
    assert judged["last over first tenth of training: validation error"] == pytest.approx(0.2)


def test_first_order_runs_of_all_experiments_are_counted_once():
    path = [{"condition": "c", "method": "adam", "seed": s, "iteration": i, "gradient_norm": norm}
            for s, end in ((0, 1e-4), (1, 0.5)) for i, norm in ((0, 1.0), (7, end))]  # fmt: skip
    path += [{**one, "method": "newton", "gradient_norm": 1e-9} for one in path]
    near = [{"hidden": 2, "method": "sgd", "start": 0, "epoch": e, "gradient_norm": n} for e, n in ((9, 1e-3), (0, 2.0))]
    frame = _summary(_training(), trajectories=path, optimisers=near)
    b7 = frame[frame["claim"] == "B7"]
    judged = b7[b7["judged"]].iloc[0]
    assert (judged["n"], judged["estimate"]) == (2 + 1 + 2, 3 / 5)
    assert set(zip(b7["case"], b7["method"], strict=True)) >= {("newton", "adam"), ("saddles", "sgd"), ("conditioning", "sgd")}
    assert "newton" not in set(b7["method"])


def _end(method, last):
    return {"method": method, "start_gradient_norm": 2.0, "gradient_norm": last}


def test_tables_with_a_row_per_run_are_counted_and_lost_runs_are_away():
    frame = _summary(
        _training(),
        minima=[_end("sgd", 1.0), _end("sgd", 1e-3), _end("sgd", float("nan"))],
        annealing=[_end("annealing", 1.0), _end("sgd", 1.9e-3)],
        fits=[_end("rmsprop", 2.1e-3)],
        digits=[_end("line_search", 2.0), _end("l_bfgs", 2.0)],
    )
    b7 = frame[(frame["claim"] == "B7") & frame["statistic"].str.contains("above 0.001")].set_index(["case", "method"])
    found = {where: (row["estimate"] * row["n"], row["n"]) for where, row in b7.iterrows()}
    assert found == {
        ("all", "all"): (pytest.approx(2 + 2 + 1 + 1), 2 + 3 + 1 + 1 + 1),
        ("conditioning", "sgd"): (2, 2),
        ("minima", "sgd"): (pytest.approx(2), 3),
        ("annealing", "sgd"): (0, 1),
        ("fits", "rmsprop"): (1, 1),
        ("digits", "line_search"): (1, 1),
    }
