"""Observation block: the question who stays tonight; all zero when an order is asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.overtime_choice import OvertimeChoice
from factory_env.envs.observation import Feature, Options, Row

ROWS = 6  # lengths of an evening that are shown


class Evening:
    """One row a length of the evening, in the order of the actions."""

    question: type[FloorQuestion] = OvertimeChoice
    # as the house's rule reckons
    options: Options | None = Options(gain={"late_saved": 1.0, "labour": -1.0})
    rows = ROWS
    features = (
        Feature(name="is_length", unit="0/1, row in use", low=0.0, high=1.0),
        Feature(name="is_allowed", unit="0/1", low=0.0, high=1.0),
        Feature(name="length", unit="hours", low=0.0, high=8.0),
        Feature(name="labour", unit="100 USD", low=0.0, high=10.0),
        Feature(name="late_saved", unit="100 USD, against going home", low=0.0, high=20.0),
        Feature(name="week", unit="12 h of overtime this week", low=0.0, high=2.0),
    )

    def __init__(self, prior: dict[str, float]) -> None:
        del prior  # every block is built alike

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        if not isinstance(question, OvertimeChoice):
            return
        n = min(question.minutes.shape[0], self.rows)
        table = out.reshape(self.rows, len(self.features))[:n]
        table[:, 0] = 1.0
        table[:, 1] = question.allowed[:n]
        table[:, 2] = np.minimum(question.minutes[:n] / 60.0, 8.0)
        table[:, 3] = np.minimum(question.labour_usd[:n] / 100.0, 10.0)
        saved = question.late_usd[0] - question.late_usd[:n]
        table[:, 4] = np.clip(saved / 100.0, 0.0, 20.0)
        table[:, 5] = min(question.week_min / 720.0, 2.0)


PLUG = Evening
