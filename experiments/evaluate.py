"""``python experiments/evaluate.py agent=pretrained``: an agent beside every rule, same seeds.

``env=energy`` and ``env=joint`` do the same for who runs the site, and for who runs both.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, open_dict

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.evaluating.scheduling import compare
from factory_env.door.gather import Gather
from factory_env.errors import Problem, wrong

EPISODES = {"scheduling": 50, "energy": 20, "joint": 20}  # env -> runs, if none are asked for


def eval_problems(cfg: DictConfig) -> list[Problem]:
    """What is wrong with the numbers under ``eval``."""
    limits = {"first_seed": 0, "episodes": 2, "workers": 1}
    return [
        wrong(
            "config",
            f"eval.{key}",
            f"must be a whole number of at least {least}",
            repr(cfg.eval[key]),
            f"e.g. eval.{key}={max(least, 50 if key == 'episodes' else least)}",
        )
        for key, least in limits.items()
        if isinstance(cfg.eval[key], bool)
        or not isinstance(cfg.eval[key], int)
        or cfg.eval[key] < least
    ]


def env_problems(cfg: DictConfig) -> list[Problem]:
    """Is ``env`` one that there is?"""
    if cfg.env in EPISODES:
        return []
    return [
        wrong(
            "command line",
            "env",
            f"must be {', '.join(EPISODES)}",
            repr(cfg.env),
            "e.g. env=energy",
        )
    ]


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Evaluate ``cfg.agent``."""
    gather = Gather()
    gather.problems += env_problems(cfg)
    gather.done()
    with open_dict(cfg):
        if cfg.eval.episodes is None:
            cfg.eval.episodes = EPISODES[cfg.env]
    gather.problems += eval_problems(cfg)
    if cfg.env != "scheduling":
        # these bring a solver
        from experiments.evaluating.joint import joint_task
        from experiments.evaluating.site import site_task

        run_env = site_task if cfg.env == "energy" else joint_task
        return {**run_env(cfg, run, gather), "folder": str(run.path)}
    scenario = gather(scenario_from, cfg)
    gather(policy_from, cfg.agent, None, str(cfg.plant.get("name")))
    gather.done()
    assert scenario is not None
    name = cfg.agent if len(cfg.agent) <= 16 else Path(cfg.agent).name
    return {**compare(scenario, cfg.agent, cfg, run, name), "folder": str(run.path)}


if __name__ == "__main__":
    run_main("evaluate", task)
