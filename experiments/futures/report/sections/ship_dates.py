"""When each order ships: with 50, 80 and 95 % certainty, beside its due date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import BASE, INK, TimeAxis, colour, lay_out
from experiments.futures.report.order_rows import (
    SHIFT,
    choose_variant,
    cut_note,
    escape_text,
    label_axis,
    order_axis,
    rows_height,
)
from experiments.futures.report.section import Chart, Section

SHARES: Final = (0.5, 0.8, 0.95)
MARKS: Final = ("circle", "diamond", "triangle-right")


def draw_ship_dates(facts: Facts) -> Section:
    """A row an order."""
    first = facts.drawn[0] if facts.drawn else ""
    traces, owners = [], []
    for number, name in enumerate(facts.drawn or ("",)):
        rows = facts.rank_rows(name)
        group = [_due_trace(facts, name, rows)]
        group += _traces(facts, facts.base, rows, -SHIFT if name else 0.0, BASE)
        if name:
            group += _traces(facts, name, rows, SHIFT, colour(number))
        traces += [{**trace, "visible": name == first} for trace in group]
        owners += [name] * len(group)
    layout = lay_out(
        TimeAxis(facts.clock).axis(),
        order_axis(facts, first),
        **choose_variant(facts.drawn, owners, label_axis(facts)),
        margin={"l": 10, "r": 16, "t": 80 if len(facts.drawn) > 1 else 40, "b": 50},
    )
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=rows_height(facts),
        says="Ship dates of every order with 50, 80 and 95 % certainty, and its due date",
    )
    return Section(
        key="ship-dates",
        title="When each order ships",
        lead=(
            "Circle: shipped by then in half of the runs; diamond: in 80 %; arrow: in 95 %. "
            "Black bar: due. Promise what the diamond says and you keep four of five promises."
        ),
        parts=(chart,),
        notes=(*cut_note(facts), *_never_notes(facts)),
    )


def _due_trace(facts: Facts, name: str, ranked: Sequence[str]) -> dict[str, Any]:
    time = TimeAxis(facts.clock)
    there = (facts.base, name) if name else (facts.base,)
    ranked = [o if any(facts.orders.is_there(n, o) for n in there) else "" for o in ranked]
    dues = [facts.due_min(name, order) if order else np.nan for order in ranked]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "due",
        "x": [time.at(due) for due in dues],
        "y": list(range(len(dues))),
        "marker": {"symbol": "line-ns", "size": 17, "line": {"width": 2.5, "color": INK}},
        "text": [
            f"<b>{escape_text(order)}</b> due {time.say_due(due)}"
            for order, due in zip(ranked, dues, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _traces(
    facts: Facts, name: str, ranked: Sequence[str], shift: float, paint: str
) -> list[dict[str, Any]]:
    """A line from P50 to P95, and the marks on it."""
    time = TimeAxis(facts.clock)
    line: dict[str, list[Any]] = {"x": [], "y": []}
    marks: dict[str, list[Any]] = {"x": [], "y": [], "symbol": [], "text": [], "ids": []}
    for row, order in enumerate(ranked):
        if not facts.orders.is_there(name, order):
            continue
        minutes = [facts.orders.ship(name, order, share).value for share in SHARES]
        inside = [m for m in minutes if np.isfinite(m)]
        line["x"] += [*(time.at(m) for m in (inside[0], inside[-1])), None] if inside else []
        line["y"] += [row + shift, row + shift, None] if inside else []
        text = _say_ships(facts, name, order, minutes)
        for minute, symbol in zip(minutes, MARKS, strict=True):
            if np.isfinite(minute):
                marks["x"].append(time.at(minute))
                marks["y"].append(row + shift)
                marks["symbol"].append(symbol)
                marks["text"].append(text)
                marks["ids"].append(f"{order}|{name}|{symbol}")  # equal ids would be one point
    return [
        {
            "type": "scatter",
            "mode": "lines",
            **line,
            "line": {"color": paint, "width": 3},
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": escape_text(name),
            "x": marks["x"],
            "y": marks["y"],
            "ids": marks["ids"],
            "text": marks["text"],
            "marker": {"symbol": marks["symbol"], "color": paint, "size": 9},
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]


def _say_ships(facts: Facts, name: str, order: str, minutes: Sequence[float]) -> str:
    """What is told under the mouse."""
    time = TimeAxis(facts.clock)
    words = "<br>".join(
        f"{share:.0%} of the runs: {time.say(minute)}"
        for share, minute in zip(SHARES, minutes, strict=True)
    )
    due = time.say_due(facts.orders.due_min(name, order))
    return f"<b>{escape_text(order)}</b>, {escape_text(name)}<br>{words}<br>due {due}"


def _never_notes(facts: Facts) -> tuple[str, ...]:
    """Orders whose marks lie beyond the end of the run."""
    beyond = [
        order
        for order in facts.risky
        if any(
            facts.orders.is_there(name, order)
            and not np.isfinite(facts.orders.ship(name, order, SHARES[-1]).value)
            for name in facts.shown
        )
    ]
    if not beyond:
        return ()
    few = ", ".join(beyond[:6]) + (f" and {len(beyond) - 6} more" if len(beyond) > 6 else "")
    return (
        f"Not shipped within the run in more than 5 % of some runs, so without an arrow: {few}.",
    )
