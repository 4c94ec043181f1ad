"""Writes the plan of a run: ``plan.xlsx`` and ``plan.csv``, and ``plan.ics`` where it has dates."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from experiments.command.run_folder import write_text
from experiments.report.plans.calendar_file import calendar_bytes
from experiments.report.plans.rows import plan_rows
from experiments.report.plans.sheets import day_sheet, plan_sheet
from experiments.report.tables.clock import Clock
from experiments.report.tables.files import csv_text, write_workbook
from factory_env.domain.records import RunLog
from factory_env.whole_file import write_whole

WORKBOOK, TABLE, DAYS, CALENDAR = "plan.xlsx", "plan.csv", "line_days.csv", "plan.ics"
FILES: Final = (WORKBOOK, TABLE, DAYS, CALENDAR)


def write_plan(log: RunLog, clock: Clock, folder: Path) -> list[Path]:
    """The plan that a run followed; returns the files."""
    rows, days = plan_rows(log), day_sheet(log, clock)
    write_workbook([plan_sheet(rows, clock, as_text=False), days], folder, WORKBOOK)
    write_text(folder / TABLE, csv_text(plan_sheet(rows, clock, as_text=True)))
    write_text(folder / DAYS, csv_text(days))
    names = [WORKBOOK, TABLE, DAYS]
    if clock.first_day is not None:
        content = calendar_bytes(rows, clock.first_day)
        write_whole(folder / CALENDAR, lambda path: path.write_bytes(content))
        names.append(CALENDAR)
    return [folder / name for name in names]
