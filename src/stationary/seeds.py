"""Counter-based seeds: a replica's randomness depends on what it is, never on when or where it runs.

Replica i of a condition draws from a Philox stream whose 128-bit key is a hash of (root seed, experiment, condition, i).
Shard size, job order and core count cannot enter. Whatever several runs should share (a start, a random target) is drawn
under strings that leave out what they differ in: all methods start from the same points because the method is not named.

Source: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
"""

import hashlib
import json
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt


def generator(root: int, experiment: str, condition: str, replica: int) -> np.random.Generator:
    """The random stream of one replica.

    Args:
        root: the configuration's root seed, >= 0.
        experiment: what is drawn and for whom, e.g. ``"newton/start"``.
        condition: what the draw may depend on, e.g. ``"10x10-tanh"``.
        replica: the replica's number, >= 0.

    Returns:
        A fresh generator; equal arguments give equal streams on every machine with the same NumPy.

    Raises:
        ValueError: if ``root`` or ``replica`` is negative.

    >>> one, two = (generator(0, "newton/start", "10-tanh", 7).random() for _ in range(2))
    >>> one == two != generator(0, "newton/start", "10-tanh", 8).random()
    True
    """
    if root < 0 or replica < 0:
        raise ValueError(f"root seed and replica count from 0, got {root} and {replica}")
    # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") must not share a stream.
    name = json.dumps([int(root), experiment, condition, int(replica)])
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key))


def stack(
    root: int,
    experiment: str,
    condition: str,
    replicas: Iterable[int],
    draw: Callable[[np.random.Generator], npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64]:
    """Draw once per replica and stack the draws along a leading axis.

    Args:
        root: as in :func:`generator`.
        experiment: likewise.
        condition: likewise.
        replicas: the replicas' numbers, e.g. ``range(100, 200)`` for the second block of a hundred.
        draw: takes a replica's generator, returns an array of a fixed shape S.

    Returns:
        Shape [R, *S]; row r depends on the r-th replica's number alone.

    >>> whole = stack(0, "newton/start", "10-tanh", range(4), lambda stream: stream.uniform(-1, 1, size=3))
    >>> tail = stack(0, "newton/start", "10-tanh", range(2, 4), lambda stream: stream.uniform(-1, 1, size=3))
    >>> bool((whole[2:] == tail).all())
    True
    """
    return np.stack([draw(generator(root, experiment, condition, replica)) for replica in replicas])
