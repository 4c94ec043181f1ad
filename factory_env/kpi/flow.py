"""How fast and how full is the factory?"""

from __future__ import annotations

import numpy as np

from factory_env.domain.records import RunLog
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR


def flow(log: RunLog) -> dict[str, float]:
    """Output, work in progress, throughput time, changeovers, efficiency."""
    orders = log.tables["orders"]
    shipped = orders["shipped_min"]
    done = ~np.isnan(shipped)
    started = ~np.isnan(orders["ready_min"])
    leave = np.where(done, shipped, log.end_min)
    leave = np.where(np.isnan(orders["cancelled_min"]), leave, orders["cancelled_min"])
    in_house_min = np.where(started, leave - np.nan_to_num(orders["ready_min"]), 0.0)
    days = max(log.working_days, 1e-9)
    sewn = ~np.isnan(orders["taken_min"])
    available = sum(log.operators) * log.working_days * log.facts["shift_min"]
    standard = float((orders["good"] * orders["smv_min"]).sum())
    days_worked = log.tables["line_days"]
    stayed = days_worked["operators"] * days_worked["present_share"] * days_worked["overtime_min"]
    return {
        "overtime_h": float(stayed.sum()) / MIN_PER_HOUR,
        "pieces_per_day": float(orders["good"].sum()) / days,
        "wip_pieces": float((orders["cut"] * in_house_min).sum()) / max(log.end_min, 1e-9),
        "throughput_days": float(in_house_min[done].mean()) / MIN_PER_DAY if done.any() else 0.0,
        "changeover_h": float(orders["setup_min"][sewn].sum()) / MIN_PER_HOUR,
        "changeovers": float((orders["setup_min"][sewn] > 0).sum()),
        "line_efficiency": standard / available if available else 0.0,
    }
