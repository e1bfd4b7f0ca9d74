"""Columns of the tables about traps."""

import pyarrow as pa

from stationary.tables import Column, schema

_NAME, _COUNT, _NUMBER, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_VECTOR = pa.list_(_NUMBER)

MINIMA = schema(
    (
        Column("problem", _NAME, "name", "one_weight, weight_and_bias (constructed) or random."),
        Column("number", _COUNT, "index", "Number of the random data set; 0 for a constructed one."),
        Column("x", _VECTOR, "1", "Inputs of the samples; with a bias each sample has a 1 beside it."),
        Column("y", _VECTOR, "1", "Targets."),
        Column("theta", _VECTOR, "1", "Critical point: weight, and bias if there is one."),
        Column("loss", _NUMBER, "1", "Mean squared residual there."),
        Column("ratio", _NUMBER, "1", "loss over that of the data set's lowest minimum; NaN if that is not the global one."),
        Column("gradient_norm", _NUMBER, "1", "2-norm of the gradient there."),
        Column("lowest_eigenvalue", _NUMBER, "1", "Lowest eigenvalue of the Hessian there."),
        Column("highest_eigenvalue", _NUMBER, "1", "Highest."),
        Column("kind", _NAME, "name", "minimum, saddle or maximum; flat if an eigenvalue is within 1e-10 of zero."),
        Column("half_width", _NUMBER, "1", "Of the box about the origin that was searched."),
        Column("complete", _FLAG, "yes or no", "Whether the box is proved to hold no other critical point."),
        Column("bound_outside", _NUMBER, "1", "The loss is nowhere lower beyond half_width from the origin."),
    )
)

BASINS = schema(
    (
        Column("problem", _NAME, "name", "one_weight or weight_and_bias."),
        Column("weight", _NUMBER, "1", "Start of gradient descent."),
        Column("bias", _NUMBER, "1", "Likewise; 0 where there is none."),
        Column("loss", _NUMBER, "1", "Loss at the start."),
        Column("end", _COUNT, "index", "Minimum that descent comes to, by ascending loss; -1 if to none within the steps."),
        Column("end_loss", _NUMBER, "1", "Loss where descent stopped."),
        Column("steps", _COUNT, "steps", "Steps taken."),
        Column("rate", _NUMBER, "1", "Step length over gradient."),
    )
)

CLIFF = schema(
    (
        Column("steps", _COUNT, "steps", "Time steps T of the recurrent unit."),
        Column("w", _NUMBER, "1", "Recurrent weight."),
        Column("state", _NUMBER, "1", "h after T steps."),
        Column("loss", _NUMBER, "1", "(h - target)^2 / 2."),
        Column("derivative", _NUMBER, "1", "Of the loss in w."),
    )
)

NOISE = schema(
    (
        Column("rank", _COUNT, "index", "Rank of the eigenvalue, the highest first."),
        Column("eigenvalue", _NUMBER, "nats", "Of the Hessian of the training loss where descent stopped."),
        Column("gradient", _NUMBER, "nats", "Component of the whole gradient along the eigenvector."),
        Column("noise", _NUMBER, "nats", "Root mean square over minibatches of their component less the whole gradient's."),
        Column("batch_size", _COUNT, "samples", "Samples of a minibatch."),
        Column("batches", _COUNT, "minibatches", "How many were measured."),
    )
)
