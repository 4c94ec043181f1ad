"""Trains a network of the factory, or measures it: designs, camera, fabric stains."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    # before NumPy comes in: on small matrices threads wait for each other, long on a busy machine
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from experiments import fitting
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.fitting.every.options import FitOptions
from factory_env.catalogue import load_plug
from factory_env.door.gather import Gather


def task(options: FitOptions, run: RunFolder, gather: Gather) -> Mapping[str, Any]:
    """Hand over to the file of ``experiments/fitting`` that bears the model's name."""
    summary: Mapping[str, Any] = load_plug(fitting, options.network)(options, run, gather)
    return summary


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("fit", task, argv)


if __name__ == "__main__":
    main()
