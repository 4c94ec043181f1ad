"""The socket for observation blocks: what a block says about itself and how it fills its part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion

Row = NDArray[np.float32]
MAX_ORDERS = 32  # waiting orders an agent sees; the most urgent ones if more wait
MAX_LINES = 16
DAY_MIN = 480.0  # shift minutes of a usual day; only a scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One number of an observation."""

    name: str
    unit: str
    low: float
    high: float


class Block(Protocol):
    """A named part of the observation."""

    rows: int  # a block is a table of rows x features, laid out flat
    features: tuple[Feature, ...]

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        """Fill ``out``, shape (rows * len(features),), which comes zeroed.

        ``visible`` are the positions of the orders that the agent sees.
        """
        ...
