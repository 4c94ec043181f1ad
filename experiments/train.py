"""``python experiments/train.py agent=ppo``: train an agent, then put it beside every rule."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

START = time.monotonic()  # before the slow imports: train_minutes counts them

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from omegaconf import DictConfig  # noqa: E402

from experiments.build import scenario_from  # noqa: E402
from experiments.cli import run_main  # noqa: E402
from experiments.evaluate import compare, eval_problems  # noqa: E402
from experiments.learning import (  # noqa: E402
    resumed,
    settings_from,
    train_agent,
    training_problems,
)
from experiments.rundir import RunFolder  # noqa: E402
from factory_env.door.gather import Gather  # noqa: E402


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Train, then compare on the held-out seeds."""
    cfg = resumed(cfg)
    gather = Gather()
    scenario = gather(scenario_from, cfg)
    gather(settings_from, cfg)
    gather.problems += [*eval_problems(cfg), *training_problems(cfg)]
    gather.done()
    assert scenario is not None
    facts = train_agent(cfg, scenario, run.path)
    figures = compare(scenario, str(run.path), cfg, run, name="ppo")
    minutes = (time.monotonic() - START) / 60.0
    return {**figures, **facts, "train_minutes": round(minutes, 2), "folder": str(run.path)}


if __name__ == "__main__":
    run_main("train", task)
