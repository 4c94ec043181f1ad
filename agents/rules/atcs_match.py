"""Line-matching ATCS: ATCS that also looks at the other lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import log_atcs_match, mismatch
from factory_env.decisions.order_choice import HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class AtcsMatch:
    """ATCS x exp(-mismatch / k3), where mismatch is how much earlier another line could finish
    the order, in mean sewing times. If even the chosen order would finish more than
    ``hold_beyond`` mean sewing times earlier elsewhere, the line holds.

    ``GRID`` holds the values among which the tuner chooses on validation seeds.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {
        "k1": (1.0, 2.0, 4.0, 8.0, 16.0),
        "k2": (0.25, 0.5, 1.0, 2.0, 4.0),
        "k3": (0.02, 0.05, 0.1, 0.25, 0.5),
        "grace_min": (0.0, 1200.0),
        "hold_beyond": (0.0, 0.02, 0.05, 0.1, 0.25, 1000.0),
    }
    k1: float = 2.0
    k2: float = 1.0
    k3: float = 0.1
    grace_min: float = 1200.0  # penalties begin this much after the due date [shift min]
    hold_beyond: float = 0.05

    def choose(self, decision: Decision) -> int:
        table = decision.table
        answer = highest(self.rank(decision))
        if decision.can_hold and mismatch(table)[answer - 1] > self.hold_beyond:
            return HOLD
        return answer

    def rank(self, decision: Decision) -> Floats:
        """log of the index; shape (n,), highest first."""
        return log_atcs_match(decision.table, self.k1, self.k2, self.k3, self.grace_min)


PLUG = AtcsMatch
