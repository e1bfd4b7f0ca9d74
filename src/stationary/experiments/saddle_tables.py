"""Columns of the tables about saddle counts."""

import pyarrow as pa

from stationary.tables import Column, schema

_NUMBER, _COUNT, _NAME, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()
_VECTOR = pa.list_(pa.float64())

FILTER = 1e-10
"""Squared gradient norm below which an end point counts as critical (config/claims.yaml)."""

START = (
    Column("problem", _NAME, "name", "Problem, as in the configuration: a landscape."),
    Column("start", _COUNT, "index", "Number of the start within its problem; the same for every finder."),
    Column("source", _NAME, "name", "Where the start was taken: random, sgd or saddle_free."),
    Column("trajectory", _COUNT, "index", "Number of the trajectory of that source; of a random start its own number."),
    Column("noise", _NUMBER, "1", "Standard deviation of the noise added to the trajectory's point; 0 for none."),
)

STARTS = schema(
    (
        *START,
        Column("loss", _NUMBER, "loss", "Loss of the trajectory's point before noise; of a random start its own."),
        Column("theta", _VECTOR, "1", "Start."),
    )
)

RUNS = schema(
    (
        *START,
        Column("kind", _NAME, "name", "linear_autoencoder, classifier, autoencoder or random_labels."),
        Column("finder", _NAME, "name", "newton_mr, damped_newton or gradient_norm."),
        Column("dataset", _NAME, "name", "digits, mnist, fashion_mnist, cifar10, or gaussian for the linear autoencoder."),
        Column("hidden", pa.list_(_COUNT), "units", "Units of the hidden layers."),
        Column("activation", _NAME, "name", "Activation of the hidden units."),
        Column("l2", _NUMBER, "1", "Weight of 1/2 |theta|^2 in the loss."),
        Column("samples", _COUNT, "samples", "Training samples."),
        Column("n_parameters", _COUNT, "parameters", "P."),
        Column("layout", _NAME, "JSON", "Blocks of theta: name, shape, offset; row-major."),
        Column("termination", _NAME, "name", "Why the finder stopped."),
        Column("iterations", _COUNT, "iterations", "Iterations taken."),
        Column("cost", _NUMBER, "gradients", "Gradient-equivalents spent."),
        Column("start_loss", _NUMBER, "loss", "Loss at the start."),
        Column("found_loss", _NUMBER, "loss", "Loss where the finder stopped."),
        Column("found_gradient_norm", _NUMBER, "loss", "2-norm of the gradient there."),
        Column("found_index", _NUMBER, "share", "Share of eigenvalues below the rounding band there; NaN if not finite."),
        Column("filtered", _FLAG, "yes or no", f"Squared gradient norm below {FILTER:g} where the finder stopped."),
        Column("residual", _NUMBER, "1", "r of a MINRES step from there, near 1 at a gradient-flat point."),
        Column("residual_h", _NUMBER, "1", "r_H of the same step."),
        Column("flat", _FLAG, "yes or no", "r > 0.9, r_H < 5e-4 and more than rounding, where the finder stopped."),
        Column("largest_residual", _NUMBER, "1", "Largest r along the run among iterates with r_H < 5e-4."),
        Column("flat_iterates", _COUNT, "iterates", "Gradient-flat iterates among those measured."),
        Column(
            "flat_iterates_lifted",
            _COUNT,
            "iterates",
            "The same by the shortest step instead of MINRES's, whose part along what is left lowers r.",
        ),
        Column("measured", _COUNT, "iterates", "Iterates measured, the first and the last among them."),
        Column("end", _NAME, "name", "critical (filtered), flat, or unconverged."),
        Column("theta", _VECTOR, "1", "End point; of a filtered one after two more Newton steps."),
        Column("loss", _NUMBER, "loss", "Loss at theta."),
        Column("train_error", _NUMBER, "share", "Training samples classified wrongly at theta; NaN without labels."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient at theta."),
        Column("null_band", _NUMBER, "loss", "Half-width of the band inside which an eigenvalue counts as null."),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues below the band; null if theta is not finite."),
        Column("n_null", _COUNT, "eigenvalues", "Eigenvalues inside the band."),
        Column("n_positive", _COUNT, "eigenvalues", "Eigenvalues above the band."),
        Column("undetermined", _FLAG, "yes or no", "Band wider than the median |eigenvalue|: counts say little."),
        Column("index", _NUMBER, "share", "n_negative / P; NaN if theta is not finite."),
        Column("lowest_eigenvalue", _NUMBER, "loss", "Lowest eigenvalue."),
        Column("lowest_tenth", _NUMBER, "loss", "Mean of the lowest tenth of the eigenvalues."),
        Column("eigenvalues", _VECTOR, "loss", "All eigenvalues, ascending; empty if theta is not finite."),
        Column(
            "distinct",
            _COUNT,
            "index",
            "Label of the critical point up to permutations and signs of units, within its problem and "
            "over all finders: the lowest row number of equal ones; null if not filtered.",
        ),
        Column(
            "members",
            _NAME,
            "text",
            "Linear autoencoder: eigenvectors kept, 1 for the largest eigenvalue, e.g. 1,3,7; else empty.",
        ),
        Column("origin", _FLAG, "yes or no", "Filtered, at the origin of a network without biases."),
        Column(
            "expected_loss", _NUMBER, "loss", "Linear autoencoder, filtered: the closed form's loss of these members; else NaN."
        ),
        Column("expected_negative", _COUNT, "eigenvalues", "The same for the negative eigenvalues; else null."),
        Column("expected_null", _COUNT, "eigenvalues", "The same for the null ones; else null."),
    )
)

TRAJECTORIES = schema(
    (
        *START[:2],
        Column("finder", _NAME, "name", "As in the table of runs."),
        Column("iteration", _COUNT, "iterations", "Iteration, 0 at the start."),
        Column("loss", _NUMBER, "loss", "Loss there."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient."),
        Column("residual", _NUMBER, "1", "r of a MINRES step; NaN where not measured or below rounding."),
        Column("residual_h", _NUMBER, "1", "r_H of the same step."),
        Column("flat", _FLAG, "yes or no", "Gradient-flat there; false where not measured."),
    )
)

ANALYTIC = schema(
    (
        Column("members", _NAME, "text", "Eigenvectors kept, as in the table of runs."),
        Column("rank", _COUNT, "eigenvectors", "How many."),
        Column("loss", _NUMBER, "loss", "Loss, from the closed form."),
        Column("n_negative", _COUNT, "eigenvalues", "Negative eigenvalues, from the closed form."),
        Column("n_null", _COUNT, "eigenvalues", "Null eigenvalues, from the closed form."),
        Column("index", _NUMBER, "share", "n_negative / P."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of our gradient at the balanced representative: a check."),
    )
)

OPTIMISERS = schema(
    (
        Column("hidden", _COUNT, "units", "Hidden units."),
        Column("method", _NAME, "name", "sgd, adam, damped_newton or saddle_free_newton."),
        Column("start", _COUNT, "index", "Number of the common start."),
        Column(
            "learning_rate",
            _NUMBER,
            "1",
            "Learning rate, one per method and size, the best of a grid; NaN for methods that search for their steps.",
        ),
        Column("epoch", _COUNT, "epochs", "Passes over the data; iterations for the methods with a Hessian."),
        Column("cost", _NUMBER, "gradients", "Full-data gradient-equivalents spent until there."),
        Column("loss", _NUMBER, "loss", "Training loss, l2 included."),
        Column("train_error", _NUMBER, "share", "Training samples classified wrongly."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient."),
        Column("lowest_eigenvalue", _NUMBER, "loss", "Lowest eigenvalue of the exact Hessian; NaN where not measured."),
        Column("termination", _NAME, "name", "Why the run stopped, the same in all rows of a run."),
    )
)

TOYS = schema(
    (
        Column("function", _NAME, "name", "5x^2 - y^2, monkey_saddle or frye_quartic."),
        Column("method", _NAME, "name", "Optimiser or finder."),
        Column("start", _COUNT, "index", "Number of the common start."),
        Column("iteration", _COUNT, "iterations", "Iteration."),
        Column("x", _NUMBER, "1", "First coordinate."),
        Column("y", _NUMBER, "1", "Second."),
        Column("value", _NUMBER, "1", "Function there."),
        Column("gradient_norm", _NUMBER, "1", "2-norm of the gradient there."),
        Column("termination", _NAME, "name", "Why the run stopped, the same in all rows of a run."),
    )
)

SUMMARY = schema(
    (
        Column("claim", _NAME, "name", "Claim that the statistic serves, as in config/claims.yaml."),
        Column("statistic", _NAME, "name", "What is estimated."),
        Column("problem", _NAME, "name", "Problem, or all."),
        Column("finder", _NAME, "name", "Finder or optimiser, or all."),
        Column("hidden", _COUNT, "units", "Hidden units where rows differ by them, or null."),
        Column("estimate", _NUMBER, "see statistic", "Value of the statistic; NaN if nothing could be counted."),
        Column("ci_low", _NUMBER, "see statistic", "Lower end of the 95 % interval."),
        Column("ci_high", _NUMBER, "see statistic", "Upper end."),
        Column("n", _COUNT, "units", "Units that the statistic rests on."),
        Column("judged", _FLAG, "yes or no", "Whether the claim's rule is judged on this row, or it stands beside."),
    )
)
