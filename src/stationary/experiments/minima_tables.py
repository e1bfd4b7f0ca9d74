"""Columns of the tables about minima by width."""

import pyarrow as pa

from stationary.tables import Column, schema

_NUMBER, _COUNT, _NAME, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()
_VECTOR, _SINGLE_VECTOR = pa.list_(pa.float64()), pa.list_(pa.float32())

NETWORK = (
    Column("condition", _NAME, "name", "Condition of the run, as in the configuration."),
    Column("dataset", _NAME, "name", "digits, digits_noise (labels permuted), mnist or fashion_mnist."),
    Column("setting", _NAME, "name", "Named start and length: authors_code, paper, control, tanh_l2 or annealing."),
    Column("method", _NAME, "name", "sgd or annealing."),
    Column("width", _COUNT, "units", "n1, units of the hidden layer."),
    Column("seed", _COUNT, "index", "Number of the network within its condition; with the condition it fixes every draw."),
    Column("order_group", _COUNT, "index", "Networks of one group see the same minibatches in the same order."),
    Column("split", _COUNT, "index", "Random division of the data into training and test half; 0 for the dataset's own."),
)

RUNS = schema(
    (
        *NETWORK,
        Column("n_inputs", _COUNT, "pixels", "Inputs of a network."),
        Column("n_train", _COUNT, "samples", "Samples trained on."),
        Column("n_test", _COUNT, "samples", "Samples tested on."),
        Column("activation", _NAME, "name", "relu or tanh."),
        Column("l2", _NUMBER, "1", "Weight of 1/2 |theta|^2 in the training loss; the losses here leave it out."),
        Column("batch_size", _COUNT, "samples", "Samples per step."),
        Column("epochs", _NUMBER, "epochs", "Passes over the training data; for annealing, evaluations of it."),
        Column("train_loss", _NUMBER, "nats", "Mean cross-entropy on the training data."),
        Column("test_loss", _NUMBER, "nats", "Mean cross-entropy on the test data."),
        Column("test_loss_even", _NUMBER, "nats", "The same on the even half of the (shuffled) test data."),
        Column("test_loss_odd", _NUMBER, "nats", "The same on the odd half."),
        Column("train_error", _NUMBER, "share", "Training samples classified wrongly."),
        Column("test_error", _NUMBER, "share", "Test samples classified wrongly."),
        Column("start_gradient_norm", _NUMBER, "nats", "2-norm of the training loss' gradient at the start, l2 included."),
        Column("gradient_norm", _NUMBER, "nats", "2-norm of the gradient of the training loss, l2 included."),
        Column("accepted", _NUMBER, "share", "Proposals that annealing accepted; null for sgd."),
        Column("termination", _NAME, "name", "max_iterations (the length is fixed) or diverged."),
    )
)

POINTS = schema(
    (
        *NETWORK,
        Column("activation", _NAME, "name", "relu or tanh."),
        Column("l2", _NUMBER, "1", "Weight of 1/2 |theta|^2 in the training loss."),
        Column("layout", _NAME, "JSON", "Blocks of theta: name, shape (units, inputs + bias), offset; row-major."),
        Column("theta", _SINGLE_VECTOR, "1", "End point."),
    )
)

SPECTRA = schema(
    (
        *NETWORK,
        Column("n_parameters", _COUNT, "parameters", "P."),
        Column("gradient_norm", _NUMBER, "nats", "2-norm of the gradient of the training loss in float64."),
        Column("null_band", _NUMBER, "nats", "Rounding band: the point is not critical, no wider band is defined."),
        Column(
            "n_structural", _COUNT, "eigenvalues", "Zeros that need no computation: softmax shift, constant inputs, dead units."
        ),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues below the band."),
        Column("n_null", _COUNT, "eigenvalues", "Eigenvalues inside the band, structural ones included."),
        Column("n_positive", _COUNT, "eigenvalues", "Eigenvalues above the band."),
        Column("n_below_1e-3", _COUNT, "eigenvalues", "Eigenvalues below -1e-3, by exact inertia of H + 1e-3 I."),
        Column("index", _NUMBER, "share", "n_below_1e-3 / P, the normalised index."),
        Column("index_authors", _NUMBER, "share", "n_below_1e-3 / (2 P), as the authors' code divides."),
        Column("lowest_eigenvalue", _NUMBER, "nats", "Lowest eigenvalue of the exact Hessian."),
        Column("highest_eigenvalue", _NUMBER, "nats", "Highest."),
        Column("eigenvalue_residual", _NUMBER, "nats", "Largest ||H v - lambda v|| over the eigenpairs computed."),
        Column("kink_margin", _NUMBER, "1", "Smallest |pre-activation| over units and samples; NaN for a smooth activation."),
        Column(
            "eigenvalues", _VECTOR, "nats", "All eigenvalues, ascending; empty where only counts and extremes were computed."
        ),
    )
)

POLISHED = schema(
    (
        *NETWORK,
        Column("l2", _NUMBER, "1", "Weight of 1/2 |theta|^2."),
        Column("termination", _NAME, "name", "Why polishing stopped."),
        Column("iterations", _COUNT, "iterations", "Steps taken."),
        Column("arrived", _FLAG, "yes or no", "||g||^2 < 1e-20."),
        Column("loss_before", _NUMBER, "nats", "Training loss, l2 included, where SGD ended."),
        Column("loss", _NUMBER, "nats", "The same at the polished point."),
        Column("distance", _NUMBER, "1", "How far polishing moved theta, 2-norm."),
        Column("gradient_norm_before", _NUMBER, "nats", "2-norm of the gradient where SGD ended."),
        Column("gradient_norm", _NUMBER, "nats", "The same at the polished point."),
        Column("n_negative_before", _COUNT, "eigenvalues", "Eigenvalues below the rounding band where SGD ended."),
        Column("null_band", _NUMBER, "nats", "Half-width of the null band at the polished point."),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues below the band at the polished point."),
        Column("n_null", _COUNT, "eigenvalues", "Eigenvalues inside the band."),
        Column("n_positive", _COUNT, "eigenvalues", "Eigenvalues above the band."),
        Column("lowest_eigenvalue", _NUMBER, "nats", "Lowest eigenvalue at the polished point."),
        Column("layout", _NAME, "JSON", "Blocks of theta: name, shape (units, inputs + bias), offset; row-major."),
        Column("theta", _VECTOR, "1", "Polished point."),
    )
)

TEACHER = schema(
    (
        Column("width", _COUNT, "units", "Student's hidden units."),
        Column(
            "teacher_width", _COUNT, "units", "Teacher's hidden units; the attainable loss is zero if not above the student's."
        ),
        Column("seed", _COUNT, "index", "Student's start; teachers and inputs are shared within a problem."),
        Column("problem", _COUNT, "index", "Number of the teacher."),
        Column("termination", _NAME, "name", "Why the float64 finish stopped."),
        Column("iterations", _COUNT, "iterations", "Iterations of the finish."),
        Column("loss", _NUMBER, "loss", "1/2 mean (student - teacher)^2."),
        Column("trivial_loss", _NUMBER, "loss", "The same for the zero function."),
        Column("relative_loss", _NUMBER, "1", "loss / trivial_loss."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient."),
    )
)

SUMMARY = schema(
    (
        Column("claim", _NAME, "name", "Claim that the statistic serves, as in config/claims.yaml."),
        Column("statistic", _NAME, "name", "What is estimated."),
        Column("dataset", _NAME, "name", "Dataset, or all."),
        Column("setting", _NAME, "name", "Setting, or all."),
        Column("width", _COUNT, "units", "Width, or null for a statistic over widths."),
        Column("estimate", _NUMBER, "see statistic", "Value of the statistic; NaN if nothing could be counted."),
        Column("ci_low", _NUMBER, "see statistic", "Lower end of the 95 % interval."),
        Column("ci_high", _NUMBER, "see statistic", "Upper end."),
        Column("n", _COUNT, "units", "Units that the statistic rests on."),
        Column("judged", _FLAG, "yes or no", "Whether the claim's rule is judged on this row, or it stands beside."),
    )
)
