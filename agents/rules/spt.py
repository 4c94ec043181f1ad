"""Shortest processing time: the order with the least sewing."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats


class Spt:
    """The order with the least sewing."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the minutes of sewing; shape (n,), highest first."""
        return -decision.table.sewing_min


PLUG = Spt
