"""Pieces between cutting and the lorry, day by day."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.futures.report.facts import Facts, Floats
from experiments.futures.report.look import (
    BASE,
    DASHES,
    TimeAxis,
    colour,
    fade,
    lay_out,
)
from experiments.futures.report.order_rows import escape_text
from experiments.futures.report.section import Chart, Section
from factory_env.units import MIN_PER_DAY

ENDS = (10, 90)  # percent of the runs between which the band lies


def draw_wip(facts: Facts) -> Section | None:
    """A curve a variant, with a band in which four of five runs lie."""
    if not facts.runs(facts.base)[0].days["day"].shape[0]:
        return None
    traces: list[dict[str, Any]] = []
    for number, name in enumerate(facts.shown):
        paint = BASE if number == 0 else colour(number - 1)
        traces += _traces(facts, name, paint, DASHES[number % len(DASHES)])
    layout = lay_out(
        TimeAxis(facts.clock).axis(),
        {"title": "pieces in the house", "rangemode": "tozero", "tickformat": ",.0f"},
        hovermode="x unified",
    )
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=380,
        says="Work in progress by day, in the base and in each variant",
    )
    return Section(
        key="wip",
        title="Work in progress",
        lead="Mean over the runs at the end of each day; in the band lie four of five runs.",
        parts=(chart,),
    )


def _traces(facts: Facts, name: str, paint: str, dash: str) -> list[dict[str, Any]]:
    days, wip = stack_days(facts, name, "wip_pieces")
    at = [TimeAxis(facts.clock).at(day * MIN_PER_DAY) for day in days]
    low, high = np.nanpercentile(wip, ENDS, axis=0)
    group = {"legendgroup": name}
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [*at, *reversed(at)],
        "y": [*high, *low[::-1]],
        "fill": "toself",
        "fillcolor": fade(paint, 0.13),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        **group,
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": escape_text(name),
        "x": at,
        "y": np.nanmean(wip, axis=0),
        "line": {"color": paint, "width": 2.5, "dash": dash},
        "hovertemplate": "%{y:,.0f} pieces",
        **group,
    }
    return [band, line]


def stack_days(facts: Facts, name: str, key: str) -> tuple[list[int], Floats]:
    """Days of all runs, and a column of them, (n, days); NaN where a run had ended."""
    runs = facts.runs(name)
    days = sorted({int(d) for o in runs for d in o.days["day"].tolist()})
    at = {day: i for i, day in enumerate(days)}
    values = np.full((len(runs), len(days)), np.nan)
    for row, outcome in enumerate(runs):
        values[row, [at[int(d)] for d in outcome.days["day"].tolist()]] = outcome.days[key]
    return days, values
