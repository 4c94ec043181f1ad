"""Makes a plant file of your daily records: people, learning, absence, form of the day."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.calibrating.fits import fit_all
from experiments.calibrating.options import CalibrateOptions
from experiments.calibrating.pictures import draw_calibration
from experiments.calibrating.plant_people import calibrated_plant
from experiments.calibrating.report_text import report_text
from experiments.calibrating.summary import summary_of
from experiments.calibrating.team_days import from_records
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, write_text
from factory_env.door.daily_records import read_daily_records
from factory_env.door.gather import Gather


def task(options: CalibrateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check everything, fit, and leave plant file, report and pictures."""
    gather.done()
    records = read_daily_records(
        options.data, options.until, options.data_format, options.shift_min
    )
    for note in (*records.notes, *map(str, records.causes)):
        print(f"note: {note}", file=sys.stderr)
    days = from_records(records)
    print(f"{len(days)} sewing team-days of {len(records.teams)} teams; fitting ...")
    fits = fit_all(days, options.points, options.draws, options.seed)
    if options.refine:
        print("matching level, learning and form in simulation (about a minute) ...")
    plant = calibrated_plant(fits, records, options)
    write_text(run.path / "plant.yaml", plant.text)
    pictures = draw_calibration(fits, run.path, options.seed)
    write_text(run.path / "report.md", report_text(records, fits, plant, pictures))
    print(f"plant.yaml, report.md and {len(pictures)} pictures in {run.path}")
    return summary_of(records, fits, plant)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("calibrate", task, argv)


if __name__ == "__main__":
    main()
