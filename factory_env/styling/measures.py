"""Measures a batch of garment pictures: plain image arithmetic, vectorised over pictures.

All functions take pictures (n, 28, 28) with grey values 0 to 1 on a black ground and return (n,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.floating]
Floats = NDArray[np.float64]

CLOTH: Final = 0.1  # grey values above this are cloth
GREYS: Final = 16  # levels of the texture's histogram
# neighbours up, down, left and right; never in another picture
_CROSS = [[False, True, False], [True, True, True], [False, True, False]]
_TOUCHING = np.array([np.zeros((3, 3)), _CROSS, np.zeros((3, 3))], dtype=np.bool_)


def silhouette(pictures: Pictures) -> NDArray[np.bool_]:
    """Which pixels show cloth, shape (n, 28, 28)."""
    return np.asarray(pictures > CLOTH)


def area(pictures: Pictures) -> Floats:
    """Share of the picture that is cloth."""
    return np.asarray(silhouette(pictures).mean(axis=(1, 2)))


def edge_density(pictures: Pictures) -> Floats:
    """Mean steepness of grey over the silhouette: seams, outlines, prints."""
    down = np.zeros(pictures.shape)
    along = np.zeros(pictures.shape)
    down[:, :-1] = np.diff(pictures, axis=1)
    along[:, :, :-1] = np.diff(pictures, axis=2)
    return _inside(np.hypot(down, along), silhouette(pictures))


def texture_entropy(pictures: Pictures) -> Floats:
    """Entropy of the cloth's grey values in 16 levels, 0 (one tone) to 1 (all alike)."""
    n = len(pictures)
    cloth = silhouette(pictures)
    level = np.minimum((pictures * GREYS).astype(np.int64), GREYS - 1)
    cell = (np.arange(n)[:, None, None] * GREYS + level)[cloth]
    counts = np.bincount(cell, minlength=n * GREYS).reshape(n, GREYS)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    bits = -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=1)
    return np.asarray(bits / np.log2(GREYS))


def asymmetry(pictures: Pictures) -> Floats:
    """Difference from the mirror image over twice the grey, 0 to 1."""
    differs = np.abs(pictures - pictures[:, :, ::-1]).sum(axis=(1, 2))
    return np.asarray(differs / np.maximum(2.0 * pictures.sum(axis=(1, 2)), 1e-9))


def fragmentation(pictures: Pictures) -> Floats:
    """Connected patches of the cloth's lighter and of its darker half, per 100 pixels of cloth."""
    from scipy import ndimage  # slow to bring, and no order book needs it

    cloth = silhouette(pictures)
    mean = _inside(pictures, cloth)[:, None, None]
    patches = np.zeros(len(pictures))
    for part in (cloth & (pictures > mean), cloth & (pictures <= mean)):
        labels, _ = ndimage.label(part, structure=_TOUCHING)
        highest = labels.max(axis=(1, 2))  # numbers rise from picture to picture
        before = np.maximum.accumulate(np.concatenate([[0], highest[:-1]]))
        patches += np.maximum(highest - before, 0)
    return np.asarray(100.0 * patches / np.maximum(cloth.sum(axis=(1, 2)), 1))


def length(pictures: Pictures) -> Floats:
    """Rows with cloth over columns with cloth: pictures are scaled to fill their frame."""
    cloth = silhouette(pictures)
    rows, columns = cloth.any(axis=2).sum(axis=1), cloth.any(axis=1).sum(axis=1)
    return np.asarray(rows / np.maximum(columns, 1))


def width(pictures: Pictures) -> Floats:
    """Mean share of a row that lies between its outermost cloth: width and sleeves."""
    cloth = silhouette(pictures)
    side = cloth.shape[2]
    first = np.where(cloth.any(axis=2), cloth.argmax(axis=2), 0)
    last = np.where(cloth.any(axis=2), side - cloth[:, :, ::-1].argmax(axis=2), 0)
    rows = np.maximum(cloth.any(axis=2).sum(axis=1), 1)
    return np.asarray((last - first).sum(axis=1) / rows / side)


def brightness(pictures: Pictures) -> Floats:
    """Mean grey of the cloth."""
    return _inside(pictures, silhouette(pictures))


def pattern(pictures: Pictures) -> Floats:
    """Mean difference of cloth well inside the silhouette from its 3 x 3 surroundings."""
    from scipy import ndimage

    cloth = silhouette(pictures)
    inner = ndimage.binary_erosion(cloth, structure=_TOUCHING)
    rough = np.abs(pictures - ndimage.uniform_filter(pictures, size=(0, 3, 3)))
    return _inside(rough, inner)


def collar(pictures: Pictures) -> Floats:
    """Steepness of grey in the neck: the middle of the upper third."""
    neck = pictures[:, 1:10, 9:19]
    return np.asarray(np.abs(np.diff(neck, axis=1)).mean(axis=(1, 2)))


MEASURES: Final[Mapping[str, Callable[[Pictures], Floats]]] = {
    "area": area,
    "edge_density": edge_density,
    "texture_entropy": texture_entropy,
    "asymmetry": asymmetry,
    "fragmentation": fragmentation,
    "length": length,
    "width": width,
    "brightness": brightness,
    "pattern": pattern,
    "collar": collar,
}


def measure(pictures: Pictures) -> dict[str, Floats]:
    """All measures by name."""
    grey = np.asarray(pictures, dtype=np.float64)
    return {name: rule(grey) for name, rule in MEASURES.items()}


def _inside(values: NDArray[np.floating], where: NDArray[np.bool_]) -> Floats:
    """Mean over the marked pixels of each picture; 0 where none is marked."""
    total = np.where(where, values, 0.0).sum(axis=(1, 2))
    return np.asarray(total / np.maximum(where.sum(axis=(1, 2)), 1))
