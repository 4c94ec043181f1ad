"""The two sockets for learned stations: who draws designs, and who judges pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.market import Market
from factory_env.domain.product import Product, Style
from factory_env.domain.studio import Studio

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]


class DesignSource(Protocol):
    """Draws the styles of a season."""

    def collection(
        self, products: Sequence[Product], rng: np.random.Generator
    ) -> tuple[Style, ...]:
        """Styles for ``products``; equal generators give equal collections."""
        ...


@runtime_checkable
class SeasonSource(DesignSource, Protocol):
    """A design source that draws for a market: so many styles, with launches and forecasts."""

    def season(
        self, products: Sequence[Product], rng: np.random.Generator, market: Market
    ) -> tuple[Style, ...]:
        """Styles for ``products`` and ``market``; equal generators give equal collections."""
        ...

    @property
    def studio(self) -> Studio:
        """Who draws the pictures."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Finished pieces of one order, as an inspector meets them; arrays of shape (n,)."""

    defect: Codes  # 0 = sound, k = k-th defect kind of the scenario
    severity: Floats  # 0.2..1 [assumed]; 0 where sound
    shift_hour: Floats  # hours since the shift began when the piece is judged
    luck: Floats  # uniform on [0, 1); the inspector's only randomness, so that two policies
    # under one seed share it
    style: int = 0  # position among the run's styles
    day: float = 0.0  # working days since the start of the run
    strictness: float = 1.0  # multiplies what an escape is taken to cost, for those who weigh it


class Inspector(Protocol):
    """Judges finished pieces at the end of a line.

    A class that needs the scenario has a class method ``of(scenario, styles)``; the others are made
    without arguments. One whose verdict depends on ``Pieces.strictness`` says so with
    ``has_threshold = True``, and is an `Expecting` if it can tell what comes of it.
    """

    def judge(self, pieces: Pieces) -> Bools:
        """Which pieces are flagged as defective, shape (n,)."""
        ...


@runtime_checkable
class Marking(Protocol):
    """An inspector some of whose flags on defective pieces do not point to the defect.

    Where a look is cheap, faint suspicions are worth one, and the bench has to look for the defect
    itself. Without this method every flag marks the defect.
    """

    def marked(self, style: int, day: float, strictness: float) -> Floats:
        """Of the flagged pieces of each kind of defect, the share with the defect marked, (kinds,).

        ``style``, ``day`` and ``strictness`` as in `Pieces`.
        """
        ...

    def looked_for(self) -> Bools:
        """Kinds of defect that a person at the gate has looked for, shape (kinds,)."""
        ...


@runtime_checkable
class Expecting(Protocol):
    """An inspector that knows what a degree of strictness leads to."""

    def expected(
        self, style: int, day: float, defective_share: float, strictness: Floats
    ) -> tuple[Floats, Floats]:
        """Shares of the pieces that are flagged, and that are defective and let pass.

        Parameters
        ----------
        style, day
            As in `Pieces`.
        defective_share
            Of the pieces, of any kind.
        strictness
            Shape (n,), as the two results.
        """
        ...
