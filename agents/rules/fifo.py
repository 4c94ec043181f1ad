"""First in, first out: the order that has waited longest."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats


class Fifo:
    """The order that has waited longest."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minutes that an order has waited; shape (n,), highest first."""
        return decision.table.waiting_min


PLUG = Fifo
