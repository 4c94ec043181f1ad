"""Earliest due date: the order due first."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats


class Edd:
    """The order due first."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the minutes until the due date; shape (n,), highest first."""
        return -decision.table.due_in_min


PLUG = Edd
