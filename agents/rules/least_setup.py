"""Least setup: the order with the smallest effective setup (line stop plus learning)."""

from __future__ import annotations

from agents.pick import lowest
from factory_env.decision import Decision
from factory_env.decisions.candidates.indices import effective_setup


class LeastSetup:
    """The order with the smallest effective setup (line stop plus learning)."""

    def choose(self, decision: Decision) -> int:
        return lowest(effective_setup(decision.table))


PLUG = LeastSetup
