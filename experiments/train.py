"""``python experiments/train.py agent=ppo``: train an agent, then put it beside every rule.

``env=energy agent=sac`` learns to run the site, ``env=joint agent=ppo`` to run both.
"""

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

from experiments.command.main import run_main  # noqa: E402
from experiments.command.run_folder import RunFolder  # noqa: E402
from experiments.evaluate import eval_problems  # noqa: E402
from experiments.training.choice import (  # noqa: E402
    learner_problems,
    learner_words,
    site_problems,
    task_of,
)
from experiments.training.scheduling import resumed, training_problems  # noqa: E402
from factory_env.door.gather import Gather  # noqa: E402


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Train on ``cfg.env``, then compare on the held-out seeds."""
    cfg = resumed(cfg)
    gather = Gather()
    gather.problems += learner_problems(cfg)
    gather.done()
    gather.problems += [*eval_problems(cfg), *training_problems(cfg), *site_problems(cfg)]
    figures = task_of(str(cfg.env))(cfg, run, gather)
    minutes = (time.monotonic() - START) / 60.0
    return {**figures, "train_minutes": round(minutes, 2), "folder": str(run.path)}


if __name__ == "__main__":
    run_main("train", task, learner_words(sys.argv[1:]))
