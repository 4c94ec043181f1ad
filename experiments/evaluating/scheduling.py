"""``python experiments/evaluate.py agent=pretrained``: who runs the lines, beside every rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from agents import rules
from experiments.building.policy import policy_from, tuned
from experiments.building.scenario import scenario_from
from experiments.command.run_folder import RunFolder
from experiments.evaluating import statistics
from experiments.evaluating.options import EvaluateOptions
from experiments.evaluating.scheduling_report import draw, print_table
from experiments.evaluating.tournament import (
    Arena,
    Player,
    measure_floor,
    play_all,
    write_columns,
)
from factory_env import Scenario
from factory_env.catalogue import plug_names
from factory_env.door.gather import Gather


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


def evaluate_lines(options: EvaluateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, play, and report.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(scenario_from, options)
    gather(policy_from, options.agent, None, options.plant_name)
    gather.done()
    assert scenario is not None
    name = options.agent if len(options.agent) <= 16 else Path(options.agent).name
    agent = Player(name=name, lines=options.agent, is_rule=False)
    seeds = options.eval.seeds("scheduling")
    return compare_lines(scenario, agent, seeds, run, workers=options.eval.workers)


def compare_lines(
    scenario: Scenario, agent: Player, seeds: range, run: RunFolder, *, workers: int
) -> dict[str, Any]:
    """Play agent and rules, print the table, write table and picture; returns the figures.

    Parameters
    ----------
    agent
        Who runs its site runs that of the rules, too.
    """
    players = all_rules(scenario.plant.name)
    if agent.lines not in {p.lines for p in players}:
        players.append(agent)
    players = [replace(p, site=agent.site) for p in players]
    arena = Arena(scenario=scenario, measure=measure_floor)
    results = play_all(arena, players, seeds, workers=workers)
    rows = statistics.table(results)
    print_table(rows, len(seeds))
    title = f"Scheduling policies, {scenario.plant.name} plant, {scenario.name} scenario"
    draw(rows, run.path / "comparison.png", episodes=len(seeds), title=title)
    write_columns(results, run.path / "kpis_by_seed.json", "kpis")
    return statistics.summary(results)
