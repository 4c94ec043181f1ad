"""``python experiments/evaluate.py agent=pretrained``: an agent beside every rule, same seeds."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments import comparison
from experiments.build import policy_from, scenario_from
from experiments.cli import run_main
from experiments.evaluation import Contender, all_rules, evaluate
from experiments.report.comparison import draw, print_table
from experiments.rundir import RunFolder
from factory_env import Scenario
from factory_env.door.gather import Gather
from factory_env.errors import Problem


def compare(
    scenario: Scenario, agent: str, cfg: DictConfig, run: RunFolder, name: str | None = None
) -> dict[str, Any]:
    """Play agent and rules, print the table, write table and picture; returns the figures."""
    contenders = all_rules(scenario.plant.name)
    if agent not in {c.agent for c in contenders}:
        contenders.append(Contender(name=name or agent, agent=agent, is_rule=False))
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
        Problem(
            where="config",
            field=f"eval.{key}",
            rule=f"must be a whole number of at least {least}",
            got=repr(cfg.eval[key]),
            right=f"e.g. eval.{key}={max(least, 50 if key == 'episodes' else least)}",
        )
        for key, least in limits.items()
        if isinstance(cfg.eval[key], bool)
        or not isinstance(cfg.eval[key], int)
        or cfg.eval[key] < least
    ]


def task(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Evaluate ``cfg.agent``."""
    gather = Gather()
    scenario = gather(scenario_from, cfg)
    gather(policy_from, cfg.agent, None, str(cfg.plant.get("name")))
    gather.problems += eval_problems(cfg)
    gather.done()
    assert scenario is not None
    name = cfg.agent if len(cfg.agent) <= 16 else Path(cfg.agent).name
    return {**compare(scenario, cfg.agent, cfg, run, name), "folder": str(run.path)}


if __name__ == "__main__":
    run_main("evaluate", task)
