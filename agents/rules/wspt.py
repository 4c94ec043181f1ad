"""Weighted shortest processing time: most value per sewing minute."""

from __future__ import annotations

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import log_wspt


class Wspt:
    """Most value per sewing minute."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """log of value over sewing minutes; shape (n,), highest first."""
        return log_wspt(decision.table)


PLUG = Wspt
