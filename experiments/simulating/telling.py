"""What a run of `simulate.py` says in the end: tables for people, figures for its summary."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from experiments.command.run_folder import RunFolder
from experiments.report.bill import print_energy
from experiments.report.drawing import draw_run
from experiments.report.figures import further_figures
from experiments.report.finished_run import FinishedRun
from experiments.report.kpi_table import run_tables
from experiments.simulating.branch_report import report_branch
from experiments.simulating.options import SimulateOptions
from experiments.simulating.start import Start
from factory_env.kpi.quality import quality_intervals
from factory_env.kpi.table import kpis
from factory_env.kpi.washing import washing


def tell(
    finished: FinishedRun, start: Start, options: SimulateOptions, run: RunFolder
) -> dict[str, Any]:
    """Print the tables, of a branch beside those of its run; returns the summary."""
    log, agent, plant = finished.log, options.agent, start.config.plant_name
    print_energy(finished)
    figures = kpis(log) | washing(log)
    summary = {
        "agent": agent,
        "plant": plant,
        "seed": start.past.seed,
        **figures,
        **further_figures(finished),
        "intervals": quality_intervals(log),
        "finished": log.finished,
        "notes": list(start.notes),
    }
    if start.branch is not None:
        summary |= report_branch(start.branch, log, agent, run.path, pictures=options.pictures)
    else:
        title = f"{agent}, plant {plant}, seed {start.past.seed}"
        Console().print(run_tables(log, figures, title))
    if options.pictures:  # after the tables: they take longest
        print(f"{len(draw_run(finished, run.path))} pictures in {run.path}")
    return summary
