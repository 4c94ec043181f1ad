"""Critical ratio: time left over work left, smallest first."""

from __future__ import annotations

import numpy as np

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats


class CriticalRatio:
    """Time left over work left, smallest first."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the critical ratio; shape (n,), highest first."""
        table = decision.table
        work = table.due_in_min - table.slack_min
        return -(table.due_in_min / np.maximum(work, 1.0))


PLUG = CriticalRatio
