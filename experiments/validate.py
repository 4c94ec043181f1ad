"""Checks the sewing line against flow shop instances: `validate.py flow_shop=<file>`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.cli import run_main
from experiments.flow_shop import makespan, read_instance, read_sequence
from experiments.neh import neh_sequence
from experiments.rundir import RunFolder
from factory_env.errors import InputError, Problem


def task(cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Makespan of a sequence, or of the NEH sequence, on the line."""
    if cfg.flow_shop is None:
        raise InputError([Problem(
            where="command line", field="flow_shop", rule="must be given", got="nothing",
            right="flow_shop=<file>: jobs, machines, then the times")])  # fmt: skip
    times = read_instance(str(cfg.flow_shop))
    jobs, machines = times.shape
    found: dict[str, Any] = {
        "instance": Path(str(cfg.flow_shop)).stem,
        "jobs": jobs,
        "machines": machines,
    }
    if cfg.sequence is None:
        sequence, first, key = neh_sequence(times), 1, "neh_makespan"
    else:
        (sequence, first), key = read_sequence(str(cfg.sequence), jobs), "makespan"
        print(f"sequence: jobs counted from {first}")
    found[key] = round(makespan(times, sequence))
    found["sequence"] = (sequence + first).tolist()
    print(f"{found['instance']}: {jobs} jobs, {machines} machines, {key} {found[key]}")
    return found


if __name__ == "__main__":
    run_main("validate", task)
