"""Observation block: the waiting orders, one row each, seen from the line that asks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.decision import FloorQuestion
from factory_env.decisions.candidates import COLUMNS, INDEX, CandidateTable
from factory_env.decisions.candidates.indices import log_atcs_match
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.observation import DAY_MIN, MAX_ORDERS, Feature, Options, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SEWING, _SETUP, _LEARNING = INDEX["sewing_min"], INDEX["setup_min"], INDEX["learning_min"]
_HERE, _ELSEWHERE, _FASTEST = INDEX["here_min"], INDEX["elsewhere_min"], INDEX["fastest_min"]
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
    "style_waiting_min": (0.2 / 480.0, "5 days", 0.0, 5.0),
    "product_waiting_min": (0.2 / 480.0, "5 days", 0.0, 5.0),
    "lines_on_style": (0.5, "2 lines", 0.0, 4.0),
    "lines_on_product": (0.5, "2 lines", 0.0, 4.0),
}
EXTRA = (
    Feature(name="sooner_elsewhere", unit="days", low=-10.0, high=10.0),
    Feature(name="excess_here", unit="days", low=0.0, high=10.0),
    Feature(name="rule_log_index", unit="log, 0 = the rule's choice", low=-20.0, high=0.0),
    Feature(name="is_order", unit="0/1, row in use", low=0.0, high=1.0),
)


class Orders:
    """Up to 32 rows; rows not in use are zero."""

    question: type[FloorQuestion] = OrderChoice
    options: Options | None = None  # of any number, and only some are seen
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

    def index(self, shown: CandidateTable) -> NDArray[np.float64]:
        """The prior rule's log index of every order, shape (n,)."""
        return log_atcs_match(shown, **self._prior)

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        shown = question.shown
        if shown is None or not visible.size:
            return
        table = out.reshape(self.rows, len(self.features))
        index = self.index(shown)
        _fill(table, shown.data, visible, index, self._scale, self._low, self._high)


@compiled
def _fill(
    table: Row, data: Floats, visible: Ints, index: Floats, scale: Floats, low: Floats, high: Floats
) -> None:
    columns = scale.shape[0]
    top = -np.inf
    for i in visible:
        top = max(top, index[i])
    for row in range(visible.shape[0]):
        i = visible[row]
        for c in range(columns):
            table[row, c] = min(max(data[i, c] * scale[c], low[c]), high[c])
        sooner = (data[i, _HERE] - data[i, _ELSEWHERE]) / DAY_MIN
        table[row, columns] = min(max(sooner, -10.0), 10.0)
        total = data[i, _SEWING] + data[i, _SETUP] + data[i, _LEARNING] - data[i, _FASTEST]
        table[row, columns + 1] = min(max(total / DAY_MIN, 0.0), 10.0)
        table[row, columns + 2] = max(index[i] - top, -20.0)
        table[row, columns + 3] = 1.0


PLUG = Orders
