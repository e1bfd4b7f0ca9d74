"""Columns of the tables about optimisers, traps and widths."""

import pyarrow as pa

from stationary.tables import Column, schema

_NUMBER, _COUNT, _NAME, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()

_LANDSCAPE = Column("landscape", _NAME, "name", "Polynomial, see stationary.landscapes.polynomials.")
_METHOD = Column("method", _NAME, "name", "Optimiser.")
_RATE = Column("learning_rate", _NUMBER, "1", "Constant learning rate; NaN for a method without one.")
_END = Column("termination", _NAME, "name", "Why the run stopped.")
_POINT = Column("critical_point", _COUNT, "index", "Number of the critical point within the tolerance of the end; -1 for none.")

CRITICAL_POINTS = schema(
    (
        _LANDSCAPE,
        Column("number", _COUNT, "index", "Number of the critical point on its landscape, by x, then y."),
        Column("x", _NUMBER, "1", "First coordinate."),
        Column("y", _NUMBER, "1", "Second coordinate."),
        Column("kind", _NAME, "name", "minimum, saddle, maximum, or degenerate (singular Hessian); proved."),
        Column("rational", _FLAG, "yes or no", "Whether both coordinates are rational and the point was checked exactly."),
        Column("value", _NUMBER, "1", "Value there."),
        Column("is_global", _FLAG, "yes or no", "Whether the value is the landscape's lowest; no if that has no lower bound."),
        Column("lowest_eigenvalue", _NUMBER, "1", "Lowest eigenvalue of the Hessian."),
        Column("highest_eigenvalue", _NUMBER, "1", "Highest."),
    )
)

RUNS = schema(
    (
        _LANDSCAPE,
        _METHOD,
        _RATE,
        Column("start", _COUNT, "index", "Number of the start, common to all optimisers."),
        Column("x_start", _NUMBER, "1", "First coordinate of the start."),
        Column("y_start", _NUMBER, "1", "Second."),
        Column("x", _NUMBER, "1", "First coordinate of the end."),
        Column("y", _NUMBER, "1", "Second."),
        Column("value", _NUMBER, "1", "Value at the end."),
        Column("excess", _NUMBER, "1", "Value minus that of the global minimum, over the gap to the next critical value."),
        Column("gradient_norm", _NUMBER, "1", "2-norm of the gradient at the end."),
        _END,
        Column("iterations", _COUNT, "iterations", "Iterations taken."),
        Column("cost", _NUMBER, "gradients", "Gradient-equivalents spent."),
        Column("cost_to_target", _NUMBER, "gradients", "Spent when the excess first fell to the margin; NaN if it never did."),
        _POINT,
        Column(
            "trapped",
            _FLAG,
            "yes or no",
            "Ended at a finite place with an excess above the margin, never having met the target.",
        ),
        Column("at_other_point", _FLAG, "yes or no", "Trapped at a critical point, within the tolerance."),
    )
)

BASINS = schema(
    (
        _LANDSCAPE,
        _METHOD,
        _RATE,
        Column("x_start", _NUMBER, "1", "First coordinate of the start."),
        Column("y_start", _NUMBER, "1", "Second."),
        _POINT,
    )
)

FITS = schema(
    (
        Column("condition", _NAME, "name", "Main regression condition of the Newton experiment."),
        _METHOD,
        _RATE,
        Column("seed", _COUNT, "index", "Replica number of the Newton experiment: fixes start and random target."),
        _END,
        Column("iterations", _COUNT, "iterations", "Iterations taken."),
        Column("cost", _NUMBER, "gradients", "Gradient-equivalents spent."),
        Column("loss", _NUMBER, "loss", "1/2 mean (u - f)^2 at the end."),
        Column("loss_fine", _NUMBER, "loss", "The same on a grid ten times finer."),
        Column("trivial_loss", _NUMBER, "loss", "Loss of the zero function."),
        Column("start_gradient_norm", _NUMBER, "loss", "2-norm of the gradient at the start."),
        Column("gradient_norm", _NUMBER, "loss", "The same at the end."),
        Column("success", _FLAG, "yes or no", "loss and loss_fine at most 1 % of the zero function's."),
    )
)

DIGITS = schema(
    (
        _METHOD,
        _RATE,
        Column("start", _COUNT, "index", "Number of the start, common to all optimisers."),
        _END,
        Column("iterations", _COUNT, "iterations", "Iterations taken."),
        Column("cost", _NUMBER, "gradients", "Gradient-equivalents spent."),
        Column("loss", _NUMBER, "nats", "Mean cross-entropy on the training samples at the end, weight decay included."),
        Column("lowest_loss", _NUMBER, "nats", "Lowest value seen on the way."),
        Column("best_loss", _NUMBER, "nats", "Best known: the lowest value that any run of any optimiser has seen."),
        Column("trivial_loss", _NUMBER, "nats", "Loss where theta is zero."),
        Column("excess", _NUMBER, "1", "Loss minus the best known, over the trivial loss minus the best known."),
        Column("start_gradient_norm", _NUMBER, "nats", "2-norm of the gradient at the start."),
        Column("gradient_norm", _NUMBER, "nats", "The same at the end."),
        Column("train_error", _NUMBER, "share", "Training samples classified wrongly at the end."),
        Column("test_error", _NUMBER, "share", "Samples of the dataset's test part classified wrongly at the end."),
        Column("cost_to_target", _NUMBER, "gradients", "Spent when the excess first fell to the margin; NaN if it never did."),
        Column(
            "trapped",
            _FLAG,
            "yes or no",
            "Ended at a finite place with an excess above the margin, never having met the target.",
        ),
        Column("at_small_gradient", _FLAG, "yes or no", "Trapped where the gradient norm is at most 1e-3 of its start."),
        Column("layout", _NAME, "JSON", "Blocks of theta: name, shape (units, inputs + bias), offset; row-major."),
        Column("theta", pa.list_(_NUMBER), "1", "End point."),
    )
)

WIDTHS = schema(
    (
        Column("target", _NAME, "name", "Function to be fitted; draws of the random one are numbered."),
        Column("width", _COUNT, "units", "Units of the hidden layer."),
        Column("start", _COUNT, "index", "Number of the start, shared by all targets of a width."),
        _END,
        Column("iterations", _COUNT, "iterations", "Iterations of Levenberg-Marquardt."),
        Column("relative_error", _NUMBER, "1", "sqrt(loss / loss of the zero function) on the nodes."),
        Column("relative_error_fine", _NUMBER, "1", "The same on a grid ten times finer."),
    )
)
