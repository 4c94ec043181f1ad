"""Attribute sliders and interpolation in a studio's latent space.

Directions come from a regression of measured attributes on latent vectors: some hundred pictures
of a class are drawn and measured, each attribute is turned into normal scores by its rank among
them, and ridge regression gives one direction an attribute. A slider asks for a rank: complexity
for that in the class, the others for that among the studio's own pictures. The latent vector moves
along the directions of all sliders that are set, the shortest way that satisfies them together,
and is corrected by what the picture then measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.studio import Latents, Studio
from factory_env.styling.measures import measure
from factory_env.styling.reference import COMPLEXITY, Reference, mixed, shipped_reference

Floats = NDArray[np.float64]

SLIDERS: Final = (COMPLEXITY, "length", "width", "brightness", "pattern")
LESSONS: Final = 768  # pictures from which directions are learned
RIDGE: Final = 10.0
CORRECTIONS: Final = 4
STEP: Final = 0.7  # of a correction
EDGE: Final = 0.02  # ranks are kept so far from 0 and 1
LONGEST: Final = 1.25  # a latent vector at most, over the typical length


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """Attribute directions of one class in one studio's latent space."""

    studio: Studio
    category: int
    reference: Reference
    weights: Floats  # (sliders, latent): normal score = weights . z
    known: Floats  # (sliders, lessons) attribute values, sorted
    r2: Mapping[str, float]  # how much of each attribute the latents explain, on held-out lessons

    def ranks(self, pictures: NDArray[np.floating]) -> Floats:
        """Complexity in the class, the rest among the studio's pictures of it, (n, sliders)."""
        values = attributes(pictures, self.category, self.reference)
        n = self.known.shape[1]
        ranks = [np.searchsorted(k, v) / n for k, v in zip(self.known, values, strict=True)]
        own = np.full(len(pictures), self.category)
        ranks[0] = self.reference.rank(COMPLEXITY, values[0], own)
        return np.asarray(np.clip(np.array(ranks).T, 0.0, 1.0))

    def slide(self, z: Latents, wanted: Mapping[str, float]) -> Latents:
        """Latent vectors moved so that their pictures have the ``wanted`` ranks, 0 to 1."""
        if not wanted:
            return z
        rows = [SLIDERS.index(name) for name in wanted]
        target = np.array([_score(rank) for rank in wanted.values()])
        back = np.linalg.pinv(self.weights[rows])  # (latent, sliders)
        moved = np.asarray(z, dtype=np.float64) + (target - z @ self.weights[rows].T) @ back.T
        for _ in range(CORRECTIONS):
            pictures = self.studio.draw(np.full(len(z), self.category), _shortened(moved))
            reached = np.vectorize(_score, otypes=[float])(self.ranks(pictures)[:, rows])
            moved = moved + STEP * (target - reached) @ back.T
        return _shortened(moved)


def directions(
    studio: Studio, category: int, rng: np.random.Generator, reference: Reference | None = None
) -> Directions:
    """Learn the directions of a class."""
    known = reference or shipped_reference()
    z = np.asarray(studio.latents(LESSONS, rng), dtype=np.float64)
    pictures = studio.draw(np.full(LESSONS, category), z.astype(np.float32))
    values = attributes(pictures, category, known)
    order = values.argsort(axis=1).argsort(axis=1)
    score = np.vectorize(_score, otypes=[float])((order + 0.5) / LESSONS)
    taught = np.arange(LESSONS) % 4 != 0
    tried = _ridge(z[taught], score[:, taught].T)
    rest = score[:, ~taught] - (z[~taught] @ tried).T
    explained = 1.0 - (rest**2).mean(axis=1) / score[:, ~taught].var(axis=1)
    return Directions(
        studio=studio,
        category=category,
        reference=known,
        weights=_ridge(z, score.T).T,
        known=np.sort(values, axis=1),
        r2=dict(zip(SLIDERS, explained.tolist(), strict=True)),
    )


def attributes(pictures: NDArray[np.floating], category: int, reference: Reference) -> Floats:
    """What the sliders move, (sliders, n); complexity as the mean rank behind it."""
    measured, own = measure(pictures), np.full(len(pictures), category)
    ranks = {name: reference.rank(name, values, own) for name, values in measured.items()}
    return np.array([mixed(ranks), *(measured[name] for name in SLIDERS[1:])])


def between(first: Latents, last: Latents, steps: int) -> Latents:
    """``steps`` latent vectors from one to another along the great circle, ends included.

    A straight line would pass through shorter vectors than the studio knows.
    """
    share = np.linspace(0.0, 1.0, steps)[:, None]
    lengths = float(np.linalg.norm(first)), float(np.linalg.norm(last))
    cosine = float(first @ last / max(lengths[0] * lengths[1], 1e-9))
    angle = float(np.arccos(np.clip(cosine, -1.0, 1.0)))
    if angle < 1e-3 or np.pi - angle < 1e-3:  # nearly one line: no circle to follow
        return np.asarray((1.0 - share) * first + share * last, dtype=np.float32)
    way = (np.sin((1.0 - share) * angle) * first / lengths[0]) + (
        np.sin(share * angle) * last / lengths[1]
    )
    length = (1.0 - share) * lengths[0] + share * lengths[1]
    return np.asarray(length * way / np.sin(angle), dtype=np.float32)


def _ridge(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y))


def _score(rank: float) -> float:
    return NormalDist().inv_cdf(min(max(rank, EDGE), 1.0 - EDGE))


def _shortened(z: NDArray[np.floating]) -> Latents:
    """No vector longer than the studio has been taught on."""
    length = np.linalg.norm(z, axis=1, keepdims=True)
    most = LONGEST * np.sqrt(z.shape[1])
    return np.asarray(z * np.minimum(1.0, most / np.maximum(length, 1e-9)), dtype=np.float32)
