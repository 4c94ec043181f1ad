"""What a run of `simulate.py` says in the end: one screen for people, the rest as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from experiments.command.run_folder import RunFolder
from experiments.report.drawing import Studio
from experiments.report.figures import further_figures
from experiments.report.finished_run import FinishedRun
from experiments.report.in_short import cost_text, key_table, late_table
from experiments.report.tables.clock import Clock
from experiments.report.tables.files import FOLDER, WORKBOOK, write_tables, write_workbook
from experiments.report.tables.orders import late_orders
from experiments.report.tables.run_sheets import list_sheets
from experiments.report.tables.sheet import Sheet
from experiments.simulating.options import SimulateOptions
from experiments.simulating.plan_report import list_plan_sheets, report_plan
from experiments.simulating.start import Start
from factory_env.domain.line_plan import PlanStep
from factory_env.kpi.quality import quality_intervals
from factory_env.kpi.table import kpis
from factory_env.kpi.washing import washing

WIDTH = 110  # most characters of a line


def tell(
    finished: FinishedRun,
    start: Start,
    options: SimulateOptions,
    run: RunFolder,
    studio: Studio | None,
    plan: Sequence[PlanStep] = (),
) -> dict[str, Any]:
    """Print the tables, of a branch beside those of its run; returns the summary.

    Parameters
    ----------
    studio
        Draws the pictures meanwhile; None = nobody does.
    plan
        That was followed, to be compared with what became of it.
    """
    if studio is not None:
        studio.begin(finished, run.path)
    log, agent, plant = finished.log, options.agent, start.config.plant_name
    figures = kpis(log) | washing(log)
    late = late_orders(log)
    summary = {
        "agent": agent,
        "plant": plant,
        "seed": start.past.seed,
        **figures,
        **further_figures(finished),
        "late_orders": len(late),
        "intervals": quality_intervals(log),
        "finished": log.finished,
        "notes": list(start.notes),
    }
    console = _console()
    if start.branch is not None:
        from experiments.simulating.branch_report import report_branch

        summary |= report_branch(start.branch, log, agent, run.path, pictures=options.pictures)
    else:
        console.print(key_table(figures, f"{agent}, plant {plant}, seed {start.past.seed}"))
        console.print(escape(cost_text(log)), highlight=False)
    if finished.energy is not None:
        from experiments.report.bill import print_energy

        print_energy(finished)
    clock = Clock(first_day=finished.first_day)
    console.print(late_table(late, clock, console.width) if late else "No order is late.")
    sheets = list_sheets(finished, figures, late, clock, start.notes)
    _write([*list_plan_sheets(plan, log, clock), *sheets], run.path)
    summary |= report_plan(plan, log, clock, run.path)
    if studio is not None:
        print(f"{len(studio.finish())} pictures in {run.path}")
    return summary


def _write(sheets: Sequence[Sheet], folder: Path) -> None:
    write_tables(sheets, folder)
    write_workbook(sheets, folder)
    print(f"every table: {folder / WORKBOOK}, and as CSV in {folder / FOLDER}")


def _console() -> Console:
    console = Console()
    is_narrow = console.is_terminal and console.width < WIDTH
    return console if is_narrow else Console(width=WIDTH)
