"""Modified due date: the later of due date and earliest possible end, smallest first."""

from __future__ import annotations

import numpy as np

from agents.pick import highest
from factory_env.decision import Decision
from factory_env.decisions.candidates import Floats
from factory_env.decisions.candidates.indices import plain_slack


class Mdd:
    """The later of due date and earliest possible end, smallest first."""

    def choose(self, decision: Decision) -> int:
        return highest(self.rank(decision))

    def rank(self, decision: Decision) -> Floats:
        """Minus the modified due date in minutes; shape (n,), highest first."""
        table = decision.table
        work = table.due_in_min - plain_slack(table)
        return -np.maximum(table.due_in_min, work)


PLUG = Mdd
