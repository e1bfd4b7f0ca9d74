"""Eigenvalues of a stack of Hessians, and their eigenvectors as something to apply, not to look at.

A step needs V^T g and V c, never V. LAPACK's ``dsyevd`` spends more than half of its time on making V out of its three
factors, so they are kept apart: H = Q T Q^T with reflectors Q, T tridiagonal, T = Z diag(lambda) Z^T. Householder's reduction
is the Lanczos process of the first coordinate (Golub & Van Loan 2013, section 10.1): where the Hessian is deficient to
rounding, and those of saturating networks are, T falls apart into a block that holds its range and a rest that is rounding
noise. The rest is set to zero, which is to say that its eigenvalues are taken as zero by the rule of the smallest cut in use,
P eps ||H||, and Z is made for the block alone.

Small matrices go to ``numpy.linalg.eigh`` as one stack, for there a call per replica costs more than V. Either way a replica's
numbers are its own: no product runs over replicas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.linalg import lapack

from stationary import spectra

Array = Any

SMALL = 40
"""Parameters up to which eigenvectors are formed; at 30 both ways cost the same on the machine of benchmarks/README.md."""


@dataclass(frozen=True)
class EigenBasis:
    """H = V diag(eigenvalues) V^T for a stack of R symmetric matrices.

    Attributes:
        eigenvalues: in no order, [R, P]; those of a rest below P eps ||H|| are zero.
        vectors: V, [R, P, P], or the factors of each, R of them.
    """

    eigenvalues: Array
    vectors: Array | list[_Factors]

    def coordinates(self, vectors: Array) -> Array:
        """V^T v: [R, P] -> [R, P]."""
        if not isinstance(self.vectors, list):
            return spectra.rotate(self.vectors, vectors, transpose=True)
        return np.stack([factors.turn(row) for factors, row in zip(self.vectors, vectors, strict=True)])

    def combine(self, coordinates: Array) -> Array:
        """V c for K vectors per matrix: [R, K, P] -> [R, K, P]."""
        if not isinstance(self.vectors, list):
            return np.asarray((self.vectors @ coordinates.swapaxes(1, 2)).swapaxes(1, 2))
        return np.stack([factors.turn_back(rows) for factors, rows in zip(self.vectors, coordinates, strict=True)])

    def take(self, kept: Array) -> EigenBasis:
        """Of the matrices in ``kept`` (mask) only."""
        if isinstance(self.vectors, list):
            vectors: Array | list[_Factors] = [self.vectors[row] for row in np.flatnonzero(kept)]
        else:
            vectors = self.vectors[kept]
        return EigenBasis(self.eigenvalues[kept], vectors)


@dataclass(frozen=True)
class _Factors:
    """V = Q diag(Z, I) of one matrix: reflectors of Q, of which the last may be missing, and Z of the leading block."""

    reflectors: Array
    scales: Array
    block: Array

    def turn(self, vector: Array) -> Array:
        turned, size = vector.copy(), len(self.block)
        if len(self.scales):  # Q leaves the first coordinate alone
            turned[1:] = lapack.dormqr("L", "T", self.reflectors, self.scales, vector[1:, None], lwork=1)[0][:, 0]
        turned[:size] = turned[:size] @ self.block
        return turned

    def turn_back(self, rows: Array) -> Array:
        turned, size = rows.copy(), len(self.block)
        turned[:, :size] = rows[:, :size] @ self.block.T
        if len(self.scales):
            turned[:, 1:] = lapack.dormqr("L", "N", self.reflectors, self.scales, turned[:, 1:].T, lwork=64 * len(rows))[0].T
        return turned


def eigenbasis(hessian: Array) -> EigenBasis:
    """Decompose a stack of finite symmetric matrices, [R, P, P], **which may be overwritten** (a read-only one is copied).

    >>> basis = eigenbasis(np.diag([2.0, -1.0])[None])
    >>> basis.eigenvalues.tolist(), basis.combine(basis.coordinates(np.array([[3.0, 4.0]]))[:, None]).round(12).tolist()
    ([[-1.0, 2.0]], [[[3.0, 4.0]]])
    """
    replicas, parameters = hessian.shape[:2]
    if parameters <= SMALL:
        return EigenBasis(*np.linalg.eigh(hessian))
    own = hessian if hessian.flags.c_contiguous and hessian.flags.writeable else np.array(hessian, order="C")
    diagonal, off = np.empty((replicas, parameters)), np.empty((replicas, parameters - 1))
    scales, workspace = np.empty_like(off), _workspace(parameters)
    for run, matrix in enumerate(own):  # transposed, the same matrix in the order that LAPACK works in
        _, diagonal[run], off[run], scales[run], _ = lapack.dsytrd(matrix.T, lower=1, lwork=workspace, overwrite_a=1)
    eigenvalues, factors = np.zeros((replicas, parameters)), []
    for run, size in enumerate(_range_sizes(diagonal, off).tolist()):
        values, block, failed = lapack.dstevd(diagonal[run, :size], off[run, : max(size - 1, 1)])
        if failed:
            raise np.linalg.LinAlgError(f"LAPACK's dstevd did not converge on a block of {size} of {parameters}")
        eigenvalues[run, :size] = values
        used = min(size, parameters) - 1  # later reflectors turn the rest alone, in which no direction is preferred
        factors.append(_Factors(_reflectors(own[run])[:, :used], scales[run, :used], block))
    return EigenBasis(eigenvalues, factors)


def _reflectors(reduced: Array) -> Array:
    """What ``dsytrd`` left below its subdiagonal, one reflector per column, without a copy: read from the second entry on."""
    parameters = len(reduced)
    return reduced.reshape(-1)[1 : 1 + parameters * (parameters - 1)].reshape(parameters, -1, order="F")


def _range_sizes(diagonal: Array, off: Array) -> Array:
    """Size of each T's leading block outside which all is rounding: off-diagonal entry eps, rest P eps ||H||: [R]."""
    parameters = diagonal.shape[1]
    reach, across = np.abs(diagonal), np.abs(off)
    scale = np.maximum(reach.max(axis=1), across.max(axis=1))[:, None]  # at most ||H||
    reach[:, 1:] += across
    reach[:, :-1] += across  # sums of rows: Gershgorin's bound on the eigenvalues of any trailing block
    negligible = np.logical_and.accumulate((reach <= parameters * spectra.EPS * scale)[:, ::-1], axis=1)[:, ::-1]
    separate = (across <= spectra.EPS * scale) & negligible[:, 1:]
    return np.where(separate.any(axis=1), separate.argmax(axis=1) + 1, parameters)


@lru_cache
def _workspace(size: int) -> int:
    return int(lapack.dsytrd_lwork(size, lower=1)[0])
