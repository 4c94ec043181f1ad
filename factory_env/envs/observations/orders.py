"""Observation block: the waiting orders, one row each, seen from the line that asks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Decision
from factory_env.decisions.candidates import COLUMNS, INDEX
from factory_env.decisions.indices import log_atcs_match
from factory_env.envs.observation import MAX_ORDERS, Feature, Row

DAY_MIN = 480.0  # shift minutes; only a scale
# column -> (scale, unit after scaling, low, high)
SCALED: dict[str, tuple[float, str, float, float]] = {
    "sewing_min": (1 / DAY_MIN, "days", 0.0, 10.0),
    "setup_min": (1 / DAY_MIN, "days", 0.0, 2.0),
    "learning_min": (1 / DAY_MIN, "days", 0.0, 5.0),
    "due_in_min": (0.2 / DAY_MIN, "5 days", -5.0, 5.0),
    "slack_min": (0.2 / DAY_MIN, "5 days", -5.0, 5.0),
    "weight_usd": (1e-4, "10,000 USD", 0.0, 10.0),
    "pieces": (1 / 3000.0, "3,000 pieces", 0.0, 5.0),
    "waiting_min": (0.2 / DAY_MIN, "5 days", 0.0, 5.0),
    "here_min": (0.2 / DAY_MIN, "5 days", 0.0, 5.0),
    "elsewhere_min": (0.2 / DAY_MIN, "5 days", 0.0, 5.0),
    "fastest_min": (1 / DAY_MIN, "days", 0.0, 10.0),
    "late_now_usd": (1e-3, "1,000 USD", 0.0, 10.0),
    "late_day_usd": (1e-2, "100 USD", 0.0, 10.0),
    "late_3days_usd": (1e-2, "100 USD", 0.0, 20.0),
    "late_week_usd": (1e-2, "100 USD", 0.0, 30.0),
    "loss_usd": (1e-2, "100 USD", 0.0, 10.0),
    "least_loss_usd": (1e-2, "100 USD", 0.0, 10.0),
    "same_style": (1.0, "0/1", 0.0, 1.0),
    "same_product": (1.0, "0/1", 0.0, 1.0),
    "is_rush": (1.0, "0/1", 0.0, 1.0),
}
EXTRA = (
    Feature(name="sooner_elsewhere", unit="days", low=-10.0, high=10.0),
    Feature(name="excess_here", unit="days", low=0.0, high=10.0),
    Feature(name="rule_log_index", unit="log, 0 = the rule's choice", low=-20.0, high=0.0),
    Feature(name="is_order", unit="0/1, row in use", low=0.0, high=1.0),
)


class Orders:
    """Up to 32 rows; rows not in use are zero."""

    rows = MAX_ORDERS
    features = (
        *(Feature(name=n, unit=u, low=lo, high=hi) for n, (_, u, lo, hi) in SCALED.items()),
        *EXTRA,
    )

    def __init__(self, prior: dict[str, float]) -> None:
        self._prior = prior
        self._scale = np.array([SCALED[name][0] for name in COLUMNS])
        self._low = np.array([SCALED[name][2] for name in COLUMNS])
        self._high = np.array([SCALED[name][3] for name in COLUMNS])

    def index(self, question: Decision) -> NDArray[np.float64]:
        """The prior rule's log index of every waiting order, shape (n,)."""
        return log_atcs_match(question.table, **self._prior)

    def write(self, question: Decision, visible: NDArray[np.int64], out: Row) -> None:
        n, width = visible.shape[0], len(self.features)
        all_rows = question.table.data
        data = all_rows if n == all_rows.shape[0] else all_rows[visible]
        table = out.reshape(self.rows, width)[:n]
        columns = self._scale.shape[0]
        np.clip(data * self._scale, self._low, self._high, out=table[:, :columns], casting="unsafe")
        here = data[:, INDEX["here_min"]]
        sooner = (here - data[:, INDEX["elsewhere_min"]]) / DAY_MIN
        table[:, columns] = np.minimum(np.maximum(sooner, -10.0), 10.0)
        total = data[:, 0] + data[:, 1] + data[:, 2] - data[:, INDEX["fastest_min"]]
        table[:, columns + 1] = np.minimum(np.maximum(total / DAY_MIN, 0.0), 10.0)
        index = self.index(question)[visible]
        table[:, columns + 2] = np.maximum(index - index.max(), -20.0)
        table[:, columns + 3] = 1.0


PLUG = Orders
