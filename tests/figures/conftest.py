"""Real tables, small: two problems, two targets, a sweep, a few methods that need no TensorFlow."""

import pytest

from stationary import tables as files
from stationary.config.newton import MainSettings, NewtonSettings, SweepSettings
from stationary.experiments import newton

METHODS = ("newton", "newton_cut_1e-10", "newton_loss_search", "saddle_free_newton", "levenberg_marquardt")


@pytest.fixture(scope="session")
def tables():
    settings = NewtonSettings(
        starts=10,
        sweep_starts=3,
        nodes=41,
        max_iterations=30,
        budget=400,
        main=MainSettings(
            hidden=((10,),), problems=("regression", "poisson"), methods=METHODS, pinn_methods=("newton", "saddle_free_newton")
        ),
        sweep=SweepSettings(
            hidden=((10,),),
            widths=(5,),
            depths=(),
            activations=("sine",),
            targets=(),
            output_bias=(True,),
            start_scales=(0.3,),
            methods=METHODS[:2],
            step_rule_methods=METHODS[2:3],
        ),
    )
    parts = [
        newton.run(condition, method=method) for condition in settings.conditions(1).values() for method in condition.methods
    ]
    return {
        "runs": files.concat([part.runs for part in parts]),
        "trajectories": files.concat([part.trajectories for part in parts]),
    }
