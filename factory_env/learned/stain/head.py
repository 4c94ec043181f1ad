"""A light head on the numbers of a picture: least squares with a Gaussian kernel.

Both classes weigh the same, so the threshold for balanced accuracy is a score of 0: nothing is
tuned on pictures that the head has not learned from. A kernel, because stains are of many kinds
and each is far from clean cloth in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

FARTHEST = 4.0  # standard deviations; numbers beyond are cut
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRecipe:
    """Numbers of a head, chosen on the split of seed 0."""

    narrowness: float = 0.3  # of the kernel, by mean squared distance a number
    smoothing: float = 0.1  # share of itself that a picture of mean weight adds to its kernel


@dataclass(frozen=True, slots=True, kw_only=True)
class StainHead:
    """Score of a stain: kernels to the m pictures learned from, weighed, plus an offset."""

    mean: Floats  # (d,)
    scale: Floats  # (d,)
    known: Floats  # (m, d), as `_standard` leaves them
    weight: Floats  # (m,)
    offset: float
    narrowness: float

    def score(self, rows: Floats) -> Floats:
        """Scores (n,) of rows (n, d): about -1 clean, about 1 stained; flagged above 0."""
        kernel = _kernel(_standard(rows, self.mean, self.scale), self.known, self.narrowness)
        return np.asarray(kernel @ self.weight + self.offset)


def fit_head(rows: Floats, is_stained: Bools, recipe: HeadRecipe) -> StainHead:
    """The head for rows (n, d): weighted least squares towards -1 and 1, solved exactly.

    Raises
    ------
    ValueError
        If there is only one class.
    """
    if is_stained.all() or not is_stained.any():
        raise ValueError("needs stained and clean pictures")
    mean, scale = rows.mean(0), rows.std(0) + SMALLEST
    known = _standard(rows, mean, scale)
    count = len(rows)
    share = np.where(is_stained, 0.5 / is_stained.sum(), 0.5 / (~is_stained).sum()) * count
    stiff = _kernel(known, known, recipe.narrowness) + np.diag(recipe.smoothing / share)
    target = np.where(is_stained, 1.0, -1.0)
    solved = np.linalg.solve(stiff, np.column_stack([target, np.ones(count)]))
    offset = float(solved[:, 0].sum() / solved[:, 1].sum())
    return StainHead(
        mean=mean,
        scale=scale,
        known=known,
        narrowness=recipe.narrowness,
        weight=solved[:, 0] - offset * solved[:, 1],
        offset=offset,
    )


def _standard(rows: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.asarray(np.clip((rows - mean) / scale, -FARTHEST, FARTHEST))


def _kernel(rows: Floats, known: Floats, narrowness: float) -> Floats:
    """Likeness (n, m), 1 for equal rows."""
    square = (rows**2).sum(1)[:, None] + (known**2).sum(1) - 2 * rows @ known.T
    return np.asarray(np.exp(-narrowness * np.maximum(square, 0) / rows.shape[1]))
