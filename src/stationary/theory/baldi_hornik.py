"""All critical points of two-layer linear regression in closed form.

J(A, B) = w E||y - B A x||^2, A p x d_x, B d_y x p, with covariances S_xx, S_yx, S_yy of the sample and a weight w that only
scales: 1 for a loss summed over outputs, 1/d_y for one averaged over them, n times that for one summed over n samples. With
F = S_yx S_xx^{-1}, Sigma = F S_xy and its eigenvectors u_1, u_2, ... by falling eigenvalue lambda, every critical map is
B A = U_I U_I^T F for an index set I with |I| = m <= p, and every I occurs (Baldi and Hornik 1989):

loss       w (tr S_yy - sum_{i in I} lambda_i)
negative   #{(i, j): i in I, j not in I, lambda_j > lambda_i} + (p - m)(d_y - m)
null       m^2 + (p - m)(d_x - d_y + 2m)

One map is one orbit of GL(p), (A, B) -> (C A, B C^{-1}), where d_x = d_y; where d_x > d_y a map of rank m < p has further
(A, B). Loss and counts are those of the map, eigenvalues are not: along the orbit they shrink with the condition of C.
Valid for d_x >= d_y, S_xx and Sigma of full rank and distinct lambda.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

Array = Any

DISTINCT = 1e-10
"""Smallest gap between eigenvalues, and smallest eigenvalue, that the theory is applied to, relative to the largest."""


@dataclass(frozen=True)
class Match:
    """The critical map nearest to a given one, each array with one row per point.

    Attributes:
        members: which eigenvectors it keeps, boolean [R, d_y].
        distance: ||B A - U_I U_I^T F||_F / ||F||_F, [R].
    """

    members: Array
    distance: Array


@dataclass(frozen=True, eq=False)
class CriticalPoints:
    """The theory of one regression; make it with :func:`critical_points`. Sets I are rows of a boolean array [K, d_y].

    Attributes:
        eigenvalues: lambda, falling, [d_y].
        eigenvectors: u in columns, [d_y, d_y].
        best_map: F, [d_y, d_x].
        total: tr S_yy.
        hidden: p.
        weight: w.
    """

    eigenvalues: Array
    eigenvectors: Array
    best_map: Array
    total: float
    hidden: int
    weight: float

    def sets(self) -> Array:
        """Every index set of up to p members, by size and then in lexical order: boolean [K, d_y]."""
        size = self.eigenvalues.size
        members = np.zeros((count(size, self.hidden), size), dtype=bool)
        row = 0
        for m in range(min(self.hidden, size) + 1):
            chosen = np.array(list(combinations(range(size), m)), dtype=np.intp).reshape(comb(size, m), m)
            np.put_along_axis(members[row : row + chosen.shape[0]], chosen, True, axis=1)
            row += chosen.shape[0]
        return members

    def loss(self, members: Array) -> Array:
        """J at the sets: [K, d_y] -> [K]."""
        return np.asarray(self.weight * (self.total - np.where(members, self.eigenvalues, 0.0).sum(axis=1)))

    def n_negative(self, members: Array) -> Array:
        """Negative eigenvalues of the Hessian: [K, d_y] -> [K]."""
        larger_outside = np.cumsum(~members, axis=1)  # at i: members left out that come before it
        m = members.sum(axis=1)
        return np.asarray(np.where(members, larger_outside, 0).sum(axis=1) + (self.hidden - m) * (members.shape[1] - m))

    def n_null(self, members: Array) -> Array:
        """Zero eigenvalues of the Hessian: [K, d_y] -> [K]."""
        m = members.sum(axis=1)
        outputs, inputs = self.best_map.shape
        return np.asarray(m * m + (self.hidden - m) * (inputs - outputs + 2 * m))

    def maps(self, members: Array) -> Array:
        """U_I U_I^T F: [K, d_y] -> [K, d_y, d_x]."""
        return np.asarray((self.eigenvectors * members[:, None]) @ (self.eigenvectors.T @ self.best_map))

    def representatives(self, members: Array) -> Array:
        """A balanced point (B^T B = A A^T, surplus units zero) per set, A row by row and then B: [K, d_y] -> [K, P]."""
        left, sizes, right = np.linalg.svd(self.maps(members), full_matrices=False)
        kept = np.arange(min(self.hidden, sizes.shape[1]))
        root = np.sqrt(np.where(kept < members.sum(axis=1)[:, None], sizes[:, kept], 0.0))
        outputs, inputs = self.best_map.shape
        encoder = np.zeros((len(members), self.hidden, inputs))
        decoder = np.zeros((len(members), outputs, self.hidden))
        encoder[:, kept] = root[:, :, None] * right[:, kept]
        decoder[:, :, kept] = left[:, :, kept] * root[:, None]
        return np.concatenate([encoder.reshape(len(members), -1), decoder.reshape(len(members), -1)], axis=1)

    def match(self, theta: Array) -> Match:
        """Assign points to index sets by what their map keeps of each eigenvector: [R, P] -> R rows.

        u_i^T B A F^+ u_i is 1 for i in I and 0 for the others. Any point is assigned; how well is the distance.
        """
        theta = np.asarray(theta, dtype=np.float64)
        outputs, inputs = self.best_map.shape
        encoder = theta[:, : self.hidden * inputs].reshape(-1, self.hidden, inputs)
        decoder = theta[:, self.hidden * inputs :].reshape(-1, outputs, self.hidden)
        mapped = decoder @ encoder
        turned = self.eigenvectors.T @ mapped @ (np.linalg.pinv(self.best_map) @ self.eigenvectors)
        members = np.diagonal(turned, axis1=1, axis2=2) > 0.5
        away = np.linalg.norm(mapped - self.maps(members), axis=(1, 2))
        return Match(members, away / np.linalg.norm(self.best_map))


def critical_points(s_xx: Array, s_yx: Array, s_yy: Array, *, hidden: int, weight: float = 1.0) -> CriticalPoints:
    """The theory for the covariances of a sample.

    Args:
        s_xx: [d_x, d_x].
        s_yx: [d_y, d_x].
        s_yy: [d_y, d_y].
        hidden: p, units in the middle.
        weight: w; 1 / d_y for a loss averaged over outputs.

    Raises:
        ValueError: where the theory does not hold: d_x < d_y, a covariance without full rank, or equal eigenvalues.

    The autoencoder 16-4-16 of Frye et al. (2019) with its population covariance, and the range of loss by size of the set:

    >>> s = np.diag(np.arange(1.0, 17.0))
    >>> theory = critical_points(s, s, s, hidden=4, weight=1 / 16)
    >>> sets = theory.sets()
    >>> loss, negative = theory.loss(sets), theory.n_negative(sets)
    >>> len(sets), round(float(loss.min()), 6), round(float(loss.max()), 6)
    (2517, 4.875, 8.5)
    >>> for m in range(5):
    ...     here = sets.sum(axis=1) == m
    ...     index = negative[here] / 128
    ...     row = [loss[here].min(), loss[here].max(), index.min(), index.max(), theory.n_null(sets[here])[0]]
    ...     print(m, here.sum(), *np.round(row, 4))
    0 1 8.5 8.5 0.5 0.5 0.0
    1 16 7.5 8.4375 0.3516 0.4688 7.0
    2 120 6.5625 8.3125 0.2188 0.4375 12.0
    3 560 5.6875 8.125 0.1016 0.4062 15.0
    4 1820 4.875 7.875 0.0 0.375 16.0
    >>> round(float(np.corrcoef(loss, negative)[0, 1]), 4)
    0.9995
    """
    s_xx, s_yx, s_yy = (np.asarray(matrix, dtype=np.float64) for matrix in (s_xx, s_yx, s_yy))
    outputs, inputs = s_yx.shape
    if inputs < outputs:
        raise ValueError(f"the closed form needs at least as many inputs as outputs, got {inputs} and {outputs}")
    spread = np.linalg.eigvalsh(s_xx)
    if spread[0] <= DISTINCT * spread[-1]:
        raise ValueError("the closed form needs inputs of full rank; use more samples or drop constant inputs")
    best = np.linalg.solve(s_xx, s_yx.T).T
    sigma = best @ s_yx.T
    eigenvalues, vectors = np.linalg.eigh(0.5 * (sigma + sigma.T))
    if np.diff(eigenvalues, prepend=0.0).min() <= DISTINCT * eigenvalues[-1]:
        raise ValueError("the closed form needs distinct positive eigenvalues of S_yx S_xx^-1 S_xy; use more samples")
    return CriticalPoints(eigenvalues[::-1], vectors[:, ::-1], best, float(np.trace(s_yy)), hidden, weight)


def count(outputs: int, hidden: int) -> int:
    """Number of critical maps, sum over m <= p of C(d_y, m).

    >>> count(16, 4)
    2517
    """
    return sum(comb(outputs, m) for m in range(min(outputs, hidden) + 1))
