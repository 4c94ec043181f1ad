"""The load of a week: when the site takes how much power."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from experiments.futures.report.facts import Facts, Floats
from experiments.futures.report.look import BASE, DASHES, colour, lay_out
from experiments.futures.report.order_rows import escape_text
from experiments.futures.report.section import Chart, Section

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SLOTS_PER_DAY: Final = 96


def draw_load(facts: Facts) -> Section | None:
    """A curve a variant; none without a site."""
    traces = []
    for number, name in enumerate(facts.shown):
        mean = mean_week(facts, name)
        if mean.shape[0]:
            paint = BASE if number == 0 else colour(number - 1)
            traces.append(_trace(name, mean, paint, DASHES[number % len(DASHES)]))
    if not traces:
        return None
    ticks = list(range(0, 7 * SLOTS_PER_DAY, SLOTS_PER_DAY))
    x = {"title": "time of the week", "tickvals": ticks, "ticktext": DAYS}
    layout = lay_out(
        {**x, "range": [0, 7 * SLOTS_PER_DAY], "ticklabelmode": "instant"},
        {"title": "mean load [kW]", "rangemode": "tozero"},
    )
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=360,
        says="Mean load of the site by quarter of an hour of the week",
    )
    return Section(
        key="load",
        title="Power over the week",
        lead="Mean load of the site over all weeks of all runs, by quarter of an hour.",
        parts=(chart,),
    )


def _trace(name: str, mean: Floats, paint: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape_text(name),
        "x": np.arange(mean.shape[0]),
        "y": np.round(mean, 2),
        "text": [say_slot(slot) for slot in range(mean.shape[0])],
        "line": {"color": paint, "width": 2, "shape": "hv", "dash": dash},
        "hovertemplate": f"%{{text}}, {escape_text(name)}: %{{y:.1f}} kW<extra></extra>",
    }


def mean_week(facts: Facts, name: str) -> Floats:
    """Mean load by quarter of an hour over the runs, (672,) [kW]; empty without a site."""
    weeks = [o.load_kw for o in facts.runs(name) if o.load_kw.shape[0]]
    return np.asarray(np.nanmean(np.stack(weeks), axis=0)) if weeks else np.array([])


def say_slot(slot: int) -> str:
    """
    >>> say_slot(97)
    'Tue 00:15'
    """
    day, quarter = divmod(slot, SLOTS_PER_DAY)
    return f"{DAYS[day % 7]} {quarter // 4:02d}:{15 * (quarter % 4):02d}"
