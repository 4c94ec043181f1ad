"""A run on one screen: late orders by name, the KPIs that matter, cost in a few lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from experiments.report.tables.clock import Clock, show_when
from experiments.report.tables.orders import LateOrder
from factory_env.domain.records import RunLog
from factory_env.kpi.cost import TABLE, WAGES_WITHIN, cost_table, table_total
from factory_env.kpi.table import LABELS

MOST_LATE: Final = 15  # orders listed at a terminal
MOST_KPIS: Final = 10
MOST_COSTS: Final = 5
WIDE: Final = 100  # characters of a table with all columns
NEVER_HIDDEN: Final = ("on_time_share", "pieces_packed", "total_cost_usd")
# by how much a planner wants to know them; others that are zero give way to the next
KEYS: Final = (
    "on_time_share",
    "shipped_orders",
    "pieces_packed",
    "cancelled_orders",
    "mean_tardiness_days",
    "total_cost_usd",
    "tardiness_cost_usd",
    "air_orders",
    "pieces_per_day",
    "throughput_days",
    "line_efficiency",
    "changeover_h",
    "overtime_h",
    "wip_pieces",
    "rft_share",
    "return_share",
    "changeovers",
)
COUNTS: Final = ("", "pieces")  # units of what is counted


def show_value(value: float, unit: str) -> str:
    """A figure for people: counts whole, shares in percent, the rest with a digit if it is small.

    >>> show_value(36.0, ""), show_value(0.9722, "share"), show_value(2.44, "days")
    ('36', '97.2%', '2.4')
    >>> show_value(5621.4, "USD"), show_value(6.835, "")
    ('5,621', '6.8')
    """
    if unit == "share":
        return f"{value:.1%}"
    is_whole = abs(value) >= 100.0 or (unit in COUNTS and float(value).is_integer())
    return f"{value:,.0f}" if is_whole else f"{value:,.1f}"


def key_table(figures: Mapping[str, float], title: str) -> Table:
    """The ten KPIs that matter most."""
    table = Table(title=escape(title), title_justify="left", box=SIMPLE_HEAD, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    values = {key: show_value(figures[key], LABELS[key][1]) for key in KEYS if key in figures}
    kept = [key for key, value in values.items() if key in NEVER_HIDDEN or value.strip("0.%")]
    for key in kept[:MOST_KPIS]:
        label, unit, _ = LABELS[key]
        value = values[key]
        if key == "shipped_orders":
            value, unit = f"{value} of {figures['orders']:,.0f}", ""
        table.add_row(label, value, "" if unit == "share" else unit)
    return table


def cost_text(log: RunLog) -> str:
    """What the run cost and its largest parts, in a line or two."""
    parts = cost_table(log)
    own = {name: usd for name, usd in parts.items() if name not in WAGES_WITHIN}
    largest = sorted(own, key=lambda name: -abs(own[name]))[:MOST_COSTS]
    words = [f"{TABLE[name][0]} {own[name]:,.0f}" for name in largest if round(own[name])]
    within = [
        f"{TABLE[name][0].removeprefix('of the wages: ')} {parts[name]:,.0f}"
        for name in WAGES_WITHIN
        if round(parts[name])
    ]
    more = f"; of the wages {', '.join(within)}" if within else ""
    return f"All that the run cost: {table_total(parts):,.0f} USD: {', '.join(words)}{more}"


def late_table(late: Sequence[LateOrder], clock: Clock, width: int = 110) -> Table:
    """The latest orders by name; how many more there are stands below.

    Parameters
    ----------
    width
        Characters there are; style and pieces are left out where they are few.
    """
    more = len(late) - MOST_LATE
    table = Table(
        title=f"Late orders: {len(late)}",
        title_justify="left",
        caption=f"and {more} more: see tables/late_orders.csv" if more > 0 else None,
        caption_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    names = ["order", "days late", "due", "shipped", "line", "customer", "style", "pieces"]
    if width < WIDE:
        names = names[: names.index("style")]
    for name in names:
        is_number = name in ("days late", "pieces")
        is_whole = name not in ("customer", "style")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_whole)
    for order in late[:MOST_LATE]:
        is_open = math.isnan(order.shipped_min)
        cells = (
            escape(order.name),
            _late_text(order.late_days, is_open=is_open),
            show_when(clock.due(order.due_min)),
            "not yet" if is_open else show_when(clock.moment(order.shipped_min)),
            escape(order.lines),
            escape(order.customer),
            escape(order.style),
            f"{order.pieces:,}",
        )
        table.add_row(*cells[: len(names)])
    return table


def _late_text(days: float, *, is_open: bool) -> str:
    """Days late; an order due as the run ends and still here has missed its date by then."""
    if not is_open:
        return f"{max(days, 0.05):.1f}"
    return f"{days:.1f} so far" if days >= 0.05 else "due at the end"
