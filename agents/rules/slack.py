"""Least slack: due date minus remaining work, smallest first."""

from __future__ import annotations

from agents.pick import lowest
from factory_env.decision import Decision


class Slack:
    """Due date minus remaining work, smallest first."""

    def choose(self, decision: Decision) -> int:
        return lowest(decision.table.slack_min)


PLUG = Slack
