"""Observation block: how strictly is an order inspected; all zero when something else is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.domain.inspection import MAX_DEGREES
from factory_env.envs.observation import DAY_MIN, Feature, Options, Row

ROWS = MAX_DEGREES
SHARE = 5.0  # scale of shares of defective pieces


class Inspection:
    """One row a degree of strictness, in the order of the actions.

    ``orders`` shows the order in question, so its pieces, value and slack are not repeated here.
    """

    question: type[FloorQuestion] = InspectionChoice
    options: Options | None = Options(gain={"saved": 1.0}, house="is_house", shows_order=True)
    rows = ROWS
    features = (
        Feature(name="is_degree", unit="0/1, row in use", low=0.0, high=1.0),
        Feature(name="is_allowed", unit="0/1", low=0.0, high=1.0),
        Feature(name="is_house", unit="0/1, what the house would do", low=0.0, high=1.0),
        Feature(name="strictness", unit="doublings above 1", low=-10.0, high=10.0),
        Feature(name="is_foreseen", unit="0/1, the next three are known", low=0.0, high=1.0),
        Feature(name="flagged", unit="share of the pieces", low=0.0, high=1.0),
        Feature(name="escaped", unit="0.2 of the pieces", low=0.0, high=SHARE),
        Feature(name="saved", unit="100 USD expected, against the house", low=-20.0, high=20.0),
        Feature(name="defective", unit="0.2 of the pieces", low=0.0, high=SHARE),
        Feature(name="learned_share", unit="share", low=0.0, high=1.0),
        Feature(name="gate", unit="days of work waiting", low=0.0, high=10.0),
        Feature(name="bench", unit="days of repair waiting", low=0.0, high=10.0),
        Feature(name="priority", unit="1 = ordinary customer", low=0.0, high=10.0),
    )

    def __init__(self, prior: dict[str, float]) -> None:
        del prior  # every block is built alike

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        if not isinstance(question, InspectionChoice):
            return
        n = min(question.strictness.shape[0], self.rows)
        table = out.reshape(self.rows, len(self.features))[:n]
        table[:, 0] = 1.0
        table[:, 1] = question.allowed[:n]
        if question.house < n:
            table[question.house, 2] = 1.0
        table[:, 3] = np.clip(np.log2(question.strictness[:n]), -10.0, 10.0)
        if question.flagged.size:
            usd = question.expected_usd
            table[:, 4] = 1.0
            table[:, 5] = np.clip(question.flagged[:n], 0.0, 1.0)
            table[:, 6] = np.clip(SHARE * question.escaped[:n], 0.0, SHARE)
            table[:, 7] = np.clip((usd[question.house] - usd[:n]) / 100.0, -20.0, 20.0)
        table[:, 8:] = (
            min(SHARE * question.defective_share, SHARE),
            question.learned_share,
            min(question.gate_min / DAY_MIN, 10.0),
            min(question.bench_min / DAY_MIN, 10.0),
            min(question.priority, 10.0),
        )


PLUG = Inspection
