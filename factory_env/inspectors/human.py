"""The stand-in inspector: a person at the end of the line, who tires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from factory_env.compiled import compiled
from factory_env.domain.ports import Bools, Codes, Floats, Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """Detects 0.85, falling by 0.02 per hour after the fourth; 0.02 false alarms.

    Numbers: domain reference, section 8 [assumed].
    """

    uses_camera: ClassVar[bool] = False
    manual_share: ClassVar[float] = 1.0  # of the check minutes of a piece

    detects: float = 0.85
    fatigue_per_hour: float = 0.02
    fresh_hours: float = 4.0
    false_alarm: float = 0.02

    def judge(self, pieces: Pieces) -> Bools:
        tiring = (self.fresh_hours, self.fatigue_per_hour)
        return _judge(
            pieces.defect, pieces.shift_hour, pieces.luck, self.detects, self.false_alarm, *tiring
        )

    def chance(self, pieces: Pieces) -> Floats:
        """Probability that each piece is flagged, shape (n,)."""
        tired = np.maximum(0.0, pieces.shift_hour - self.fresh_hours) * self.fatigue_per_hour
        return np.where(pieces.defect > 0, self.detects - tired, self.false_alarm)


@compiled
def _judge(
    defect: Codes,
    shift_hour: Floats,
    luck: Floats,
    detects: float,
    false_alarm: float,
    fresh_hours: float,
    fatigue_per_hour: float,
) -> Bools:
    """Which pieces are flagged: those whose luck is below `Human.chance`, shape (n,)."""
    flagged = np.empty(defect.shape[0], dtype=np.bool_)
    for i in range(defect.shape[0]):
        chance = false_alarm
        if defect[i] > 0:
            tired = max(0.0, shift_hour[i] - fresh_hours) * fatigue_per_hour
            chance = detects - tired
        flagged[i] = luck[i] < chance
    return flagged


PLUG = Human
