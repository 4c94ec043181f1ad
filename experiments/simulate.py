"""Runs one factory under one policy: `simulate.py agent=atcs plant=mid orders=my_orders.csv`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from omegaconf import DictConfig
from rich.console import Console

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.build import policy_from, scenario_from, seed_from, switch_from
from experiments.cli import run_main
from experiments.own_book import workload
from experiments.progress import run_factory
from experiments.report.kpi_table import kpi_table
from experiments.report.pictures import draw_run
from experiments.rundir import RunFolder
from factory_env.door.gather import Gather
from factory_env.kpi.table import kpis
from factory_env.logfile import save_log
from factory_env.sim.factory import Factory


def task(cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Check everything, run, and leave log, pictures and KPIs."""
    gather = Gather()
    seed = gather(seed_from, cfg)
    operations, pictures = (gather(switch_from, cfg, k) for k in ("operations", "pictures"))
    scenario = gather(scenario_from, cfg)
    policy = gather(policy_from, str(cfg.agent), cfg.params, str(cfg.plant.get("name")))
    work = gather(workload, scenario, cfg.orders, seed or 0) if scenario is not None else None
    gather.done()
    assert work is not None
    for note in work.notes:
        print(f"note: {note}", file=sys.stderr)
    factory = Factory(work.scenario, seed, orders=work.orders, record_operations=operations)
    log = run_factory(factory, policy)
    save_log(log, run.path / "log")
    if pictures:
        shown = draw_run(log, work.scenario.calendar, run.path, work.first_day)
        print(f"{len(shown)} pictures in {run.path}")
    found = kpis(log)
    Console().print(kpi_table(found, f"{cfg.agent}, plant {cfg.plant.name}, seed {seed}"))
    return {"agent": str(cfg.agent), "plant": cfg.plant.name, "seed": seed, **found,
            "finished": log.finished, "notes": list(work.notes)}  # fmt: skip


if __name__ == "__main__":
    run_main("simulate", task)
