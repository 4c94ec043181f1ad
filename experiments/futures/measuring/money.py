"""What a run cost, in the parts that a waterfall shows.

Wages are those of the whole horizon, also where the last order leaves earlier: people are paid on,
and a variant that ends a day sooner has saved nobody's wage. Changeovers and learning are paid as
wages already; the KPI ``total_cost_usd`` counts them instead of the wages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from experiments.futures.measuring.shift_time import shift_table
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.units import MIN_PER_DAY

# part of an outcome -> parts of the ledger
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "lateness": ("lateness", "cancelled"),
    "overtime": ("overtime",),
    "air": ("air",),
    "energy": ("energy", "fuel", "wear", "carbon"),
    "quality": ("short", "seconds", "recheck", "inspection", "returns"),
    "capital": ("holding",),
}
TOTAL: Final = "total"
HEADS: Final = "heads"  # an event: so many people more on a line from then on


def money(log: RunLog, scenario: Scenario) -> dict[str, float]:
    """Cost by part [USD], and their sum as ``total``."""
    parts = {
        name: float(sum(log.cost_usd.get(part, 0.0) for part in of)) for name, of in PARTS.items()
    }
    parts = {"labour": wages(log, scenario), **parts}
    return {**parts, TOTAL: sum(parts.values())}


def wages(log: RunLog, scenario: Scenario) -> float:
    """Pay of all operators of the shift until the horizon, overtime left out [USD]."""
    days = log.tables["line_days"]
    if not days["day"].shape[0]:
        return 0.0
    paid_min = days["operators"] * (days["shift_min"] - days["overtime_min"])
    last = int(days["day"].max())
    calendar = scenario.calendar
    begun = int(log.end_min // MIN_PER_DAY) if log.finished else last
    rest = sum(
        calendar.is_working_day(day) for day in range(max(last, begun) + 1, scenario.calendar_days)
    )
    total_min = float(paid_min.sum()) + rest * float(paid_min[days["day"] == last].sum())
    return (total_min + _more_min(log, scenario)) * scenario.costs.labour_usd_per_min


def _more_min(log: RunLog, scenario: Scenario) -> float:
    """Paid operator minutes of people who came (or left, if negative) by a change."""
    events = log.tables["events"]
    horizon_min = scenario.calendar_days * MIN_PER_DAY
    shifts = shift_table(scenario.calendar, horizon_min)
    is_heads = events["kind"] == HEADS
    more = 0.0
    for line in np.unique(events["line"][is_heads]):
        mine = is_heads & (events["line"] == line)
        since = shifts.shift_at_many(events["start_min"][mine])
        until = np.append(since[1:], shifts.shift_at(horizon_min))
        more += float((events["amount"][mine] * (until - since)).sum())
    return more
