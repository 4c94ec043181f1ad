"""Weighted shortest processing time: most value per sewing minute."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates.indices import log_wspt


class Wspt:
    """Most value per sewing minute."""

    def choose(self, decision: Decision) -> int:
        return highest(log_wspt(decision.table))


PLUG = Wspt
