"""Tables of the experiment on symmetries."""

from __future__ import annotations

import pyarrow as pa

from stationary.tables import Column, schema

_NETWORK = Column("network", pa.string(), "name", "Activation and hidden layers.")

MINIMA = schema(
    (
        _NETWORK,
        Column("start", pa.int64(), "number", "Number of the start, from 0."),
        Column("termination", pa.string(), "name", "How descent and polish ended."),
        Column("iterations", pa.int64(), "iterations", "Of both."),
        Column("loss", pa.float64(), "1", "J at the end, weight decay included."),
        Column("relative_loss", pa.float64(), "1", "J over the trivial loss, that of the zero function."),
        Column("gradient_norm", pa.float64(), "1", "2-norm of the gradient there."),
        Column("lowest_eigenvalue", pa.float64(), "1", "Of the exact Hessian there."),
        Column("null_band", pa.float64(), "1", "Half-width of the band around zero that the counts carry."),
        Column("kind", pa.string(), "name", "minimum, flat, saddle or undecided, by the lowest eigenvalue."),
        Column("arrived", pa.bool_(), "yes or no", "A minimum with ||g||^2 below 1e-20."),
        Column(
            "reach", pa.float64(), "1", "||g||^2 / (2 lambda_min) and the loss's rounding: how far J may be from its minimum."
        ),
        Column("label", pa.int64(), "number", "Equal for arrived points that are one modulo permutation and sign; else -1."),
        Column("theta", pa.list_(pa.float64()), "1", "The end point."),
    )
)

ORBITS = schema(
    (
        _NETWORK,
        Column("symmetry", pa.string(), "name", "permutation, sign or rescaling."),
        Column("point", pa.string(), "name", "minimum, random, or end (of a descent, at a kink): what the orbit goes through."),
        Column("number", pa.int64(), "number", "Start of the minimum, or number of the random point."),
        Column("l2", pa.float64(), "1", "Weight decay of the loss that is compared."),
        Column("members", pa.int64(), "points", "Members of the orbit that were evaluated."),
        Column("spread", pa.float64(), "1", "Largest less smallest loss over them, over the trivial loss."),
        Column("scale", pa.float64(), "1", "Largest |log10 alpha| of a rescaling; 0 for the others."),
    )
)

BARRIERS = schema(
    (
        _NETWORK,
        Column("pair", pa.string(), "name", "twin: a minimum and its permuted twin; others: minima of two starts."),
        Column("matched", pa.bool_(), "yes or no", "Whether the units of the second were matched to those of the first."),
        Column("arrived", pa.bool_(), "yes or no", "Whether they are minima; else ends of descents, at kinks."),
        Column("start", pa.int64(), "number", "Start of the first minimum."),
        Column("other", pa.int64(), "number", "Start of the second."),
        Column("difference", pa.float64(), "1", "|J| difference of the ends, over the trivial loss."),
        Column("barrier", pa.float64(), "1", "Largest J on the straight line less the larger end, over the trivial loss."),
        Column("curve", pa.list_(pa.float64()), "1", "J over the trivial loss at equal steps from the first to the second."),
    )
)

ARRANGEMENTS = schema(
    (
        Column("activation", pa.string(), "name", "Of the hidden units."),
        Column("units", pa.int64(), "units", "n, per hidden layer."),
        Column("layers", pa.int64(), "layers", "m, hidden layers."),
        Column("arrangements", pa.int64(), "points", "(n!)^m."),
        Column("distinct", pa.int64(), "points", "Distinct points among the arrangements whose loss is that of the first."),
        Column("spread", pa.float64(), "1", "Largest less smallest loss, over the trivial loss."),
    )
)

TANGENTS = schema(
    (
        _NETWORK,
        Column("point", pa.string(), "name", "zero_loss: the teacher itself; l2_minimum: polished from it with weight decay."),
        Column("teacher", pa.int64(), "number", "Number of the teacher."),
        Column("termination", pa.string(), "name", "How polish ended; converged at the teacher itself."),
        Column("gradient_norm", pa.float64(), "1", "2-norm of the gradient."),
        Column("units", pa.int64(), "units", "Hidden units, dead ones included."),
        Column("null", pa.int64(), "units", "Rank of the scale tangents t with ||H t|| inside the band, 0 for dead units."),
        Column("smallest", pa.float64(), "1", "Smallest ||H t|| / (||H|| ||t||) over the units."),
        Column("largest", pa.float64(), "1", "Largest."),
        Column("lowest_eigenvalue", pa.float64(), "1", "Of the Hessian."),
        Column("null_band", pa.float64(), "1", "10 P eps ||H||, within which an eigenvalue, or ||H t|| / ||t||, is null."),
        Column("margin", pa.float64(), "1", "Smallest |pre-activation| over samples and units: distance from a kink."),
    )
)
