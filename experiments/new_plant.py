"""Writes a plant of your own to fill in: `new_plant.py to=my_plant.xlsx country=BD`.

Plant, hours, public holidays, bulletins and an order book in one Excel workbook, or as files.
`plant=my_plant.xlsx` reads it back in every command.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.futures.planting.content import make_content
from experiments.futures.planting.files import write_files
from experiments.futures.planting.options import NewPlantOptions
from experiments.futures.planting.workbook import write_workbook
from factory_env.door.gather import Gather


def task(options: NewPlantOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, write, say what to do next."""
    scenario = gather(scenario_from, options)
    gather.done()
    assert scenario is not None
    content = make_content(scenario, options)
    if options.format == "workbook":
        plant = orders = options.target or run.path / "plant.xlsx"
        write_workbook(plant, content)
    else:
        plant, _, orders = write_files(options.target or run.path, scenario, content)
    print(f"{plant}: {len(content.lines)} lines, {scenario.plant.workers} sewing operators")
    print(f"next: python experiments/simulate.py plant={plant} orders={orders}")
    return {
        "plant": str(plant),
        "orders": str(orders),
        "lines": len(content.lines),
        "workers": scenario.plant.workers,
        "holidays": len(content.holidays),
        "operations": len(content.bulletins),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("new_plant", task, sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    main()
