"""Values that are linear in the bins: one weight for each bin of each quantity, and one for all.

One tiling a quantity, so what is learned of a long queue holds whatever the setups are; a table
learns each combination for itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agents.tabular.bins import Key
from agents.tabular.values import TINY, Arrays, Floats, check_rows

WEIGHTS, CREDIT = "weights", "credit"


class Tiles:
    """Weights of shape (actions, 1 + bins of all quantities).

    Parameters
    ----------
    sizes
        Bins of each quantity.
    rate
        Share of the error that one step takes away; more at first, while an action has had little
        credit: else the one that is taken most would look best where everything is worth something.
    """

    def __init__(self, actions: int, sizes: Sequence[int], rate: float) -> None:
        self._first = 1 + np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        self._weights = np.zeros((actions, 1 + sum(sizes)))
        self._credit = np.zeros(actions)  # each action's so far
        self._rate, self._active = rate, 1 + len(sizes)

    def read(self, key: Key) -> Floats:
        """Sum of the weights of the bins that the state lies in."""
        active = self._first + np.array(key)
        return np.asarray(self._weights[:, 0] + self._weights[:, active].sum(axis=1))

    def learn(self, key: Key, credit: Floats, target: float) -> None:
        """One semi-gradient step: the target is taken as given."""
        self._credit += credit
        rate = np.maximum(self._rate, 1.0 / np.maximum(self._credit, TINY))
        error = np.minimum(1.0, credit * rate) * (target - self.read(key))
        active = np.concatenate([[0], self._first + np.array(key)])
        self._weights[:, active] += (error / self._active)[:, None]

    def write(self) -> Arrays:
        """The weights, and the credit of each action."""
        return {WEIGHTS: self._weights.copy(), CREDIT: self._credit[None].copy()}

    def fill(self, arrays: Arrays) -> None:
        """Take them over."""
        self._credit = check_rows(arrays[CREDIT], 1, len(self._credit))[0]
        self._weights = check_rows(arrays[WEIGHTS], *self._weights.shape)
