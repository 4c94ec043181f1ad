"""Observation block: the sewing lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.envs.observation import DAY_MIN, MAX_LINES, Feature, Row


class Lines:
    """One row a line, up to 16; rows not in use are zero."""

    rows = MAX_LINES
    features = (
        Feature(name="is_asker", unit="0/1", low=0.0, high=1.0),
        Feature(name="is_group", unit="0/1, same fabric group as the asker", low=0.0, high=1.0),
        Feature(name="free_in", unit="days, estimated", low=0.0, high=10.0),
        Feature(name="learned_share", unit="share", low=0.0, high=1.0),
        Feature(name="attendance", unit="share", low=0.0, high=1.0),
        Feature(name="is_idle", unit="0/1", low=0.0, high=1.0),
        Feature(name="is_line", unit="0/1, row in use", low=0.0, high=1.0),
    )

    def __init__(self, prior: dict[str, float]) -> None:
        del prior  # every block is built alike; this one has no use for the rule

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        lines = question.lines
        n = min(lines.free_in_min.shape[0], self.rows)
        table = out.reshape(self.rows, len(self.features))[:n]
        asker = question.standing_line
        if asker is not None and asker < n:
            table[asker, 0] = 1.0
        table[:, 1] = lines.is_group[:n]
        table[:, 2] = np.minimum(lines.free_in_min[:n] / DAY_MIN, 10.0)
        table[:, 3] = lines.learned_share[:n]
        table[:, 4] = lines.attendance[:n]
        table[:, 5] = lines.is_idle[:n]
        table[:, 6] = 1.0


PLUG = Lines
