"""Did the customers get what they ordered, when they wanted it?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.records import RunLog, Table
from factory_env.units import MIN_PER_DAY


def customer_orders(orders: Table) -> dict[str, NDArray[Any]]:
    """Orders as customers count them: parts put together, cancelled ones left out.

    Columns ``shipped_min`` (NaN = open), ``due_min``, ``good``, ``quantity``, ``by_air``; shape
    (n,) each.
    """
    kept = np.isnan(orders["cancelled_min"])
    parent = orders["parent"][kept]
    names = ("shipped_min", "due_min", "good", "quantity", "by_air")
    columns = {name: orders[name][kept] for name in names}
    if not any(parent):
        return columns
    key = np.where(parent == "", orders["order_id"][kept], parent).astype(str)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    n = first.shape[0]
    shipped = np.full(n, -np.inf)
    np.maximum.at(
        shipped, group, np.where(np.isnan(columns["shipped_min"]), np.inf, columns["shipped_min"])
    )
    return {
        "shipped_min": np.where(np.isinf(shipped), np.nan, shipped),
        "due_min": columns["due_min"][first],
        "good": np.bincount(group, weights=columns["good"], minlength=n),
        "quantity": np.bincount(group, weights=columns["quantity"], minlength=n),
        "by_air": columns["by_air"][first],
    }


def delivery(log: RunLog) -> dict[str, float]:
    """On-time share, OTIF, tardiness and its cost, cancellations.

    An order that is still open at the end counts as late if its due date has passed, and is
    left out of the shares otherwise.
    """
    orders = customer_orders(log.tables["orders"])
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
        "air_orders": float((orders["by_air"] > 0).sum()),
        "cancelled_orders": float((~np.isnan(log.tables["orders"]["cancelled_min"])).sum()),
    }
