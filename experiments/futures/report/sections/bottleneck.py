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
from experiments.futures.report.words import UNKNOWN, mean_known, say_number, say_share
from experiments.futures.statistics.differences import paired_difference
from factory_env.units import MIN_PER_HOUR

MOST_STATIONS = 12  # drawn, the busiest first


def rank_stations(facts: Facts, name: str) -> list[tuple[str, float, float]]:
    """Lines and rooms, busy share (NaN = not told), hours of waiting: the busiest first."""
    busy = _mean_by_station(facts.runs(name), "busy_share")
    waits = _mean_by_station(facts.runs(name), "waiting_min")
    ranked = sorted(busy, key=lambda station: (-np.nan_to_num(busy[station]), -waits[station]))
    return [(station, busy[station], waits[station] / MIN_PER_HOUR) for station in ranked]


def find_bottleneck(facts: Facts, name: str, usual: str) -> str:
    """The busiest line or room of a variant: another than the usual one only if runs can tell."""
    ranked = rank_stations(facts, name)
    if not ranked or ranked[0][0] == usual:
        return usual
    busiest = ranked[0][0]
    shares = {station: _list_shares(facts, name, station) for station in (usual, busiest)}
    difference = paired_difference(shares[usual], shares[busiest])
    return usual if difference.holds_zero else busiest


def _list_shares(facts: Facts, name: str, station: str) -> list[float]:
    """Of every run; NaN = it is not there."""
    shares = []
    for outcome in facts.runs(name):
        at = np.flatnonzero(outcome.stations["name"].astype(str) == station)
        shares.append(float(outcome.stations["busy_share"][at[0]]) if at.size else float("nan"))
    return shares


def draw_bottleneck(facts: Facts) -> Section | None:
    """Bars of busy shares, and a table with the waiting."""
    base = rank_stations(facts, facts.base)
    if not base:
        return None
    stations = [station for station, _, _ in base]
    stations += [s for n in facts.shown for s, _, _ in rank_stations(facts, n) if s not in stations]
    stations = list(dict.fromkeys(stations))
    told = [s for s, busy, _ in base if not np.isnan(busy)]
    chart = _bars(facts, told[:MOST_STATIONS])
    return Section(
        key="bottleneck",
        title="Where the bottleneck is",
        lead=(
            "Share of their time until the horizon in which lines and rooms work, the busiest of "
            "the base on top. What is busy nearly always, with work waiting before it, sets the "
            "pace. Below it the mean wait of an order or lot before it, in shift hours."
        ),
        parts=(chart, _table(facts, stations)),
    )


def _mean_by_station(runs: Sequence[Outcome], key: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for outcome in runs:
        names = outcome.stations["name"].astype(str).tolist()
        for name, value in zip(names, outcome.stations[key].tolist(), strict=True):
            values.setdefault(name, []).append(value)
    return {name: mean_known(column) for name, column in values.items()}


def _bars(facts: Facts, stations: Sequence[str]) -> Chart:
    traces: list[dict[str, Any]] = []
    for number, name in enumerate(facts.shown):
        shares = {station: busy for station, busy, _ in rank_stations(facts, name)}
        values = [shares.get(station, np.nan) for station in stations]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escape_text(name),
                "y": [escape_text(station) for station in stations],
                "x": values,
                "marker": {"color": BASE if number == 0 else colour(number - 1)},
                "text": ["" if np.isnan(v) else say_share(v) for v in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": f"%{{y}}, {escape_text(name)}: %{{x:.1%}} busy<extra></extra>",
            }
        )
    layout = lay_out(
        {"title": "share of the time busy", "tickformat": ".0%", "range": [0, _right_end(traces)]},
        {"type": "category", "autorange": "reversed", "fixedrange": True},
        barmode="group",
        bargap=0.25,
    )
    height = 100 + len(stations) * (12 + 15 * len(traces))
    says = "Share of the time in which each line and room works"
    return Chart(plot={"data": traces, "layout": layout}, height_px=height, says=says)


def _right_end(traces: Sequence[dict[str, Any]]) -> float:
    """Of the axis, with room for a number beside the longest bar."""
    longest = max((v for t in traces for v in t["x"] if not np.isnan(v)), default=1.0)
    return float(min(1.0, longest) * 1.1)


def _table(facts: Facts, stations: Sequence[str]) -> Grid:
    """Hours that orders wait before each."""
    columns = {n: {s: (b, w) for s, b, w in rank_stations(facts, n)} for n in facts.shown}
    rows = []
    for station in stations:
        row = [Cell(station)]
        for name in facts.shown:
            if station in columns[name]:
                busy, wait = columns[name][station]
                row.append(Cell(say_share(busy), f"wait {say_number(wait, 'h')}"))
            else:
                row.append(Cell(UNKNOWN, tone="quiet"))
        rows.append(row)
    return Grid(heads=("line or room", *facts.shown), rows=rows)
