"""The socket for observation blocks: what a block says about itself and how it fills its part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a block says that shows a kind of question with a row an answer: how to read its rows.

    An agent that has learned nothing yet prefers the answer with the highest gain.
    """

    gain: Mapping[str, float]  # feature -> weight in what the answer is expected to save
    house: str | None = None  # the feature that marks what the house would do
    shows_order: bool = False  # the block ``orders`` shows the order in question


class Block(Protocol):
    """A named part of the observation."""

    rows: int  # a block is a table of rows x features, laid out flat
    features: tuple[Feature, ...]

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        """Fill ``out``, shape (rows * len(features),), which comes zeroed.

        ``visible`` are the positions of the orders that the agent sees.
        """
        ...


@runtime_checkable
class KindBlock(Block, Protocol):
    """A block about one kind of question; zero where another one is asked."""

    question: type[FloorQuestion]
    options: Options | None  # None = it is not a table of answers
