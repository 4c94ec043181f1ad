"""How new a design is: its nearest existing designs in feature space, and a score from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Existing designs nearest to each of n new ones."""

    nearest: Ints  # (n, k) positions, nearest first
    distance: Floats  # (n, k)
    novelty: Floats  # (n,) share of existing designs that are nearer to their own neighbour


def neighbours(new: NDArray[np.floating], existing: NDArray[np.floating], k: int) -> Neighbours:
    """The ``k`` nearest of ``existing`` (m, d) to each of ``new`` (n, d), and novelty scores.

    A design is as new as its distance to its nearest neighbour is large, measured by the distances
    of existing designs to theirs: 0 = a copy, 1 = farther off than any of them. Needs m >= 2.
    """
    old = np.asarray(existing, dtype=np.float64)
    apart = _distances(np.asarray(new, dtype=np.float64), old)
    order = np.argsort(apart, axis=1, kind="stable")[:, :k]
    among = _distances(old, old)
    np.fill_diagonal(among, np.inf)
    usual = np.sort(among.min(axis=1))
    nearest = np.take_along_axis(apart, order, axis=1)
    score = np.searchsorted(usual, nearest[:, 0] - 1e-9) / len(usual)
    return Neighbours(nearest=order, distance=nearest, novelty=score)


def _distances(a: Floats, b: Floats) -> Floats:
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(square, 0.0)))
