"""Small problems of the saddle experiment: seconds, not minutes."""

from stationary.config.saddles import SaddleSettings

SMALL = SaddleSettings.model_validate(
    {
        "classifiers": ["2x2-2"],
        "classifier_starts": [10],
        "deep": ["autoencoder", "random_labels"],
        "deep_starts": [5, 5],
        "autoencoder_hidden": [2, 3],
        "deep_hidden": [3, 2],
        "linear_inputs": 4,
        "linear_hidden": 2,
        "linear_samples": 200,
        "linear_starts": 20,
        "samples": 40,
        "random_samples": 30,
        "trajectories": 2,
        "newton_mr_iterations": 60,
        "linear_newton_mr_iterations": 200,
        "linear_gradient_norm_iterations": 50,
        "gradient_norm_iterations": 50,
        "damped_newton_iterations": 30,
    }
)
PROBLEMS = SMALL.problems(3)
