"""Fixed filters that answer to dark and calm spots on fabric: NumPy and SciPy, nothing learned.

A picture becomes a row of numbers: at six scales, how strong the strongest answers are, absolute
and against what is usual in the same picture. A stain is darker than the cloth around it
(difference of Gaussians), hollow in every direction (both curvatures; a wrinkle has one), and oil
drowns the weave (less fine contrast inside).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.floating[Any]]
Map = NDArray[np.float32]

DARKEST = 8.0  # added to grey values: below it there is only noise
SCALES: tuple[tuple[float, int], ...] = (
    (1.0, 1),
    (1.8, 1),
    (3.2, 2),
    (6.0, 4),
    (11.0, 4),
    (18.0, 8),
)
"""Width of the Gaussian in pixels of 224 x 224, and how far the picture is shrunk for it."""

LIGHT_PX = 40  # Gaussian over which the light is taken out
FINE_PX = 2.0  # detail finer than this is the weave
FAINT = 1e-4


def filter_numbers(photos: NDArray[np.uint8]) -> Floats:
    """Numbers (n, 172) of grey photographs (n, h, w), sides in multiples of 8."""
    return np.array([_row(one) for one in photos])


def _row(photo: NDArray[np.uint8]) -> list[float]:
    log = np.log(photo.astype(np.float32) + np.float32(DARKEST))
    light = _gauss(log[::4, ::4], LIGHT_PX / 4).repeat(4, 0).repeat(4, 1)
    even = log - light
    weave = np.abs(even - _gauss(even, FINE_PX))
    numbers: list[float] = []
    for sigma, step in SCALES:
        numbers += _answers(_shrunk(even, step), _shrunk(weave, step), sigma / step, step > 1)
    grey = photo.astype(np.float32) / 255
    return [
        *numbers,
        np.log(weave.mean() + FAINT),
        np.log(even.std() + FAINT),
        float(grey.mean()),
        float(grey.std()),
    ]


def _answers(even: Map, weave: Map, sigma: float, is_coarse: bool) -> list[float]:
    """Of one scale: dark spots, hollows, grooves, bright spots; coarse ones also calm spots."""
    spot = _gauss(even, sigma) - _gauss(even, 2 * sigma)
    hollow, groove = _curvatures(_gauss(even, sigma), sigma)
    usual = _spread(spot), _spread(groove)
    numbers: list[float] = []
    for answer, common in (
        (-spot, usual[0]),
        (hollow, usual[1]),
        (groove, usual[1]),
        (spot, usual[0]),
    ):
        top = np.sort(answer.ravel())[::-1]
        chosen = top[[0, max(3, len(top) // 1000), len(top) // 100]]
        numbers += [*np.log(np.maximum(chosen, FAINT)), *np.log(np.maximum(chosen / common, FAINT))]
    if is_coarse:
        loudness = np.log(weave + np.float32(1e-3))
        calm = _gauss(loudness, 2.5 * sigma) - _gauss(loudness, sigma)
        both = 100 * np.clip(-spot, 0, None) * np.clip(calm, 0, None)
        for answer in (calm, both):
            top = np.sort(answer.ravel())[::-1]
            numbers += list(top[[0, len(top) // 200, len(top) // 50]])
    return numbers


def _curvatures(smooth: Map, sigma: float) -> Iterator[Map]:
    """The smaller and the larger curvature of a map, where positive, free of its scale."""
    down, across = np.gradient(smooth)
    down_down, _ = np.gradient(down)
    across_down, across_across = np.gradient(across)
    middle = (down_down + across_across) / 2
    apart = np.hypot((down_down - across_across) / 2, across_down)
    yield np.clip(middle - apart, 0, None) * sigma**2
    yield np.clip(middle + apart, 0, None) * sigma**2


def _gauss(picture: Map, sigma: float) -> Map:
    return np.asarray(ndimage.gaussian_filter(picture, sigma, truncate=3, mode="nearest"))


def _spread(answer: Map) -> float:
    """A standard deviation that single spots do not move."""
    return float(1.48 * np.median(np.abs(answer - np.median(answer))) + FAINT)


def _shrunk(picture: Map, step: int) -> Map:
    rows, columns = picture.shape[0] // step, picture.shape[1] // step
    parts = picture[: rows * step, : columns * step].reshape(rows, step, columns, step)
    return np.asarray(parts.mean((1, 3)))
