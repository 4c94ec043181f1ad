"""Splits photographs into parts for cross-validation, and finds pictures that nearly repeat."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]

SHRUNK_PX = 28
WINDOW = 9  # of the shrunken pictures, over which light is taken out
ALIKE = 0.7  # correlation of shrunken pictures from which two count as one view [assumed]


def split_by_picture(is_stained: Bools, parts: int, seed: int, group: Codes | None = None) -> Codes:
    """Number of the part (n,), 0 to ``parts`` - 1, in which each picture is tested.

    Both classes are dealt out evenly. With ``group`` all pictures of one group come into one part:
    groups are dealt, largest first, to the part that has fewest of their class.
    """
    rng = np.random.default_rng(seed)
    group = np.arange(len(is_stained)) if group is None else group
    part = np.empty(len(is_stained), np.int64)
    for of_class in (False, True):
        members = np.flatnonzero(is_stained == of_class)
        names, size = np.unique(group[members], return_counts=True)
        shuffled = rng.permutation(len(names))
        filled = np.zeros(parts, np.int64)
        for number in shuffled[np.argsort(-size[shuffled], kind="stable")]:
            to = int(filled.argmin())
            part[members[group[members] == names[number]]] = to
            filled[to] += size[number]
    return part


def alike_groups(pictures: NDArray[np.uint8], is_stained: Bools) -> Codes:
    """Group number (n,) of pictures (n, h, w) of a class that a chain of near repeats joins.

    Near repeat: the pictures shrunk to 28 x 28, light taken out, correlate by at least 0.7.
    """
    likeness = likenesses(pictures)
    near = (likeness >= ALIKE) & (is_stained[:, None] == is_stained)
    group = np.arange(len(pictures))
    while True:
        lowest = np.where(near, group[None, :], len(group)).min(1)
        if (lowest == group).all():
            return group
        group = lowest


def likenesses(pictures: NDArray[np.uint8]) -> Floats:
    """Correlation (n, n) of pictures shrunk to 28 x 28, less their local mean: light would make
    any two pictures alike that are dark in the same corner."""
    count, side = len(pictures), pictures.shape[1] // SHRUNK_PX
    cells = (count, SHRUNK_PX, side, SHRUNK_PX, side)
    small = pictures[:, : SHRUNK_PX * side, : SHRUNK_PX * side].reshape(cells).mean((2, 4))
    small = np.log(small + 8)
    flat = (small - ndimage.uniform_filter(small, (0, WINDOW, WINDOW))).reshape(count, -1)
    flat = flat - flat.mean(1, keepdims=True)
    flat = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    return np.asarray(flat @ flat.T)


def neighbour_groups(is_stained: Bools, length: int) -> Codes:
    """Group number (n,) of ``length`` pictures of a class that follow each other: pictures are
    numbered as they were taken, so neighbours often show one cloth."""
    place = np.empty(len(is_stained), np.int64)
    for of_class in (False, True):
        members = np.flatnonzero(is_stained == of_class)
        place[members] = np.arange(len(members)) // length * 2 + of_class
    return place


def balanced_accuracy(flagged: Bools, is_stained: Bools) -> float:
    """Mean of the shares of stained pictures flagged and of clean ones passed."""
    return float((flagged[is_stained].mean() + (~flagged[~is_stained]).mean()) / 2)


def best_threshold(score: Floats, is_stained: Bools) -> float:
    """The score above which to flag, for the best balanced accuracy on these pictures.

    In the middle of the range of thresholds that are equally good.
    """
    levels = np.unique(score)
    between = (levels[1:] + levels[:-1]) / 2
    found = np.array([balanced_accuracy(score > t, is_stained) for t in between])
    good = between[found >= found.max() - 1e-12]
    return float((good[0] + good[-1]) / 2)
