"""What is learned: the value of each action in each state, as a table of means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from agents.tabular.bins import Key

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Arrays = Mapping[str, NDArray[np.generic]]
KEYS, VALUES, VISITS = "keys", "values", "visits"
TINY: Final = 1e-12
START_USD: Final = 0.0  # of what was never tried: better than most, so that it is tried


class Values(Protocol):
    """Values of all actions in a state [USD still to be saved]."""

    def read(self, key: Key) -> Floats:
        """Value of each action, shape (actions,)."""

    def learn(self, key: Key, credit: Floats, target: float) -> None:
        """Move values towards a target, each by its credit from 0 to 1."""

    def write(self) -> Arrays:
        """All of it as arrays."""

    def fill(self, arrays: Arrays) -> None:
        """Go on from what `write` gave; raises `ValueError` or `KeyError` if it does not fit."""


class Table:
    """A row for each state that was seen.

    A value is the mean of its targets at first, later an average in which the latest one has the
    weight ``rate``.
    """

    def __init__(self, actions: int, rate: float) -> None:
        self._actions, self._rate = actions, rate
        self._values: dict[Key, Floats] = {}
        self._visits: dict[Key, Floats] = {}
        self._unseen = np.full(actions, START_USD)

    def read(self, key: Key) -> Floats:
        """Value of each action; `START_USD` in a state that was never seen."""
        return self._values.get(key, self._unseen)

    def learn(self, key: Key, credit: Floats, target: float) -> None:
        """Move towards ``target``, the less the more credit there was before."""
        if key not in self._values:
            self._values[key] = self._unseen.copy()
            self._visits[key] = np.zeros(self._actions)
        values, visits = self._values[key], self._visits[key]
        visits += credit
        rate = np.maximum(self._rate, 1.0 / np.maximum(visits, TINY))
        values += np.minimum(1.0, credit * rate) * (target - values)

    def write(self) -> Arrays:
        """Rows in the order of their keys."""
        keys = sorted(self._values)
        return {
            KEYS: np.array(keys, dtype=np.int64).reshape(len(keys), -1 if keys else 0),
            VALUES: np.array([self._values[k] for k in keys]).reshape(-1, self._actions),
            VISITS: np.array([self._visits[k] for k in keys]).reshape(-1, self._actions),
        }

    def fill(self, arrays: Arrays) -> None:
        """Take the rows over."""
        keys = [tuple(int(part) for part in row) for row in arrays[KEYS].tolist()]
        for name, rows in ((VALUES, self._values), (VISITS, self._visits)):
            rows.clear()
            rows.update(zip(keys, check_rows(arrays[name], len(keys), self._actions), strict=True))


def check_rows(array: NDArray[np.generic], rows: int, columns: int) -> Floats:
    """A copy, if it is finite and of that shape.

    Raises
    ------
    ValueError
        If it is not.
    """
    numbers = np.array(array, dtype=np.float64)
    if numbers.shape != (rows, columns) or not np.isfinite(numbers).all():
        raise ValueError(f"{rows} x {columns} finite numbers must be there, not {numbers.shape}")
    return numbers
