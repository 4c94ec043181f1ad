"""Least slack: due date minus remaining work, smallest first."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats


class Slack:
    """Due date minus remaining work, smallest first."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the slack in minutes; shape (n,), highest first."""
        return -decision.table.slack_min


PLUG = Slack
