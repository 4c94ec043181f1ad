"""Writes a scheduling agent as a model.zip, for MaskablePPO.load of sb3-contrib."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from factory_env.door.gather import Gather
from factory_env.errors import Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """See conf/export.yaml."""

    agent: str = "pretrained"
    to: str | None = None

    def problems(self) -> Iterator[Problem]:
        """Nobody's file is written over."""
        if self.to is None:
            return
        path = Path(self.to)
        if path.suffix != ".zip" or path.exists() or not path.parent.is_dir():
            rule = "must be a new file that ends in .zip, in a folder that exists"
            yield wrong("command line", "to", rule, self.to, "e.g. to=model.zip")


def task(options: ExportOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Write the zip, and say how it is loaded."""
    gather.done()
    from agents.deep.export import export_model  # brings torch

    to = run.path / "model.zip" if options.to is None else Path(options.to)
    noted = export_model(options.agent, to)
    made = f'gymnasium.make("GarmentFactory/Scheduling-v1", hold="free", prior={noted["prior"]})'
    print(f'MaskablePPO.load("{to}") of sb3_contrib plays what it learned on:\n{made}')
    return {"model": str(to), **noted, "folder": str(run.path)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("export", task, argv)


if __name__ == "__main__":
    main()
