"""``python experiments/evaluate.py agent=pretrained``: an agent beside every rule, same seeds.

``env=energy`` and ``env=joint`` do the same for who runs the site, and for who runs both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, open_dict

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.evaluating import statistics as comparison
from experiments.evaluating.playing import Contender, all_rules, evaluate
from experiments.evaluating.scheduling_report import draw, print_table
from factory_env import Scenario
from factory_env.door.gather import Gather
from factory_env.errors import Problem, wrong

EPISODES = {"scheduling": 50, "energy": 20, "joint": 20}  # env -> runs, if none are asked for


def compare(
    scenario: Scenario, agent: str, cfg: DictConfig, run: RunFolder, name: str | None = None
) -> dict[str, Any]:
    """Play agent and rules, print the table, write table and picture; returns the figures."""
    contenders = all_rules(scenario.plant.name)
    if agent not in {c.agent for c in contenders}:
        contenders.append(Contender(name=name or agent, agent=agent, is_rule=False))
    if (site := cfg.get("energy")) is not None:  # train.py: a policy runs the site meanwhile
        contenders = [replace(c, site=str(site)) for c in contenders]
    seeds = range(cfg.eval.first_seed, cfg.eval.first_seed + cfg.eval.episodes)
    results = evaluate(scenario, contenders, seeds, workers=cfg.eval.workers)
    rows = comparison.table(results)
    print_table(rows, len(seeds))
    title = f"Scheduling policies, {scenario.plant.name} plant, {scenario.name} scenario"
    draw(rows, run.path / "comparison.png", episodes=len(seeds), title=title)
    columns = {r.contender.name: {k: v.tolist() for k, v in r.columns.items()} for r in results}
    text = json.dumps({"seeds": list(seeds), "kpis": columns})
    (run.path / "kpis_by_seed.json").write_text(text + "\n")
    return comparison.summary(results)


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
