"""How unlike two designs are, and what that does to a changeover.

    d       = distance in feature space / twice the season's median for such pairs, at most 1
    setup   x 1 + effect (2 d - 1)        learning kept x 1 - effect (2 d - 1)

Pairs of one product and pairs of two are scaled apart, so that the change table's own figures
remain those of the season's median pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import Style

Floats = NDArray[np.float64]


def pairwise(features: Floats) -> Floats:
    """Euclidean distances between the rows of ``features`` (n, d), shape (n, n)."""
    square = (features**2).sum(axis=1)
    squared = square[:, None] + square[None, :] - 2.0 * features @ features.T
    np.fill_diagonal(squared, 0.0)
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def relative_distance(styles: Sequence[Style]) -> Floats:
    """d of every pair of styles, shape (n, n), 0 to 1; 0.5 where a style has no picture."""
    n = len(styles)
    distance = np.full((n, n), 0.5)
    drawn = [i for i, style in enumerate(styles) if style.design is not None]
    if len(drawn) >= 2:
        rows = [s.design.features for i in drawn if (s := styles[i]).design is not None]
        apart = pairwise(np.array(rows))
        names = np.array([styles[i].product.name for i in drawn])
        same = names[:, None] == names[None, :]
        off = ~np.eye(len(drawn), dtype=np.bool_)
        scaled = np.zeros_like(apart)
        for kind in (same, ~same):
            pairs = apart[kind & off]
            median = float(np.median(pairs)) if pairs.size else 0.0
            scaled = np.where(kind, apart / (2.0 * median) if median > 0.0 else 0.5, scaled)
        distance[np.ix_(drawn, drawn)] = np.clip(scaled, 0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    return distance


def change_factors(styles: Sequence[Style], effect: float) -> tuple[Floats, Floats]:
    """Factors on setup minutes and on the learned share kept, shape (n, n) each.

    1 everywhere for styles without pictures.
    """
    swing = effect * (2.0 * relative_distance(styles) - 1.0)
    has = np.array([style.design is not None for style in styles], dtype=np.bool_)
    swing = np.where(has[:, None] & has[None, :], swing, 0.0)
    np.fill_diagonal(swing, 0.0)  # the same style again is no other design
    return 1.0 + swing, 1.0 - swing
