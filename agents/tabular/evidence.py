"""Evidence against the first rule: what leaving it has brought, and how sure that is.

Only questions count at which the two answers differ. There, targets after the other answer are set
against targets after the first rule's; a lower bound of the difference of their means says whether
the other is better beyond doubt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.tabular.actions import NO_ANSWER, Ints
from agents.tabular.bins import Key
from agents.tabular.values import KEYS, TINY, Arrays, Floats

WEIGHTS, WEIGHT_SQUARES, MEANS, SQUARES = "weights", "weight_squares", "means", "squares"
PARTS = (WEIGHTS, WEIGHT_SQUARES, MEANS, SQUARES)
LEFT, STAYED = 0, 1  # the other answer was given; the first rule's was


class Evidence:
    """Weighted mean and spread of targets, by state, side and action.

    A target weighs what the action, or the first one, is credited for it: see `student`.

    Parameters
    ----------
    least
        Questions (as many as the weights are worth) on both sides before a bound is given.
    """

    def __init__(self, actions: int, least: float) -> None:
        self._actions, self._least = actions, least
        self._rows: dict[Key, Floats] = {}  # (4, 2, actions): `PARTS`

    def note(self, key: Key, answers: Ints, credit: Floats, target: float) -> None:
        """A target came; ``answers[0]`` is the first rule's, who gave the answer has credit."""
        differs = (answers != answers[0]) & (answers != NO_ANSWER)
        if credit[0] > 0.0:
            side, weight = STAYED, np.where(differs, credit[0], 0.0)
        else:
            side, weight = LEFT, np.where(differs, credit, 0.0)
        if not weight.any():
            return
        row = self._rows.setdefault(key, np.zeros((len(PARTS), 2, self._actions)))
        weights, weight_squares, means, squares = row[:, side]
        weights += weight
        weight_squares += weight**2
        gap = target - means
        means += weight / np.maximum(weights, TINY) * gap
        squares += weight * gap * (target - means)

    def lower_bound(self, key: Key, errors: float) -> Floats:
        """Advantage of each action over the first minus so many standard errors [USD].

        Minus infinity where too little was seen; 0 for the first action itself.
        """
        bound = np.full(self._actions, -np.inf)
        row = self._rows.get(key)
        if row is not None:
            weights, weight_squares, means, squares = row
            n = weights**2 / np.maximum(weight_squares, TINY)  # questions that they are worth
            is_known = (n >= max(2.0, self._least) - 1e-9).all(axis=0)
            variance = squares / np.maximum(weights, TINY) / np.maximum(n - 1.0, TINY)
            gap = means[LEFT] - means[STAYED] - errors * np.sqrt(variance.sum(axis=0))
            bound[is_known] = gap[is_known]
        bound[0] = 0.0
        return bound

    def write(self) -> Arrays:
        """Rows in the order of their keys."""
        keys = sorted(self._rows)
        shape = (len(keys), len(PARTS), 2, self._actions)
        rows = np.array([self._rows[k] for k in keys]).reshape(shape)
        parts = dict(zip(PARTS, rows.transpose(1, 0, 2, 3), strict=True))
        states = np.array(keys, dtype=np.int64).reshape(len(keys), -1 if keys else 0)
        return {KEYS: states, **{name: np.ascontiguousarray(part) for name, part in parts.items()}}

    def fill(self, arrays: Arrays) -> None:
        """Go on from what `write` gave; raises `ValueError` or `KeyError` if it does not fit."""
        keys = [tuple(int(part) for part in row) for row in arrays[KEYS].tolist()]
        parts = [self._check(arrays[name], len(keys)) for name in PARTS]
        rows = np.stack(parts, axis=1)
        self._rows = {key: row.copy() for key, row in zip(keys, rows, strict=True)}

    def _check(self, array: NDArray[np.generic], rows: int) -> Floats:
        numbers = np.array(array, dtype=np.float64)
        if numbers.shape != (rows, 2, self._actions) or not np.isfinite(numbers).all():
            raise ValueError(f"evidence of {self._actions} actions must be there")
        return numbers
