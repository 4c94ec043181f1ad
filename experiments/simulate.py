"""Runs one factory once: late orders, costs, pictures and a workbook.

`orders=my_book.csv` gives it your orders; else the scenario draws some.
`agent=plan plan=my_plan.xlsx` follows your own plan; every run leaves one, `plan.xlsx`.
`floor=today.csv` begins with the floor as it stands; `floor_at="day 12 10:00"` writes one.
`branch=<run folder>@<day hh:mm> agent=edd` lets another policy go on from that minute.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.progress import run_factory
from experiments.command.run_folder import RunFolder
from experiments.report.drawing import Studio
from experiments.simulating.options import SimulateOptions
from experiments.simulating.plan_report import report_floor
from experiments.simulating.planned import choose_decider
from experiments.simulating.run_record import save_record
from experiments.simulating.start import start_from
from experiments.simulating.telling import tell
from factory_env.door.gather import Gather
from factory_env.logfile import save_log


def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check everything, run, and leave log, pictures and KPIs."""
    start = gather(start_from, options)
    decides = gather(choose_decider, options, start)
    gather.done()
    assert start is not None
    assert decides is not None
    studio = Studio() if options.pictures else None
    if start.branch is not None:
        run.adopt(start.branch.adopted)
    start.announce()
    factory = start.factory(record_operations=options.operations)
    log = run_factory(factory, decides.policy)
    save_log(log, run.path / "log")
    save_record(factory.past, start.first_day, run.path)
    report_floor(start, factory.past, factory.now_min, run.path)
    finished = start.finish(factory.scenario, log)
    return tell(finished, start, options, run, studio, decides.plan)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("simulate", task, argv)


if __name__ == "__main__":
    main()
