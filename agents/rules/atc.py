"""ATC: apparent tardiness cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import log_atc


@dataclass(frozen=True, slots=True, kw_only=True)
class Atc:
    """max (w / p) exp(-max(0, slack + grace) / (k1 p-bar)).

    ``GRID`` holds the values among which the tuner chooses on validation seeds.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {
        "k1": (0.5, 1.0, 2.0, 4.0, 8.0, 16.0),
        "grace_min": (0.0, 1200.0),
    }
    k1: float = 2.0
    grace_min: float = 0.0  # penalties begin this much after the due date [shift min]

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """log of the index; shape (n,), highest first."""
        return log_atc(decision.table, self.k1, self.grace_min)


PLUG = Atc
