"""Two people one after the other: the stronger yardstick for a camera."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from factory_env.domain.ports import Bools, Pieces
from factory_env.inspectors.human import Human


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanTwice:
    """Every piece is seen twice; the second person finds 0.6 of what the first has missed.

    Both take the same minutes and have 0.02 false alarms; the second tires as the first does.
    Numbers: domain reference, section 8 [assumed].
    """

    uses_camera: ClassVar[bool] = False
    manual_share: ClassVar[float] = 2.0  # of the check minutes of a piece

    first: Human = field(default_factory=Human)
    second: Human = field(default_factory=lambda: Human(detects=0.6))

    def judge(self, pieces: Pieces) -> Bools:
        by_first = self.first.judge(pieces)
        # what is left of the luck of a piece that the first let pass, stretched to 0..1 again
        chance = self.first.chance(pieces)
        rest = (pieces.luck - chance) / np.maximum(1.0 - chance, 1e-12)
        by_second = self.second.judge(replace(pieces, luck=np.clip(rest, 0.0, 1.0)))
        return by_first | by_second


PLUG = HumanTwice
