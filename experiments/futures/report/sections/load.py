"""The load of a week: when the site takes how much power."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import BASE, DASHES, colour, lay_out
from experiments.futures.report.order_rows import escape_text
from experiments.futures.report.section import Chart, Section

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SLOTS_PER_DAY: Final = 96


def draw_load(facts: Facts) -> Section | None:
    """A curve a variant; none without a site."""
    traces: list[dict[str, Any]] = []
    for number, name in enumerate(facts.shown):
        weeks = [o.load_kw for o in facts.runs(name) if o.load_kw.shape[0]]
        if not weeks:
            continue
        mean = np.nanmean(np.stack(weeks), axis=0)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": escape_text(name),
                "x": np.arange(mean.shape[0]),
                "y": np.round(mean, 2),
                "text": [say_slot(slot) for slot in range(mean.shape[0])],
                "line": {
                    "color": BASE if number == 0 else colour(number - 1),
                    "width": 2,
                    "shape": "hv",
                    "dash": DASHES[number % len(DASHES)],
                },
                "hovertemplate": f"%{{text}}, {escape_text(name)}: %{{y:.1f}} kW<extra></extra>",
            }
        )
    if not traces:
        return None
    ticks = [slot for slot in range(0, 7 * SLOTS_PER_DAY, SLOTS_PER_DAY)]
    x = {"title": "quarter of an hour of the week", "tickvals": ticks, "ticktext": DAYS}
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


def say_slot(slot: int) -> str:
    """
    >>> say_slot(97)
    'Tue 00:15'
    """
    day, quarter = divmod(slot, SLOTS_PER_DAY)
    return f"{DAYS[day % 7]} {quarter // 4:02d}:{15 * (quarter % 4):02d}"
