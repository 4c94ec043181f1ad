"""Figures of a judge of two classes: ROC curve, its area, calibration; NumPy only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

BINS = 15


def roc_auc(positive: Floats, negative: Floats) -> float:
    """Probability that a positive scores higher than a negative; ties count half.

    >>> roc_auc(np.array([0.9, 0.5]), np.array([0.5, 0.1]))
    0.875
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    at_most = np.searchsorted(ordered, positive, side="right")
    return float((below + at_most).sum() / (2 * len(positive) * len(negative)))


def roc_curve(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """False alarms and hits, as shares, at every score that occurs, from none flagged to all."""
    levels = np.unique(np.concatenate([positive, negative]))[::-1]
    alarms = 1 - np.searchsorted(np.sort(negative), levels, side="left") / len(negative)
    hits = 1 - np.searchsorted(np.sort(positive), levels, side="left") / len(positive)
    return np.concatenate([[0.0], alarms]), np.concatenate([[0.0], hits])


def reliability(probability: Floats, is_true: Bools) -> tuple[Floats, Floats, Floats]:
    """Per bin of equal width that is not empty: mean probability, share that is true, count."""
    number = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(number, minlength=BINS).astype(np.float64)
    said = np.bincount(number, probability, BINS)
    true = np.bincount(number, is_true.astype(np.float64), BINS)
    full = count > 0
    return said[full] / count[full], true[full] / count[full], count[full]


def calibration_error(probability: Floats, is_true: Bools) -> float:
    """Expected calibration error over 15 bins: what was said against what was, by pieces.

    >>> calibration_error(np.array([0.8, 0.8, 0.8, 0.8]), np.array([True, True, True, False]))
    0.05
    """
    said, true, count = reliability(probability, is_true)
    return round(float((np.abs(said - true) * count).sum() / count.sum()), 12)
