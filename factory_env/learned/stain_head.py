"""A light head: logistic regression on the numbers of a picture, both classes weighing the same.

Because of the equal weights the threshold for balanced accuracy is log odds of 0: nothing is
tuned on pictures that the head has not learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

NEWTON_STEPS = 30
SETTLED = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class StainHead:
    """Log odds of a stain: ``(row - mean) / scale @ weight + offset``."""

    mean: Floats  # (d,)
    scale: Floats  # (d,)
    weight: Floats  # (d,)
    offset: float

    def score(self, rows: Floats) -> Floats:
        """Log odds (n,) of rows (n, d); stained where above 0."""
        return np.asarray((rows - self.mean) / self.scale @ self.weight + self.offset)


def fit_head(rows: Floats, is_stained: Bools, penalty: float) -> StainHead:
    """The head that fits rows (n, d) best, with ``penalty`` times the squared weights.

    Loss: mean over classes of the mean cross entropy of a class. Newton's method.

    Raises
    ------
    ValueError
        If there is only one class.
    """
    if is_stained.all() or not is_stained.any():
        raise ValueError("needs stained and clean pictures")
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    x = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    share = np.where(is_stained, 0.5 / is_stained.sum(), 0.5 / (~is_stained).sum())
    ridge = np.full(x.shape[1], 2 * penalty)
    ridge[-1] = 1e-9
    weight = np.zeros(x.shape[1])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ weight, -40, 40)))
        slope = x.T @ (share * (chance - is_stained)) + ridge * weight
        bend = (x.T * (share * chance * (1 - chance))) @ x + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        size = float(np.abs(step).max())
        weight = weight - step / max(1.0, size / 2)  # a long step may overshoot
        if size < SETTLED:
            break
    return StainHead(mean=mean, scale=scale, weight=weight[:-1], offset=float(weight[-1]))
