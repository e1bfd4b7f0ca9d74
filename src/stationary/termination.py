"""How a run ends: failure is data, one code per way of ending."""

from enum import StrEnum

AWAY = 1e-3
"""A run whose gradient norm ends above so many times its start stopped away from any critical point (claim B7)."""


class Termination(StrEnum):
    """Why an optimiser or a root finder stopped; written to tables as its value."""

    CONVERGED = "converged"
    GRADIENT_FLAT = "gradient_flat"
    DIVERGED = "diverged"
    AT_INFINITY = "at_infinity"
    MAX_ITERATIONS = "max_iterations"
    LINE_SEARCH_FAILED = "line_search_failed"
    SINGULAR = "singular"

    @property
    def meaning(self) -> str:
        """What happened, in one sentence, and the column to look at next.

        >>> Termination("max_iterations").meaning
        'The budget of iterations or of gradient-equivalents ran out first. Look at gradient_norm and iterations.'
        """
        return _MEANINGS[self]


_MEANINGS = {
    Termination.CONVERGED: "The gradient vanished to tolerance with shrinking steps and bounded theta. "
    "Look at n_negative to see what kind of point it is.",
    Termination.GRADIENT_FLAT: "The gradient lies in the Hessian's null space, so second-order steps see nothing to do "
    "although the gradient is not zero. Look at gradient_norm and n_null.",
    Termination.DIVERGED: "The loss, the gradient or theta stopped being finite. Look at the last steps of the trajectory.",
    Termination.AT_INFINITY: "The gradient fades only because theta or its steps keep growing: a critical point at infinity. "
    "Look at theta_norm and saturated_share.",
    Termination.MAX_ITERATIONS: "The budget of iterations or of gradient-equivalents ran out first. "
    "Look at gradient_norm and iterations.",
    Termination.LINE_SEARCH_FAILED: "No step along the search direction lowered the merit function: the direction ascends or "
    "is nearly null for the Hessian. Look at n_negative and gradient_norm.",
    Termination.SINGULAR: "The linear system for the step could not be solved to any use. Look at n_null and the cut.",
}
