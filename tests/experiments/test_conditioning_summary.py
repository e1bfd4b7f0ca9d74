import numpy as np
import pytest

from stationary import tables
from stationary.experiments import conditioning_summary
from stationary.experiments.conditioning_tables import TRAINING
from stationary.experiments.newton_tables import TRAJECTORIES
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
    import pyarrow as pa

    defaults = {field.name: "" if pa.types.is_string(field.type) else 0 for field in declared}
    return tables.from_columns({name: [{**defaults, **row}[name] for row in rows] for name in declared.names}, declared)


def _summary(training, trajectories=(), optimisers=()):
    made = _filled(TRAJECTORIES, trajectories), _filled(OPTIMISERS, optimisers)
    return conditioning_summary.summarise(training, *made, seed=0).to_pandas()


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
    frame = _summary(_training(), path, near)
    b7 = frame[frame["claim"] == "B7"]
    judged = b7[b7["judged"]].iloc[0]
    assert (judged["n"], judged["estimate"]) == (2 + 1 + 2, 3 / 5)
    assert set(zip(b7["case"], b7["method"], strict=True)) >= {("newton", "adam"), ("saddles", "sgd"), ("conditioning", "sgd")}
    assert "newton" not in set(b7["method"])
