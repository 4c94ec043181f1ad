"""A design: the picture a style is sewn from, and what was read off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIDE_PX: Final = 28

CATEGORIES: Final[tuple[str, ...]] = ("tee", "trouser", "pullover", "dress", "coat", "shirt")
"""Garment classes of pictures by number, 0 to 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is known of a design. Ranks are shares of its class that have less, 0 to 1."""

    picture: bytes  # 28 x 28 grey values, row by row
    category: str  # what the classifier sees
    asked: str  # what the designer was asked to draw
    features: tuple[float, ...]  # where it lies in the classifier's feature space
    complexity: float  # rank in its class
    edge_density: float  # rank
    texture_entropy: float  # rank
    asymmetry: float  # rank
    fragmentation: float  # rank
    fabric_factor: float  # fabric of a piece / fabric of the class's mean piece
    defect_factor: float  # on the defect probability of its operations
    launch_day: float = 0.0  # working day of the run on which it may first be ordered
    window_days: float = 60.0  # working days it is sold for
    forecast_factor: float = 1.0  # what buyers expect of it before it sells / what it will sell
