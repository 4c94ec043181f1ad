"""``python experiments/evaluate.py agent=pretrained``: who runs the lines, beside every rule."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from omegaconf import DictConfig

from agents import rules
from experiments.building.policy import tuned
from experiments.command.run_folder import RunFolder
from experiments.evaluating import statistics
from experiments.evaluating.scheduling_report import draw, print_table
from experiments.evaluating.tournament import Arena, Player, measure_floor, play_all
from factory_env import Scenario
from factory_env.catalogue import plug_names


def all_rules(plant_name: str) -> list[Player]:
    """Every rule of the house, with its tuned parameters.

    A key ``rule@goal`` of ``conf/tuned/<plant>.yaml`` is the rule tuned for another goal.
    """
    players = [Player(name=name, lines=name) for name in plug_names(rules)]
    for key, params in tuned(plant_name).items():
        rule, at, _ = key.partition("@")
        if at:
            players.append(Player(name=key, lines=rule, params=params))
    return players


def compare(
    scenario: Scenario, agent: str, cfg: DictConfig, run: RunFolder, name: str | None = None
) -> dict[str, Any]:
    """Play agent and rules, print the table, write table and picture; returns the figures."""
    players = all_rules(scenario.plant.name)
    if agent not in {p.lines for p in players}:
        players.append(Player(name=name or agent, lines=agent, is_rule=False))
    if (site := cfg.get("energy")) is not None:  # train.py: a policy runs the site meanwhile
        players = [replace(p, site=str(site)) for p in players]
    seeds = range(cfg.eval.first_seed, cfg.eval.first_seed + cfg.eval.episodes)
    arena = Arena(scenario=scenario, measure=measure_floor)
    results = play_all(arena, players, seeds, workers=cfg.eval.workers)
    rows = statistics.table(results)
    print_table(rows, len(seeds))
    title = f"Scheduling policies, {scenario.plant.name} plant, {scenario.name} scenario"
    draw(rows, run.path / "comparison.png", episodes=len(seeds), title=title)
    columns = {r.name: {k: v.tolist() for k, v in r.columns.items()} for r in results}
    text = json.dumps({"seeds": list(seeds), "kpis": columns})
    (run.path / "kpis_by_seed.json").write_text(text + "\n")
    return statistics.summary(results)
