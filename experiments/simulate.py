"""Runs one factory under one policy: `simulate.py agent=atcs plant=mid orders=my_orders.csv`.

Or continues a run under another: `simulate.py branch=<run folder>@<day hh:mm> agent=edd`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policies_from
from experiments.command.main import run_main
from experiments.command.progress import run_factory
from experiments.command.run_folder import RunFolder
from experiments.report.bill import report_energy
from experiments.report.collection import report_collection
from experiments.report.inspection_chart import chart_figures
from experiments.report.kpi_table import run_tables
from experiments.report.pictures import draw_run
from experiments.simulating.branch_report import report_branch
from experiments.simulating.options import SimulateOptions
from experiments.simulating.run_record import save_record
from experiments.simulating.start import start_from
from factory_env.door.gather import Gather
from factory_env.kpi.quality import quality_intervals
from factory_env.kpi.table import kpis
from factory_env.kpi.washing import washing
from factory_env.logfile import save_log


def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check everything, run, and leave log, pictures and KPIs."""
    start = gather(start_from, options)
    config = options if start is None else start.config  # a branch brings its own plant
    policy = gather(policies_from, config, options.agent, options.params)
    gather.done()
    assert start is not None
    if start.branch is not None:
        run.adopt(start.branch.adopted)
    for note in start.notes:
        print(f"note: {note}", file=sys.stderr)
    log = run_factory(factory := start.factory(record_operations=options.operations), policy)
    save_log(log, run.path / "log")
    save_record(factory.past, start.first_day, run.path)
    if options.pictures:
        drawn = len(draw_run(log, factory.scenario.calendar, run.path, start.first_day))
        print(f"{drawn} pictures in {run.path}")
    agent, figures = options.agent, kpis(log) | washing(log)
    more = report_energy(log, factory.scenario, config.energy, run.path, pictures=options.pictures)
    more |= chart_figures(log) if log.facts.get("has_station") else {}
    more |= report_collection(log, run.path, pictures=options.pictures)
    summary = {
        "agent": agent,
        "plant": config.plant_name,
        "seed": factory.seed,
        **figures,
        **more,
        "intervals": quality_intervals(log),
        "finished": log.finished,
        "notes": list(start.notes),
    }
    if start.branch is not None:
        pair = report_branch(start.branch, log, agent, run.path, pictures=options.pictures)
        return summary | pair
    title = f"{agent}, plant {config.plant_name}, seed {factory.seed}"
    Console().print(run_tables(log, figures, title))
    return summary


if __name__ == "__main__":
    run_main("simulate", task)
