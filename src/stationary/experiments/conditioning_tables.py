"""Columns of the table of measured steps."""

import pyarrow as pa

from stationary.tables import Column, schema

_NAME, _COUNT, _NUMBER = pa.string(), pa.int64(), pa.float64()

TRAINING = schema(
    (
        Column("network", _NAME, "name", "mlp (tanh) or convnet (rectifiers and max pooling)."),
        Column("run", _COUNT, "index", "Number of the run: fixes division of the data, start and order of the samples."),
        Column("step", _COUNT, "steps", "Steps taken before this one."),
        Column("epoch", _NUMBER, "epochs", "The same over the steps of an epoch."),
        Column("rate", _NUMBER, "1", "Learning rate, constant."),
        Column("loss", _NUMBER, "nats", "Mean cross-entropy on the step's own minibatch, before the step."),
        Column("gradient_norm", _NUMBER, "nats", "2-norm of the minibatch's gradient g."),
        Column("mean_gradient_norm", _NUMBER, "nats", "Mean of it over the steps since the last measured one, this included."),
        Column("curvature", _NUMBER, "nats", "g'Hg of the minibatch."),
        Column("predicted_change", _NUMBER, "nats", "-rate g'g + rate^2 / 2 g'Hg, of the minibatch's loss."),
        Column("actual_change", _NUMBER, "nats", "Loss of the same minibatch after the step minus before."),
        Column("train_loss", _NUMBER, "nats", "Mean cross-entropy on the training part."),
        Column("train_gradient_norm", _NUMBER, "nats", "2-norm of its gradient."),
        Column("train_curvature", _NUMBER, "nats", "g'Hg of the training part."),
        Column("validation_loss", _NUMBER, "nats", "Mean cross-entropy on the held-out part."),
        Column("validation_error", _NUMBER, "share", "Held-out samples classified wrongly."),
        Column("path_length", _NUMBER, "1", "Sum of the lengths of all steps so far."),
        Column("distance", _NUMBER, "1", "Distance from the start."),
        Column("distance_to_end", _NUMBER, "1", "Distance to where the run ends."),
        Column("cosine_to_end", _NUMBER, "1", "Cosine between minus the training part's gradient and the way to the end."),
        Column("termination", _NAME, "name", "max_iterations (the length is fixed) or diverged; the same for all of a run."),
    )
)
