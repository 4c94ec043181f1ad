"""How likely each order is on time: base and variant, with both ends of Wilson's interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import BASE, GRID, MARKS, TimeAxis, colour, lay_out
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
from experiments.futures.report.words import say_share


def draw_on_time(facts: Facts) -> Section:
    """A row an order."""
    first = facts.drawn[0] if facts.drawn else ""
    traces, owners = [], []
    for number, name in enumerate(facts.drawn or ("",)):
        rows = facts.rank_rows(name)
        mark = MARKS[number % len(MARKS)]
        pair = [_trace(facts, facts.base, rows, -SHIFT if name else 0.0, BASE, "circle-open")]
        if name:
            pair.append(_trace(facts, name, rows, SHIFT, colour(number), mark))
        traces += [{**trace, "visible": name == first} for trace in pair]
        owners += [name] * len(pair)
    x = {"title": "probability of being on time", "range": [-0.02, 1.02], "tickformat": ".0%"}
    layout = lay_out(
        {**x, "fixedrange": True, "side": "bottom"},
        order_axis(facts, first),
        **choose_variant(facts.drawn, owners, label_axis(facts)),
        shapes=[_middle(len(facts.risky))],
        margin={"l": 10, "r": 16, "t": 80 if len(facts.drawn) > 1 else 40, "b": 50},
    )
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=rows_height(facts),
        says="Probability of being on time of every order, in the base and in each variant",
    )
    return Section(
        key="on-time",
        title="How likely each order is on time",
        lead=(
            "The order most at risk is on top. A mark is the probability as far as these runs "
            "tell, the line through it its 95 % interval. Left of the dashed line an order is more "
            "often late than on time. Few runs never tell 0 or 100 %."
        ),
        parts=(chart,),
        notes=cut_note(facts),
    )


def _middle(rows: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 0.5,
        "x1": 0.5,
        "y0": -0.6,
        "y1": rows - 0.4,
        "layer": "below",
        "line": {"color": "#9aa3ad", "width": 1.5, "dash": "dash"},
    }


def _trace(
    facts: Facts, name: str, ranked: Sequence[str], shift: float, paint: str, mark: str
) -> dict[str, Any]:
    orders = [order for order in ranked if facts.orders.is_there(name, order)]
    rows = {order: row for row, order in enumerate(ranked)}
    chances = [facts.orders.on_time(name, order) for order in orders]
    solid = mark != "circle-open"
    edge = {"width": 1.5, "color": GRID} if solid else {"width": 2}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escape_text(name),
        "x": [c.value for c in chances],
        "y": [rows[order] + shift for order in orders],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [c.high - c.value for c in chances],
            "arrayminus": [c.value - c.low for c in chances],
            "color": paint,
            "thickness": 2,
            "width": 0,
        },
        "marker": {"color": paint, "symbol": mark, "size": 9, "line": edge},
        "ids": [f"{order}|{name}" for order in orders],
        "text": [_say_chance(facts, name, order) for order in orders],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _say_chance(facts: Facts, name: str, order: str) -> str:
    """What is told under the mouse."""
    about, chance = facts.orders.facts[order], facts.orders.on_time(name, order)
    return (
        f"<b>{escape_text(order)}</b> ({escape_text(str(about['style']))}, "
        f"{about['quantity']:,} pieces), {escape_text(name)}<br>"
        f"on time in {say_share(facts.orders.share(name, order))} of the runs "
        f"({say_share(chance.low)} to {say_share(chance.high)})<br>"
        f"due {TimeAxis(facts.clock).say_due(facts.orders.due_min(name, order))}"
    )
