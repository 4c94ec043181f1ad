"""Did the customers get what they ordered, when they wanted it?"""

from __future__ import annotations

import numpy as np

from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY


def delivery(log: RunLog) -> dict[str, float]:
    """On-time share, OTIF, tardiness and its cost.

    An order that is still open at the end counts as late if its due date has passed, and is
    left out of the shares otherwise.
    """
    orders = log.tables["orders"]
    shipped, due = orders["shipped_min"], orders["due_min"]
    is_open = np.isnan(shipped)
    on_time = shipped <= due  # False for NaN
    counted = ~is_open | (due <= log.end_min)
    complete = orders["good"] >= orders["quantity"]
    late_days = np.where(is_open, log.end_min, shipped) - due
    late_days = np.maximum(0.0, late_days) / MIN_PER_DAY
    n = max(1, int(counted.sum()))
    return {
        "orders": float(len(due)),
        "shipped_orders": float((~is_open).sum()),
        "on_time_share": float(on_time[counted].sum()) / n,
        "otif_share": float((on_time & complete)[counted].sum()) / n,
        "mean_tardiness_days": float(late_days[counted].mean()) if counted.any() else 0.0,
        "tardiness_cost_usd": log.cost_usd["lateness"],
    }
