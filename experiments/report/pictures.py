"""Every picture of a run, behind a progress bar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from experiments.command.progress import watched
from experiments.report.flow_charts import draw_cost, draw_wip
from experiments.report.gantt import draw_lines, draw_overview
from experiments.report.inspection_flow import draw_inspection
from experiments.report.state_chart import draw_states
from experiments.report.station_bands import has_station
from experiments.report.washing import draw_washing, is_washed
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog


def draw_run(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> list[Path]:
    """Gantt charts by line and for all, work in progress, cost, time; PNG files in ``folder``.

    With the inspection station also the flow of pieces through its repair loop, with a washing
    room its machines.
    """
    lines = draw_lines(log, calendar, folder, first_day)
    station = [draw_inspection(log, folder)] if has_station(log) else []
    return [
        *watched(lines, "drawing", len(log.lines)),
        draw_overview(log, calendar, folder, first_day),
        draw_wip(log, calendar, folder, first_day),
        draw_cost(log, folder),
        draw_states(log, folder),
        *station,
        *([draw_washing(log, calendar, folder, first_day)] if is_washed(log) else []),
    ]
