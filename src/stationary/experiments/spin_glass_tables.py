"""Columns of the spin glass's tables. Energies are per spin throughout: L / size."""

import pyarrow as pa

from stationary.tables import Column, schema

_NUMBER, _COUNT, _NAME, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()
_VECTOR = pa.list_(pa.float64())

DRAW = (
    Column("p", _COUNT, "spins", "Number of spins that interact."),
    Column("size", _COUNT, "spins", "N, number of spins; the sphere has |w|^2 = N."),
    Column("draw", _COUNT, "index", "Number of the draw of couplings."),
)

DESCENTS = schema(
    (
        *DRAW,
        Column("start", _COUNT, "index", "Number of the random start within its draw."),
        Column("start_energy", _NUMBER, "energy", "Energy at the start."),
        Column("energy", _NUMBER, "energy", "Energy at the end."),
        Column("gradient_norm", _NUMBER, "energy", "|grad L| / sqrt(N), the Riemannian gradient per spin."),
        Column("iterations", _COUNT, "iterations", "Descent steps before the polish."),
        Column("polish_iterations", _COUNT, "iterations", "Newton steps in float64."),
        Column("largest_rise", _NUMBER, "energy", "Largest energy increase in one step; rounding if the descent was monotone."),
        Column("termination", _NAME, "name", "Why the run stopped."),
        Column("n_negative", _COUNT, "eigenvalues", "Eigenvalues of the Riemannian Hessian below the null band."),
        Column("n_null", _COUNT, "eigenvalues", "Eigenvalues inside the band."),
        Column("null_band", _NUMBER, "energy", "Half-width of the band."),
        Column("lowest_eigenvalue", _NUMBER, "energy", "Lowest eigenvalue on the tangent space."),
        Column("highest_eigenvalue", _NUMBER, "energy", "Highest."),
        Column("eigenvalues", _VECTOR, "energy", "All N - 1 of them, ascending, for the first starts of a draw; else empty."),
    )
)

CRITICAL_POINTS = schema(
    (
        *DRAW,
        Column("energy", _NUMBER, "energy", "Energy."),
        Column("index", _COUNT, "eigenvalues", "Negative eigenvalues of the Riemannian Hessian."),
        Column("gradient_norm", _NUMBER, "energy", "|grad L| / sqrt(N)."),
        Column("lowest_magnitude", _NUMBER, "energy", "Smallest |eigenvalue| on the tangent space."),
        Column("alpha", _NUMBER, "1", "Upper bound on Smale's alpha, in ball arithmetic; infinite where there is none."),
        Column("beta", _NUMBER, "1", "Upper bound on Smale's beta, in ball arithmetic: a certified zero is within 2 beta."),
        Column(
            "certified",
            _FLAG,
            "yes or no",
            "Proved in ball arithmetic for the couplings in float64: a critical point is within 2 beta, it has this index, and "
            "no other row of the draw is near the same one. A twin is certified by symmetry.",
        ),
        Column("twin", _FLAG, "yes or no", "Whether the row is the antipode -w of a point found, not found itself."),
        Column("point", _VECTOR, "1", "w, |w|^2 = N."),
    )
)

SEARCH = schema(
    (
        *DRAW,
        Column("method", _NAME, "name", "How the draw was searched: homotopy (all complex classes) or newton (random starts)."),
        Column("starts", _COUNT, "starts", "Paths or starts."),
        Column("complex_classes", _COUNT, "classes", "Distinct complex classes found; -1 if not searched over C."),
        Column("expected_classes", _COUNT, "classes", "((p - 1)^N - 1) / (p - 2)."),
        Column("real_pairs", _COUNT, "pairs", "Distinct real pairs +-w found."),
        Column("hits_once", _COUNT, "pairs", "Real pairs hit exactly once; -1 for a homotopy."),
        Column("hits_twice", _COUNT, "pairs", "Real pairs hit exactly twice; -1 for a homotopy."),
        Column("chao1", _NUMBER, "pairs", "Chao's lower bound on the number of pairs from the hits; NaN for a homotopy."),
        Column("parity", _FLAG, "yes or no", "Whether expected classes less real pairs is even: the rest are conjugate."),
        Column("euler_sum", _COUNT, "1", "Sum of (-1)^index over all points: 2 for odd N, 0 for even N."),
        Column(
            "complete",
            _FLAG,
            "yes or no",
            "All classes (told apart in float64), parity, Euler sum, every real point certified.",
        ),
        Column(
            "newton_pairs", _COUNT, "pairs", "Pairs that Newton from random starts found in the same draw; -1 if not tried."
        ),
    )
)

COMPLEXITY = schema(
    (
        Column("p", _COUNT, "spins", "Number of spins that interact."),
        Column(
            "kind", _NAME, "name", "theta (all indices), theta_k (one index), e_k (threshold), count, below (up to u) or sharp."
        ),
        Column("k", _COUNT, "index", "Index; -1 for all."),
        Column("size", _COUNT, "spins", "N; 0 for the limit."),
        Column("u", _NUMBER, "energy", "Energy per spin; for a count the exact mean over the points counted, or NaN."),
        Column("theta", _NUMBER, "nats per spin", "Complexity; NaN for a count."),
        Column("expected_count", _NUMBER, "points", "Exact mean number of critical points; NaN for a curve."),
        Column("standard_error", _NUMBER, "points", "Error of expected_count: 0, for it is by quadrature; NaN for a curve."),
    )
)

SUMMARY = schema(
    (
        Column("claim", _NAME, "name", "Claim that the statistic serves, as in config/claims.yaml."),
        Column("statistic", _NAME, "name", "What is estimated."),
        Column("p", _COUNT, "spins", "Number of spins that interact; null where it does not apply."),
        Column("size", _COUNT, "spins", "N, or null for a statistic over sizes."),
        Column("index", _COUNT, "index", "Index of the critical points counted, or null."),
        Column("estimate", _NUMBER, "see statistic", "Value of the statistic; NaN if nothing could be counted."),
        Column("ci_low", _NUMBER, "see statistic", "Lower end of the 95 % interval."),
        Column("ci_high", _NUMBER, "see statistic", "Upper end."),
        Column("n", _COUNT, "units", "Units that the statistic rests on."),
        Column("judged", _FLAG, "yes or no", "Whether the claim's rule is judged on this row, or it stands beside."),
    )
)
