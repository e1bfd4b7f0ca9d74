"""Columns of the Newton experiment's tables."""

import pyarrow as pa

from stationary.tables import Column, schema

_NUMBER, _COUNT, _NAME, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()
_VECTOR = pa.list_(pa.float64())

CONDITION = (
    Column("condition", _NAME, "name", "Condition of the run, as in the configuration."),
    Column("family", _NAME, "name", "main: judged by the claims; sweep: one factor changed."),
    Column("problem", _NAME, "name", "regression, poisson (u'' = f) or reaction_diffusion (u'' - c u = f)."),
    Column("method", _NAME, "name", "Optimiser."),
    Column("seed", _COUNT, "index", "Replica number: fixes start and random target, the same for every method."),
)

RUNS = schema(
    (
        *CONDITION,
        Column("step_rule", _NAME, "name", "Rule for the step length."),
        Column("cut", _NUMBER, "1", "Relative eigenvalue cut of the pseudo-inverse; NaN if the method has none."),
        Column("width", _COUNT, "units", "Units of the first hidden layer."),
        Column("depth", _COUNT, "layers", "Number of hidden layers."),
        Column("activation", _NAME, "name", "Activation of the hidden units."),
        Column("output_bias", _FLAG, "yes or no", "Whether the output has a bias."),
        Column("start_scale", _NUMBER, "1", "Factor on the uniform +-1/sqrt(fan_in) start."),
        Column("target", _NAME, "name", "Target or forcing, see docs/numerics.md."),
        Column("target_coefficients", _VECTOR, "1", "Coefficients of a random target; empty otherwise."),
        Column("reaction", _NUMBER, "1", "c in L u = u'' - c u; 0 for regression."),
        Column("nodes", _COUNT, "nodes", "Quadrature nodes on [0, 1], equally spaced, ends included."),
        Column("layout", _NAME, "JSON", "Blocks of theta: name, shape (units, inputs + bias), offset; row-major."),
        Column("theta", _VECTOR, "1", "End point, refined by two Newton steps if it converged."),
        Column("termination", _NAME, "name", "Why the run stopped."),
        Column("iterations", _COUNT, "iterations", "Iterations taken."),
        Column("cost", _NUMBER, "gradients", "Gradient-equivalents spent."),
        Column("loss", _NUMBER, "loss", "1/2 mean (u - f)^2 at theta; L u in place of u for a PINN."),
        Column("loss_fine", _NUMBER, "loss", "The same on a grid ten times finer."),
        Column("trivial_loss", _NUMBER, "loss", "Loss of the zero function, 1/2 mean f^2."),
        Column("best_constant_loss", _NUMBER, "loss", "Lowest loss of a network with constant output."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient at theta."),
        Column("gradient_scale", _NUMBER, "loss", "||J||_F ||f||, which makes the gradient norm dimensionless."),
        Column("output_norm", _NUMBER, "1", "||u|| / ||f||; with an output bias ||u - mean f|| / ||f - mean f||."),
        Column("max_basis_target_product", _NUMBER, "1", "Largest |mean(phi_k f)| over last-layer units; L phi_k for a PINN."),
        Column("cosine_start", _NUMBER, "1", "Largest |cos(phi_k, f)| at the start."),
        Column("cosine_start_centred", _NUMBER, "1", "The same at the start with means removed."),
        Column("cosine_end", _NUMBER, "1", "Largest |cos(phi_k, f)| at theta; units that vanish are left out."),
        Column("cosine_centred", _NUMBER, "1", "The same at theta with means removed; exact constants are left out."),
        Column("saturated_share", _NUMBER, "share", "Share of last-layer units with sd below 1e-3 of their rms."),
        Column("theta_norm", _NUMBER, "1", "2-norm of theta."),
        Column("refinement", _NUMBER, "1", "How far the two Newton steps moved theta; 0 if none was taken."),
        Column("null_band", _NUMBER, "loss", "Half-width of the band inside which an eigenvalue counts as null."),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues below the band; null if the run diverged."),
        Column("n_null", _COUNT, "eigenvalues", "Eigenvalues inside the band."),
        Column("n_positive", _COUNT, "eigenvalues", "Eigenvalues above the band."),
        Column("n_below_1e-3", _COUNT, "eigenvalues", "Eigenvalues below -1e-3, a fixed cut-off of the literature."),
        Column("n_below_1e-5", _COUNT, "eigenvalues", "Eigenvalues below -1e-5, another."),
        Column("lowest_eigenvalue", _NUMBER, "loss", "Lowest eigenvalue of the exact Hessian at theta."),
        Column("eigenvalues", _VECTOR, "loss", "All eigenvalues, ascending; empty if the run diverged."),
        Column("eigenvalue_residual", _NUMBER, "loss", "Largest ||H v - lambda v|| over the eigenpairs."),
        Column("undetermined", _FLAG, "yes or no", "Band wider than the median |eigenvalue|: counts say little."),
        Column("kind", _NAME, "name", "minimum, saddle, flat or undecided if converged, else unconverged."),
        Column("trivial", _FLAG, "yes or no", "Converged with output_norm below 1e-3."),
        Column("at_best_constant", _FLAG, "yes or no", "Converged, not trivial, output within 1e-3 of the best constant's."),
        Column("success", _FLAG, "yes or no", "loss and loss_fine at most 1 % of the zero function's."),
    )
)

TRAJECTORIES = schema(
    (
        *CONDITION,
        Column("iteration", _COUNT, "iterations", "Iteration, 0 at the start."),
        Column("loss", _NUMBER, "loss", "Loss there."),
        Column("relative_loss", _NUMBER, "1", "Loss over that of the zero function."),
        Column("gradient_norm", _NUMBER, "loss", "2-norm of the gradient."),
        Column("step_norm", _NUMBER, "1", "Length of the step about to be taken (of the last one for SciPy and Keras)."),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues below the rounding band; -1 if not decomposed."),
        Column("output_norm", _NUMBER, "1", "||u|| / ||f||."),
        Column("max_basis_target_product", _NUMBER, "1", "Largest |mean(phi_k f)|, as in the table of runs."),
    )
)

LINEAR = schema(
    (
        Column("basis", _NAME, "name", "Family of the linear discretization."),
        Column("size", _COUNT, "functions", "Number of basis functions."),
        Column("target", _NAME, "name", "Function to be fitted."),
        Column("condition_number", _NUMBER, "1", "Condition number of the Hessian."),
        Column("relative_error", _NUMBER, "1", "||u_1 - u*|| / ||u*|| after one Newton step from a random start."),
    )
)

SUMMARY = schema(
    (
        Column("claim", _NAME, "name", "Claim that the statistic serves, as in config/claims.yaml."),
        Column("part", _NAME, "name", "The claim itself; for N6 the claim that is repeated on a PINN, N1 to N4."),
        Column("statistic", _NAME, "name", "What is estimated."),
        Column("problem", _NAME, "name", "Cell: problem, or all."),
        Column("network", _NAME, "name", "Cell: hidden widths, or all."),
        Column("target", _NAME, "name", "Cell: target, or all."),
        Column("method", _NAME, "name", "Optimiser, or all."),
        Column("estimate", _NUMBER, "see statistic", "Value of the statistic; NaN if nothing could be counted."),
        Column("ci_low", _NUMBER, "see statistic", "Lower end of the 95 % interval."),
        Column("ci_high", _NUMBER, "see statistic", "Upper end."),
        Column("n", _COUNT, "units", "Units that the statistic rests on."),
        Column("judged", _FLAG, "yes or no", "Whether the claim's rule is judged on this row, or it stands beside."),
    )
)
