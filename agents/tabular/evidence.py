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
from agents.tabular.values import KEYS, Arrays, Floats

COUNTS, MEANS, SQUARES = "counts", "means", "squares"
LEFT, STAYED = 0, 1  # the other answer was given; the first rule's was


class Evidence:
    """Count, mean and squares of targets, by state, side and action.

    Parameters
    ----------
    least
        Times that both sides must have been seen before a bound is given.
    """

    def __init__(self, actions: int, least: int) -> None:
        self._actions, self._least = actions, least
        self._rows: dict[Key, Floats] = {}  # (3, 2, actions): counts, means, squares

    def note(self, key: Key, answers: Ints, given: int, target: float) -> None:
        """A target came after the answer ``given``; ``answers[0]`` is the first rule's."""
        differs = (answers != answers[0]) & (answers != NO_ANSWER)
        if given == answers[0]:
            side, is_seen = STAYED, differs
        else:
            side, is_seen = LEFT, differs & (answers == given)
        if not is_seen.any():
            return
        row = self._rows.setdefault(key, np.zeros((3, 2, self._actions)))
        counts, means, squares = row[:, side]
        counts[is_seen] += 1.0
        gap = target - means[is_seen]
        means[is_seen] += gap / counts[is_seen]
        squares[is_seen] += gap * (target - means[is_seen])

    def lower_bound(self, key: Key, errors: float) -> Floats:
        """Advantage of each action over the first minus so many standard errors [USD].

        Minus infinity where too little was seen; 0 for the first action itself.
        """
        bound = np.full(self._actions, -np.inf)
        row = self._rows.get(key)
        if row is not None:
            counts, means, squares = row
            is_known = (counts >= max(2, self._least)).all(axis=0)
            n = np.maximum(counts, 2.0)
            error = np.sqrt((squares / (n - 1.0) / n).sum(axis=0))
            bound[is_known] = (means[LEFT] - means[STAYED] - errors * error)[is_known]
        bound[0] = 0.0
        return bound

    def write(self) -> Arrays:
        """Rows in the order of their keys."""
        keys = sorted(self._rows)
        shape = (len(keys), 3, 2, self._actions)
        rows = np.array([self._rows[k] for k in keys]).reshape(shape)
        parts = dict(zip((COUNTS, MEANS, SQUARES), rows.transpose(1, 0, 2, 3), strict=True))
        states = np.array(keys, dtype=np.int64).reshape(len(keys), -1 if keys else 0)
        return {KEYS: states, **{name: np.ascontiguousarray(part) for name, part in parts.items()}}

    def fill(self, arrays: Arrays) -> None:
        """Go on from what `write` gave; raises `ValueError` or `KeyError` if it does not fit."""
        keys = [tuple(int(part) for part in row) for row in arrays[KEYS].tolist()]
        parts = [self._check(arrays[name], len(keys)) for name in (COUNTS, MEANS, SQUARES)]
        rows = np.stack(parts, axis=1)
        self._rows = {key: row.copy() for key, row in zip(keys, rows, strict=True)}

    def _check(self, array: NDArray[np.generic], rows: int) -> Floats:
        numbers = np.array(array, dtype=np.float64)
        if numbers.shape != (rows, 2, self._actions) or not np.isfinite(numbers).all():
            raise ValueError(f"evidence of {self._actions} actions must be there")
        return numbers
