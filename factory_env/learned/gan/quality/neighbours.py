"""What nearest neighbours say of drawn pictures: density, coverage, memorised share, diversity."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from factory_env.learned.gan.quality.frechet import Cloud

BLOCK = 1000  # rows compared with the whole other cloud at once
Step = Callable[[int], None]  # told how many rows are done


def density_and_coverage(real: Cloud, drawn: Cloud, k: int = 5) -> tuple[float, float]:
    """Fidelity and variety of ``drawn`` against ``real`` (Naeem et al. 2020, section 3).

    Around each real point lies a ball that reaches to its ``k``-th nearest real neighbour. Density
    counts the balls a drawn point lies in, over k: near 1 for equal clouds, above it if drawn
    points crowd where real ones are dense. Coverage is the share of balls with a drawn point:
    1 - 1/2^k = 0.969 for equal clouds.
    """
    centres, points = _tensor(real), _tensor(drawn)
    radius = torch.cat(
        [torch.cdist(rows, centres).kthvalue(k + 1, 1).values for rows in centres.split(BLOCK)]
    )  # the nearest of all is the point itself
    inside = 0
    is_covered = torch.zeros(len(centres), dtype=torch.bool)
    for rows in points.split(BLOCK):
        is_inside = torch.cdist(rows, centres) < radius
        inside += int(is_inside.sum())
        is_covered |= is_inside.any(0)
    return inside / (k * len(points)), float(is_covered.float().mean())


def nearest_distance(
    points: Cloud, others: Cloud, done: Step = lambda rows: None
) -> NDArray[np.float32]:
    """Euclidean distance of each point to the nearest of ``others``, shape (n,)."""
    rest = _tensor(others)
    found = []
    for rows in _tensor(points).split(BLOCK):
        found.append(torch.cdist(rows, rest).amin(1))
        done(len(rows))
    return torch.cat(found).numpy()


def memorised_share(
    drawn_distance: NDArray[np.float32], real_distance: NDArray[np.float32], quantile: float = 0.01
) -> float:
    """Share of drawn pictures nearer to a training picture than real unseen ones hardly ever are.

    Parameters
    ----------
    drawn_distance, real_distance
        Distance to the nearest training picture, of drawn pictures and of real test pictures.
    quantile
        Of the real distances; unseen real pictures would score just this share.
    """
    return float((drawn_distance < np.quantile(real_distance, quantile)).mean())


def diversity(
    cloud: Cloud, category: NDArray[np.int64], rng: np.random.Generator, pairs: int = 2000
) -> dict[int, float]:
    """Mean distance between two pictures of one category, by category."""
    found = {}
    for one in np.unique(category):
        rows = np.flatnonzero(category == one)
        if len(rows) > 1:
            left = rng.integers(len(rows), size=pairs)
            right = (left + rng.integers(1, len(rows), size=pairs)) % len(rows)  # never itself
            gaps = cloud[rows[left]] - cloud[rows[right]]
            found[int(one)] = float(np.linalg.norm(gaps, axis=1).mean())
    return found


def _tensor(cloud: Cloud) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(cloud, dtype=np.float32))
