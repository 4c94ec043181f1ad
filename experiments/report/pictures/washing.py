"""The washing room on one sheet: what each machine washes when, and how full it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.report.finished_run import FinishedRun
from experiments.report.palette import as_days, day_axis, save
from factory_env.domain.records import RunLog
from factory_env.kpi.washing import ROOM, washing

RECIPES: Final = ("#88CCEE", "#332288", "#DDCC77", "#117733", "#CC6677", "#882255")
WIDTH_IN: Final = 13.0


def is_washed(log: RunLog) -> bool:
    """Does the run have a washing room in which something was washed?"""
    return ROOM in log.tables and len(log.tables[ROOM]["pieces"]) > 0


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``washing.png``: batches by machine, from loading to empty; as high as the drum is full."""
    log = run.log
    if not is_washed(log):
        return
    batches, figures = log.tables[ROOM], washing(log)
    machines = int(log.facts["washing_machines"])
    figure = Figure(figsize=(WIDTH_IN, 2.2 + 0.5 * machines), layout="constrained")
    axes = figure.subplots()
    end_min = np.where(np.isnan(batches["out_min"]), log.end_min, batches["out_min"])
    start, end = as_days(batches["load_min"]), as_days(end_min)
    full = 0.8 * batches["kg"] / log.facts["washing_capacity_kg"]
    recipes = sorted(set(batches["recipe"]))
    for recipe, colour in zip(recipes, _colours(len(recipes)), strict=True):
        mine = batches["recipe"] == recipe
        axes.bar(
            start[mine],
            full[mine],
            width=(end - start)[mine],
            bottom=batches["machine"][mine],
            align="edge",
            color=colour,
        )
    axes.set_title(
        f"Washing room: {figures['washed_pieces']:,.0f} pieces, "
        f"{figures['wash_water_m3']:,.0f} m3 of water, machines "
        f"{figures['wash_fill_share']:.0%} full and {figures['wash_busy_share']:.0%} in use",
        loc="left",
        fontweight="bold",
    )
    axes.set_yticks([m + 0.4 for m in range(machines)], [str(m + 1) for m in range(machines)])
    axes.set_ylim(0.0, machines)
    axes.set_ylabel("machine (height: how full)")
    day_axis(axes, float(as_days(log.end_min)), run.first_day, run.calendar)
    colours = zip(recipes, _colours(len(recipes)), strict=True)
    handles = [Patch(color=colour, label=recipe) for recipe, colour in colours]
    figure.legend(handles=handles, loc="outside lower center", ncols=8, fontsize=8, frameon=False)
    yield save(figure, folder / "washing.png")


def _colours(n: int) -> list[str]:
    return [RECIPES[i % len(RECIPES)] for i in range(n)]


PLUG = draw
