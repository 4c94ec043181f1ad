"""The plan of a run of ``simulate.py``: written, and compared with the one that was followed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.report.plans.comparison import compare_plan, count_as_planned
from experiments.report.plans.files import write_plan
from experiments.report.plans.floor_sheet import write_floor
from experiments.report.tables.clock import Clock
from experiments.report.tables.sheet import Sheet
from experiments.simulating.branch_point import minute_text
from experiments.simulating.start import Start
from factory_env.domain.line_plan import PlanStep
from factory_env.domain.records import RunLog
from factory_env.sim.history.replay import Past
from factory_env.sim.run import read_floor


def list_plan_sheets(plan: Sequence[PlanStep], log: RunLog, clock: Clock) -> list[Sheet]:
    """What became of the plan that was followed; nothing if none was."""
    return [compare_plan(plan, log, clock)] if plan else []


def report_floor(start: Start, past: Past, end_min: float, folder: Path) -> None:
    """Write the floor of the run at the minute that was asked for."""
    if start.floor_min is None:
        return
    when = minute_text(start.floor_min, start.first_day)
    if start.floor_min > end_min:
        print(f"note: no floor is written: the run was over before {when}", file=sys.stderr)
        return
    names = [line.name for line in past.scenario.plant.lines]
    files = write_floor(read_floor(past, start.floor_min), names, start.first_day, folder)
    print(f"the floor of {when}, for floor=: {files[0]}")


def report_plan(
    plan: Sequence[PlanStep], log: RunLog, clock: Clock, folder: Path
) -> dict[str, Any]:
    """Write the plan of the run; returns what the summary says of the one that was followed."""
    print(f"the plan of this run, for agent=plan: {write_plan(log, clock, folder)[0]}")
    if not plan:
        return {}
    kept = count_as_planned(plan, log)
    print(f"{kept} of {len(plan)} orders of the plan were begun as planned")
    return {"planned": len(plan), "as_planned": kept}
