import numpy as np
import pytest

from stationary.config.minima import MinimaSettings
from stationary.experiments.minima_tables import TEACHER
from stationary.experiments.minima_teacher import run

pytestmark = pytest.mark.tensorflow


def test_some_student_reaches_the_attainable_zero():
    settings = MinimaSettings(student_widths=(3,), teacher_widths=(1,), teacher_problems=2, teacher_starts=4)
    table = run(settings.teacher_conditions(0)["teacher-1-student-3"])
    assert table.schema.equals(TEACHER)
    frame = table.to_pandas()
    assert frame["seed"].tolist() == [0, 1, 2, 3] * 2
    assert (frame.groupby("problem")["relative_loss"].min() < 1e-12).all()
    assert frame["trivial_loss"].nunique() == 2
    ended = frame[frame["termination"] == "converged"]
    assert (ended["gradient_norm"] < 1e-8).all()
    np.testing.assert_allclose(frame["relative_loss"], frame["loss"] / frame["trivial_loss"])


def test_a_narrower_student_stays_above_zero():
    settings = MinimaSettings(student_widths=(1,), teacher_widths=(4,), teacher_problems=1, teacher_starts=4)
    frame = run(settings.teacher_conditions(0)["teacher-4-student-1"]).to_pandas()
    assert (frame["relative_loss"] > 1e-3).all()
