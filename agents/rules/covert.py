"""COVERT: cost over time, weight per minute while slack is within the expected wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import log_wspt


@dataclass(frozen=True, slots=True, kw_only=True)
class Covert:
    """max (w / p) max(0, 1 - max(0, slack) / (k W)), with W the mean wait of what waits now.

    ``GRID`` holds the values among which the tuner chooses on validation seeds.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {"k": (0.5, 1.0, 2.0, 4.0, 8.0)}
    k: float = 2.0

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """The index, or minus the slack where all are 0; shape (n,), highest first."""
        table = decision.table
        wait = float(table.sewing_min.sum()) / decision.site.group_lines
        share = np.maximum(0.0, 1.0 - np.maximum(0.0, table.slack_min) / (self.k * wait))
        if not share.any():
            return -table.slack_min
        return np.asarray(np.exp(log_wspt(table)) * share)


PLUG = Covert
