"""Critical ratio: time left over work left, smallest first."""

from __future__ import annotations

import numpy as np

from agents.pick import lowest
from factory_env.decision import Decision


class CriticalRatio:
    """Time left over work left, smallest first."""

    def choose(self, decision: Decision) -> int:
        table = decision.table
        work = table.due_in_min - table.slack_min
        return lowest(table.due_in_min / np.maximum(work, 1.0))


PLUG = CriticalRatio
