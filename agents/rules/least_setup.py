"""Least setup: the order with the smallest effective setup (line stop plus learning)."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import effective_setup


class LeastSetup:
    """The order with the smallest effective setup (line stop plus learning)."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the minutes of the effective setup; shape (n,), highest first."""
        return -effective_setup(decision.table)


PLUG = LeastSetup
