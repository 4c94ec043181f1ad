"""Earliest due date: the order due first."""

from __future__ import annotations

from agents.pick import lowest
from factory_env.decision import Decision


class Edd:
    """The order due first."""

    def choose(self, decision: Decision) -> int:
        return lowest(decision.table.due_in_min)


PLUG = Edd
