"""Splits photographs into parts for cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]


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
