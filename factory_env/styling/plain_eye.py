"""A classifier without a network: coarse greys and measures, and one straight line a class.

Linear discriminant analysis: class means and one covariance for all, shrunk towards its diagonal.
Features are scaled so that the spread inside classes is 1 in every direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import CATEGORIES
from factory_env.domain.studio import Pictures
from factory_env.styling.measures import measure

Floats = NDArray[np.float64]

TILE_PX = 4
RIDGE = 0.05  # share of the diagonal in the covariance
SEEN = ("edge_density", "texture_entropy", "asymmetry", "brightness", "pattern", "width")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEye:
    """Arrays: ``mean`` (k,) and ``whiten`` (k, k) of raw features, ``centre`` (6, k) after them."""

    mean: Floats
    whiten: Floats
    centre: Floats

    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """Scaled features, shape (n, k)."""
        return np.asarray((raw(pictures) - self.mean) @ self.whiten, dtype=np.float32)

    def probabilities(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability of each class under equal spreads, shape (n, 6)."""
        return self.read(pictures)[1]

    def read(self, pictures: Pictures) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Features (n, k) and probabilities (n, 6)."""
        features = self.features(pictures)
        score = -0.5 * ((features[:, None, :] - self.centre[None]) ** 2).sum(axis=2)
        share = np.exp(score - score.max(axis=1, keepdims=True))
        return features, np.asarray(share / share.sum(axis=1, keepdims=True), dtype=np.float32)


def raw(pictures: Pictures) -> Floats:
    """Mean greys of 49 tiles and six measures, shape (n, 55)."""
    n, side = len(pictures), pictures.shape[1] // TILE_PX
    tiles = np.asarray(pictures, dtype=np.float64).reshape(n, side, TILE_PX, side, TILE_PX)
    measured = measure(pictures)
    columns = [measured[name] for name in SEEN]
    return np.column_stack([tiles.mean(axis=(2, 4)).reshape(n, -1), *columns])


def taught(pictures: Pictures, category: NDArray[np.integer]) -> PlainEye:
    """The eye that examples of all six classes teach."""
    rows = raw(pictures)
    means = np.array([rows[category == k].mean(axis=0) for k in range(len(CATEGORIES))])
    rest = rows - means[category]
    spread = rest.T @ rest / len(rows)
    spread = (1.0 - RIDGE) * spread + RIDGE * np.diag(np.diag(spread) + 1e-6)
    values, vectors = np.linalg.eigh(spread)
    whiten = vectors / np.sqrt(np.maximum(values, 1e-9))
    mean = rows.mean(axis=0)
    return PlainEye(mean=mean, whiten=whiten, centre=(means - mean) @ whiten)
