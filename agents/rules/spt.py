"""Shortest processing time: the order with the least sewing."""

from __future__ import annotations

from agents.pick import lowest
from factory_env.decision import Decision


class Spt:
    """The order with the least sewing."""

    def choose(self, decision: Decision) -> int:
        return lowest(decision.table.sewing_min)


PLUG = Spt
