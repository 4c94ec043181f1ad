"""Values that are linear in the bins: one weight for each bin of each quantity, and one for all.

One tiling a quantity, so what is learned of a long queue holds whatever the setups are; a table
learns each combination for itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agents.tabular.bins import Key
from agents.tabular.values import Arrays, Floats, check_rows

WEIGHTS = "weights"


class Tiles:
    """Weights of shape (actions, 1 + bins of all quantities).

    Parameters
    ----------
    sizes
        Bins of each quantity.
    rate
        Share of the error that one step takes away.
    """

    def __init__(self, actions: int, sizes: Sequence[int], rate: float) -> None:
        self._first = 1 + np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        self._weights = np.zeros((actions, 1 + sum(sizes)))
        self._step = rate / (1 + len(sizes))

    def read(self, key: Key) -> Floats:
        """Sum of the weights of the bins that the state lies in."""
        active = self._first + np.array(key)
        return np.asarray(self._weights[:, 0] + self._weights[:, active].sum(axis=1))

    def learn(self, key: Key, credit: Floats, target: float) -> None:
        """One semi-gradient step: the target is taken as given."""
        error = credit * (target - self.read(key))
        active = np.concatenate([[0], self._first + np.array(key)])
        self._weights[:, active] += (self._step * error)[:, None]

    def write(self) -> Arrays:
        """The weights."""
        return {WEIGHTS: self._weights.copy()}

    def fill(self, arrays: Arrays) -> None:
        """Take the weights over."""
        self._weights = check_rows(arrays[WEIGHTS], *self._weights.shape)
