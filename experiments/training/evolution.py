"""Evolution strategy with covariance adaptation: a search where gradients tell nothing.

Demand is charged by the highest slot of a month, so noise on single actions only shows how dear
noise is; here whole runs are played with one set of numbers each, and the better half of the
proposals moves the mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LARGEST_STEP: Final = 0.3  # of the unit cube's side


class Evolution:
    """CMA-ES in the unit cube (Hansen, The CMA evolution strategy: a tutorial, 2016).

    Parameters
    ----------
    mean
        Where to start, (n,).
    step
        Standard deviation of the first proposals, a share of the cube's side.
    population
        Proposals of a generation, at least 4.
    """

    def __init__(self, mean: Floats, step: float, population: int, seed: int) -> None:
        self.mean, self.step = mean.copy(), step
        self._rng, self._size, n = np.random.default_rng(seed), population, len(mean)
        half = population // 2
        weights = np.log(half + 0.5) - np.log(np.arange(1, half + 1))
        self._weights = weights / weights.sum()
        self._mass = 1.0 / float((self._weights**2).sum())
        self._cov, self._path, self._step_path = np.eye(n), np.zeros(n), np.zeros(n)
        self._length = np.sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n))
        self.generation = 0

    def advance(self, cost: Callable[[Floats], float]) -> float:
        """One generation; the mean cost of its proposals."""
        values, basis = np.linalg.eigh(self._cov)
        spread = np.sqrt(np.maximum(values, 1e-12))
        moves = (self._rng.standard_normal((self._size, len(self.mean))) * spread) @ basis.T
        costs = np.array([cost(self.mean + self.step * move) for move in moves])
        better = moves[np.argsort(costs, kind="stable")[: len(self._weights)]]
        move = self._weights @ better
        self.generation += 1
        self.mean = np.clip(self.mean + self.step * move, 0.0, 1.0)
        self._adapt(better, move, basis @ ((basis.T @ move) / spread))
        return float(costs.mean())

    def _adapt(self, better: Floats, move: Floats, white: Floats) -> None:
        """Learn shape and size of the next proposals from the moves that paid."""
        n, mass = len(self.mean), self._mass
        keep_step = (mass + 2.0) / (n + mass + 5.0)
        keep = (4.0 + mass / n) / (n + 4.0 + 2.0 * mass / n)
        rank_1 = 2.0 / ((n + 1.3) ** 2 + mass)
        rank_mu = min(1.0 - rank_1, 2.0 * (mass - 2.0 + 1.0 / mass) / ((n + 2.0) ** 2 + mass))
        self._step_path *= 1.0 - keep_step
        self._step_path += np.sqrt(keep_step * (2.0 - keep_step) * mass) * white
        self._path = (1.0 - keep) * self._path + np.sqrt(keep * (2.0 - keep) * mass) * move
        self._cov = (
            (1.0 - rank_1 - rank_mu) * self._cov
            + rank_1 * np.outer(self._path, self._path)
            + rank_mu * (better.T * self._weights) @ better
        )
        growth = float(np.linalg.norm(self._step_path)) / self._length - 1.0
        factor = float(np.exp(keep_step / (1.0 + keep_step) * growth))
        self.step = min(LARGEST_STEP, self.step * factor)
