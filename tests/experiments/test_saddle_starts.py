import numpy as np
import pytest
from tests.saddle_problems import PROBLEMS

from stationary.experiments import saddle_problem, saddle_starts


@pytest.fixture(scope="module")
def starts():
    return saddle_starts.run(PROBLEMS["classifier-2x2-2"]).to_pandas()


def test_starts_come_in_rounds_of_five(starts):
    assert starts["source"].tolist() == ["sgd", "sgd", "saddle_free", "saddle_free", "random"] * 2
    assert (starts["noise"] > 0).tolist() == [False, True, False, True, False] * 2
    assert starts.loc[starts["source"] == "random", "trajectory"].tolist() == [4, 9]


def test_the_loss_is_that_of_the_point_before_noise(starts):
    landscape = saddle_problem.loss(PROBLEMS["classifier-2x2-2"]).whole
    own = landscape.value(np.stack(starts["theta"]))
    plain = (starts["noise"] == 0).to_numpy()
    np.testing.assert_allclose(own[plain], starts["loss"][plain], rtol=1e-12)
    assert (own[~plain] != starts["loss"][~plain]).all()


def test_levels_are_uniform_in_loss_not_in_time():
    """Of a descent that falls at once and then crawls, half of the starts lie in the upper half of the losses."""
    loss = np.concatenate([np.linspace(1.0, 0.1, 20), np.linspace(0.1, 0.0, 400)])[:, None]
    path = saddle_starts._Trajectories(np.arange(420.0).reshape(-1, 1, 1), loss)
    levels = (np.arange(200) + 0.5) / 200
    chosen = np.array([path.at(0, level)[0] for level in levels])
    assert abs((chosen > 0.5).mean() - 0.5) < 0.02


def test_more_starts_leave_the_first_as_they_are(starts):
    more = saddle_starts.run(PROBLEMS["classifier-2x2-2"].model_copy(update={"starts": 15})).to_pandas()
    assert (np.stack(more["theta"][:10]) == np.stack(starts["theta"])).all()
