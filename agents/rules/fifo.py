"""First in, first out: the order that has waited longest."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision


class Fifo:
    """The order that has waited longest."""

    def choose(self, decision: Decision) -> int:
        return highest(decision.table.waiting_min)


PLUG = Fifo
