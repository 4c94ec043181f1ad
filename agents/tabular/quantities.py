"""Readable quantities of a question, of which a table's state is made: days, shares, counts.

Each is a number that a planner could say. `QUANTITIES` is the list that a config may choose from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from factory_env.decision import Decision
from factory_env.decisions.candidates.indices import effective_setup, mismatch

SOON_MIN: Final = 960.0  # two working days: slack below it is tight
FAR_LINE: Final = 0.05  # mean sewing times by which another line must be earlier to count


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What it is, what it may be, and how it is read."""

    meaning: str
    lowest: float
    highest: float
    read: Callable[[Decision], float]


def read_late_share(decision: Decision) -> float:
    """Share of the waiting value that is late even if it is sewn now."""
    return _value_share(decision, decision.table.slack_min < 0.0)


def read_tight_share(decision: Decision) -> float:
    """Share of the waiting value that has less than two working days of slack."""
    return _value_share(decision, decision.table.slack_min < SOON_MIN)


def read_setup_share(decision: Decision) -> float:
    """Mean setup, learning included, over mean sewing time."""
    return float(effective_setup(decision.table).mean() / decision.table.sewing_min.mean())


def read_least_setup_share(decision: Decision) -> float:
    """The same of the order that needs the least setup."""
    return float(effective_setup(decision.table).min() / decision.table.sewing_min.mean())


def read_elsewhere_share(decision: Decision) -> float:
    """Share of the waiting orders that another line could finish clearly earlier."""
    return float((mismatch(decision.table) > FAR_LINE).mean())


def read_group_load_days(decision: Decision) -> float:
    """Sewing that waits or comes within five working days, days a line of the group."""
    return float(decision.site.queue_days + decision.site.booked_5_days)


def read_idle_lines(decision: Decision) -> float:
    """Other lines of the group that stand idle."""
    lines = decision.lines
    idle = float((lines.is_group * lines.is_idle).sum())
    asker_is_line = decision.standing_line is not None
    return max(0.0, idle - float(asker_is_line and lines.is_idle[decision.asker]))


def _value_share(decision: Decision, is_meant: np.ndarray) -> float:
    weight = decision.table.weight_usd
    whole = float(weight.sum())
    return float(weight[is_meant].sum()) / whole if whole > 0.0 else 0.0


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "queue_days": Quantity(
        meaning="sewing that waits for the group, working days a line",
        lowest=0.0,
        highest=math.inf,
        read=lambda decision: float(decision.site.queue_days),
    ),
    "group_load_days": Quantity(
        meaning="the same with what comes within five working days",
        lowest=0.0,
        highest=math.inf,
        read=read_group_load_days,
    ),
    "waiting_orders": Quantity(
        meaning="orders to choose from",
        lowest=1.0,
        highest=math.inf,
        read=lambda decision: float(len(decision.table)),
    ),
    "late_share": Quantity(
        meaning="share of the waiting value that is late even if sewn now",
        lowest=0.0,
        highest=1.0,
        read=read_late_share,
    ),
    "tight_share": Quantity(
        meaning="share of the waiting value with less than two working days of slack",
        lowest=0.0,
        highest=1.0,
        read=read_tight_share,
    ),
    "setup_share": Quantity(
        meaning="mean setup with learning over mean sewing time of what waits",
        lowest=0.0,
        highest=math.inf,
        read=read_setup_share,
    ),
    "least_setup_share": Quantity(
        meaning="the same of the order that needs the least setup",
        lowest=0.0,
        highest=math.inf,
        read=read_least_setup_share,
    ),
    "elsewhere_share": Quantity(
        meaning="share of the waiting orders that another line could finish clearly earlier",
        lowest=0.0,
        highest=1.0,
        read=read_elsewhere_share,
    ),
    "idle_lines": Quantity(
        meaning="other lines of the group that stand idle",
        lowest=0.0,
        highest=math.inf,
        read=read_idle_lines,
    ),
    "horizon_share": Quantity(
        meaning="share of the run gone by",
        lowest=0.0,
        highest=1.0,
        read=lambda decision: float(decision.site.horizon_share),
    ),
}
