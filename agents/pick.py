"""From an index over waiting orders to an answer: what the rules of the folder end with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def highest(index: NDArray[np.float64]) -> int:
    """The answer that takes the order with the highest index; ties: the one that came first."""
    return int(np.argmax(index)) + 1


def lowest(index: NDArray[np.float64]) -> int:
    """The answer that takes the order with the lowest index; ties: the one that came first."""
    return int(np.argmin(index)) + 1
