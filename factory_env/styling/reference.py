"""What is usual in a class of garments: quantiles of every measure over real pictures.

``data/design_reference.csv`` holds them for the 36,000 training pictures of the six sewn classes
of Fashion-MNIST (MIT licence). A rank read off it is the share of the class that has less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import CATEGORIES
from factory_env.library import rows
from factory_env.styling.measures import MEASURES

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

FILE: Final = "design_reference.csv"
SHARES: Final = np.linspace(0.0, 1.0, 41)  # of the class, at which quantiles are kept
COMPLEXITY: Final = "complexity"
WEIGHTS: Final[Mapping[str, float]] = {  # domain reference, section 17 [assumed]
    "edge_density": 0.4,
    "texture_entropy": 0.3,
    "asymmetry": 0.2,
    "fragmentation": 0.1,
}
NAMES: Final = (*MEASURES, COMPLEXITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Means (6, measures) and quantiles (6, measures, 41) by class, measures as in `NAMES`."""

    mean: Floats
    quantiles: Floats

    def rank(self, name: str, values: Floats, category: Ints) -> Floats:
        """Share of its class that has less than each value, shape (n,), 0 to 1."""
        ranks = np.zeros(len(values))
        for number in range(len(CATEGORIES)):
            own = category == number
            if own.any():
                steps = self.quantiles[number, NAMES.index(name)]
                ranks[own] = np.interp(values[own], steps, SHARES)
        return ranks

    def value(self, name: str, ranks: Floats, category: Ints) -> Floats:
        """The value that has each rank in its class, shape (n,)."""
        steps = self.quantiles[category, NAMES.index(name)]
        return np.array([np.interp(r, SHARES, q) for r, q in zip(ranks, steps, strict=True)])

    def mean_of(self, name: str, category: Ints) -> Floats:
        """The class's mean of a measure, shape (n,)."""
        return np.asarray(self.mean[category, NAMES.index(name)])


def mixed(ranks: Mapping[str, Floats]) -> Floats:
    """The weighted ranks of which complexity is the rank in the class."""
    return np.asarray(sum(weight * ranks[name] for name, weight in WEIGHTS.items()))


@cache
def shipped_reference() -> Reference:
    """The reference that ships with the package."""
    table = {(row["category"], row["measure"]): row for row in rows(FILE)}
    by_class = [[table[c, name] for name in NAMES] for c in CATEGORIES]
    steps = [f"q{share * 100:g}" for share in SHARES]
    return Reference(
        mean=np.array([[float(r["mean"]) for r in own] for own in by_class]),
        quantiles=np.array([[[float(r[q]) for q in steps] for r in own] for own in by_class]),
    )
