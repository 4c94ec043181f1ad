"""A promise in words: dates by probability, what it displaces, CSV files, the summary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.futures.promising.levels import LEVELS
from experiments.futures.promising.session import PROMISED, Displaced, Offer, Promise
from experiments.futures.statistics.estimate import Estimate
from experiments.report.tables.clock import Clock, show_when
from experiments.report.tables.files import write_tables
from experiments.report.tables.sheet import Column, Sheet

WIDTH: Final = 144
MOST_DISPLACED: Final = 12  # rows at the terminal; the CSV file has all


def headline(promise: Promise) -> str:
    """What is asked for."""
    order = promise.asked.order
    return f"{order.quantity:,} x {order.style_id}, {promise.runs} futures"


def say_promise(promise: Promise) -> list[str]:
    """Three sentences computed from the figures."""
    plain, asked = promise.offers[0], promise.asked
    dates = ", ".join(f"{_when(promise, plain.dates[p])} with {p:.0%}" for p in LEVELS)
    sentences = [f"{headline(promise)}: out of the house by {dates}."]
    if plain.lines:
        line, share = plain.lines[0]
        sentences.append(
            f"It is sewn on {line} in {share:.0%} of the futures, and costs {_usd(plain.cost_usd)} "
            f"USD more than not to take it; it sells for "
            f"{asked.order.quantity * asked.order.price_usd:,.0f} USD."
        )
    worst = [d for d in promise.displaced if d.lost > 0.0][:3]
    names = ", ".join(f"{d.order_id} ({_change(d)})" for d in worst)
    sentences.append(f"It endangers {names}." if worst else "It makes no other order late.")
    if promise.by_probability is not None and asked.by_min is not None:
        p = promise.by_probability
        by = show_when(Clock(first_day=asked.first_day).due(asked.by_min))
        sentences.append(f"By {by}: {p.value:.0%} ({p.low:.0%} to {p.high:.0%}).")
    return sentences


def print_promise(promise: Promise) -> None:
    """Dates by probability for every way, and what is displaced."""
    console = Console(width=WIDTH)
    for sentence in say_promise(promise):
        console.print(escape(sentence), highlight=False)
    console.print(_offer_table(promise))
    if promise.displaced:
        console.print(_displaced_table(promise))


def _offer_table(promise: Promise) -> Table:
    table = Table(title="out of the house by", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("how")
    for level in LEVELS:
        table.add_column(f"with {level:.0%}", no_wrap=True, style="bold" * (level == PROMISED))
    table.add_column("line", no_wrap=True)
    table.add_column("cost (USD)", justify="right", no_wrap=True)
    for offer in promise.offers:
        line = " ".join(f"{name} {share:.0%}" for name, share in offer.lines[:2])
        dates = [_when(promise, offer.dates[level]) for level in LEVELS]
        table.add_row(offer.words, *dates, line, _usd(offer.cost_usd))
    return table


def _displaced_table(promise: Promise) -> Table:
    moved, clock = promise.displaced, Clock(first_day=promise.asked.first_day)
    shown = moved[:MOST_DISPLACED]
    title = f"orders that it moves ({len(shown)} of {len(moved)}, those in danger first)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in ("order", "due"):
        table.add_column(name, no_wrap=True)
    for name in ("days later", "on time before", "after"):
        table.add_column(name, justify="right", no_wrap=True)
    for d in shown:
        table.add_row(
            escape(d.order_id),
            show_when(clock.due(d.due_min)),
            f"{d.days_later.value:+.2f} ({d.days_later.low:+.2f} to {d.days_later.high:+.2f})",
            f"{d.on_time_before:.0%}",
            f"{d.on_time_after:.0%}",
            style="bold" if d.lost > 0.0 else None,
        )
    return table


def _when(promise: Promise, minute: float) -> str:
    if math.isinf(minute):
        return "not within the futures"
    return show_when(Clock(first_day=promise.asked.first_day).moment(minute))


def _change(displaced: Displaced) -> str:
    return f"on time {displaced.on_time_before:.0%} to {displaced.on_time_after:.0%}"


def _usd(cost: Estimate) -> str:
    if cost.is_alike or not cost.has_interval:
        return f"{cost.value:+,.0f}"
    return f"{cost.value:+,.0f} ({cost.low:+,.0f} to {cost.high:+,.0f})"


def write_sheets(promise: Promise, folder: Path) -> None:
    """``tables/offers.csv`` and ``tables/displaced.csv``."""
    write_tables([_offer_sheet(promise), _displaced_sheet(promise)], folder)


def _offer_sheet(promise: Promise) -> Sheet:
    clock = Clock(first_day=promise.asked.first_day)
    columns = [Column("how"), *(Column(f"with {level:.0%}", "when") for level in LEVELS)]
    columns += [Column("line"), Column("share of futures", "share")]
    columns += [Column(f"cost{end}", "money", "USD") for end in ("", " low", " high")]
    rows: list[Sequence[Any]] = []
    for offer in promise.offers:
        line, share = offer.lines[0] if offer.lines else ("", 0.0)
        dates = [clock.moment(offer.dates[level]) for level in LEVELS]
        rows.append((offer.words, *dates, line, share, *offer.cost_usd))
    return Sheet(name="Offers", columns=tuple(columns), rows=rows)


def _displaced_sheet(promise: Promise) -> Sheet:
    clock = Clock(first_day=promise.asked.first_day)
    columns = [Column("order"), Column("due", "when")]
    columns += [Column(f"days later{end}", "number") for end in ("", " low", " high")]
    columns += [Column("on time before", "share"), Column("on time after", "share")]
    rows = [
        (d.order_id, clock.due(d.due_min), *d.days_later, d.on_time_before, d.on_time_after)
        for d in promise.displaced
    ]
    return Sheet(name="Displaced", columns=tuple(columns), rows=rows)


def summarise(promise: Promise) -> dict[str, Any]:
    """For machines."""
    asked = promise.asked
    by = promise.by_probability
    return {
        "order": asked.order.order_id,
        "style": asked.order.style_id,
        "quantity": asked.order.quantity,
        "replications": promise.runs,
        **_dates(promise, promise.offers[0]),
        "offers": [_figures(promise, offer) for offer in promise.offers],
        "displaced": [
            {
                "order_id": d.order_id,
                "days_later": d.days_later.value,
                "on_time_before": d.on_time_before,
                "on_time_after": d.on_time_after,
            }
            for d in promise.displaced
        ],
        "by_probability": None if by is None else by.value,
        "by_probability_low": None if by is None else by.low,
        "by_probability_high": None if by is None else by.high,
        "sentences": say_promise(promise),
        "notes": list(asked.notes),
    }


def _figures(promise: Promise, offer: Offer) -> dict[str, Any]:
    cost = offer.cost_usd
    return {
        "how": offer.words,
        **_dates(promise, offer),
        "lines": dict(offer.lines),
        "cost_usd": cost.value,
        "cost_usd_low": cost.low,
        "cost_usd_high": cost.high,
    }


def _dates(promise: Promise, offer: Offer) -> dict[str, Any]:
    """Minute and date of every level."""
    clock = Clock(first_day=promise.asked.first_day)
    figures: dict[str, Any] = {}
    for level in LEVELS:
        moment = clock.moment(offer.dates[level])
        figures[f"p{level * 100:.0f}_min"] = offer.dates[level]
        figures[f"p{level * 100:.0f}"] = None if moment is None else str(moment)
    return figures
