"""Where the bottleneck is, and where it moves: busy lines and rooms, and orders that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.futures.outcome import Outcome
from experiments.futures.report.facts import Facts
from experiments.futures.report.look import BASE, colour, lay_out
from experiments.futures.report.order_rows import escape_text
from experiments.futures.report.section import Cell, Chart, Grid, Section
from experiments.futures.report.words import UNKNOWN, say_number, say_share
from factory_env.units import MIN_PER_HOUR

MOST_STATIONS = 12  # drawn, the busiest first


def rank_stations(facts: Facts, name: str) -> list[tuple[str, float, float]]:
    """Lines and rooms, busy share, hours of orders waiting: the busiest first."""
    busy = _mean_by_station(facts.runs(name), "busy_share")
    waits = _mean_by_station(facts.runs(name), "waiting_min")
    ranked = sorted(busy, key=lambda station: (-busy[station], -waits[station]))
    return [(station, busy[station], waits[station] / MIN_PER_HOUR) for station in ranked]


def draw_bottleneck(facts: Facts) -> Section | None:
    """Bars of busy shares, and a table with the waiting."""
    base = rank_stations(facts, facts.base)
    if not base:
        return None
    stations = [station for station, _, _ in base]
    stations += [s for n in facts.shown for s, _, _ in rank_stations(facts, n) if s not in stations]
    stations = list(dict.fromkeys(stations))
    chart = _bars(facts, stations[:MOST_STATIONS])
    return Section(
        key="bottleneck",
        title="Where the bottleneck is",
        lead=(
            "Share of their time in which lines and rooms work, the busiest of the base on top. "
            "What is busy nearly always, with orders waiting before it, sets the pace."
        ),
        parts=(chart, _table(facts, stations)),
    )


def _mean_by_station(runs: Sequence[Outcome], key: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for outcome in runs:
        names = outcome.stations["name"].astype(str).tolist()
        for name, value in zip(names, outcome.stations[key].tolist(), strict=True):
            values.setdefault(name, []).append(value)
    return {name: float(np.nanmean(column)) for name, column in values.items()}


def _bars(facts: Facts, stations: Sequence[str]) -> Chart:
    traces: list[dict[str, Any]] = []
    for number, name in enumerate(facts.shown):
        shares = {station: busy for station, busy, _ in rank_stations(facts, name)}
        values = [shares.get(station) for station in stations]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escape_text(name),
                "y": [escape_text(station) for station in stations],
                "x": values,
                "marker": {"color": BASE if number == 0 else colour(number - 1)},
                "text": ["" if v is None else say_share(v) for v in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": f"%{{y}}, {escape_text(name)}: %{{x:.1%}} busy<extra></extra>",
            }
        )
    layout = lay_out(
        {"title": "share of the time busy", "tickformat": ".0%", "range": [0, 1.08]},
        {"type": "category", "autorange": "reversed", "fixedrange": True},
        barmode="group",
        bargap=0.25,
    )
    height = 100 + len(stations) * (12 + 15 * len(traces))
    says = "Share of the time in which each line and room works"
    return Chart(plot={"data": traces, "layout": layout}, height_px=height, says=says)


def _table(facts: Facts, stations: Sequence[str]) -> Grid:
    """Hours that orders wait before each."""
    columns = {n: {s: (b, w) for s, b, w in rank_stations(facts, n)} for n in facts.shown}
    rows = []
    for station in stations:
        row = [Cell(station)]
        for name in facts.shown:
            if station in columns[name]:
                busy, wait = columns[name][station]
                row.append(Cell(say_share(busy), f"orders wait {say_number(wait, 'h')}"))
            else:
                row.append(Cell(UNKNOWN, tone="quiet"))
        rows.append(row)
    return Grid(heads=("line or room", *facts.shown), rows=rows)
