"""``promise.html``: dates by probability for every way to make the order, and whom it moves."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from experiments.futures.promising.levels import LEVELS
from experiments.futures.promising.session import Displaced, Offer, Promise
from experiments.futures.promising.telling import headline, say_promise
from experiments.futures.report.html_page import write_html
from experiments.futures.report.look import MARKS, TimeAxis, colour, lay_out
from experiments.futures.report.section import Cell, Chart, Grid, Page, Section
from experiments.report.tables.clock import Clock

ROW_PX = 44
MOST_ROWS = 40  # orders that are moved


def write_promise_page(promise: Promise, folder: Path) -> Path:
    """One file that opens without a network."""
    sections = [_draw_dates(promise)]
    if promise.displaced:
        sections.append(_tell_displaced(promise))
    order = promise.asked.order
    page = Page(
        title=f"When can {order.quantity:,} pieces of {order.style_id} be shipped?",
        under=headline(promise),
        sentences=say_promise(promise),
        sections=sections,
    )
    return write_html(page, folder / "promise.html")


def _draw_dates(promise: Promise) -> Section:
    """A row a way; a mark a probability."""
    time = TimeAxis(Clock(first_day=promise.asked.first_day))
    traces: list[dict[str, Any]] = []
    for number, level in enumerate(LEVELS):
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"kept with {level:.0%}",
                "x": [time.at(offer.dates[level]) for offer in promise.offers],
                "y": [offer.words for offer in promise.offers],
                "marker": {"size": 13, "color": colour(number), "symbol": MARKS[number]},
                "text": [time.say(offer.dates[level]) for offer in promise.offers],
                "hovertemplate": f"%{{text}}, kept with {level:.0%}<extra></extra>",
            }
        )
    layout = lay_out(time.axis(), {"autorange": "reversed"})
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=110 + ROW_PX * len(promise.offers),
        says="Dates that are kept with 50, 80 and 95 % probability",
    )
    heads = ("", *(f"with {level:.0%}" for level in LEVELS), "line", "cost")
    grid = Grid(heads=heads, rows=[_offer_row(time, offer) for offer in promise.offers])
    lead = "Out of the house by then. The date for 80 % is the due date that the house was given."
    return Section(key="dates", title="Dates", lead=lead, parts=(chart, grid))


def _offer_row(time: TimeAxis, offer: Offer) -> list[Cell]:
    cost = offer.cost_usd
    ends = f"{cost.low:+,.0f} to {cost.high:+,.0f}" if cost.has_interval else ""
    lines = ", ".join(f"{name} {share:.0%}" for name, share in offer.lines[:2])
    dates = [Cell(time.say(offer.dates[level])) for level in LEVELS]
    return [Cell(offer.words), *dates, Cell(lines), Cell(f"{cost.value:+,.0f} USD", ends)]


def _tell_displaced(promise: Promise) -> Section:
    time = TimeAxis(Clock(first_day=promise.asked.first_day))
    shown = promise.displaced[:MOST_ROWS]
    heads = ("order", "due", "days later", "on time before", "after")
    notes = []
    if len(shown) < len(promise.displaced):
        notes.append(f"{len(shown)} of {len(promise.displaced)} orders; the CSV file has all.")
    return Section(
        key="displaced",
        title="Orders that it moves",
        lead="Those whose probability of being on time falls come first.",
        parts=(Grid(heads=heads, rows=[_displaced_row(time, d) for d in shown]),),
        notes=notes,
    )


def _displaced_row(time: TimeAxis, moved: Displaced) -> list[Cell]:
    later = moved.days_later
    ends = f"{later.low:+.2f} to {later.high:+.2f}" if not math.isnan(later.low) else ""
    after = Cell(f"{moved.on_time_after:.0%}", tone="worse" if moved.lost > 0.0 else "")
    return [
        Cell(moved.order_id),
        Cell(time.say_due(moved.due_min)),
        Cell(f"{later.value:+.2f}", ends),
        Cell(f"{moved.on_time_before:.0%}"),
        after,
    ]
