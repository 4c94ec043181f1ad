"""``python experiments/evaluate.py agent=pretrained``: who runs the lines, beside every rule."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents import rules
from experiments.building.order_book import Workload, workload
from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_and_notes, with_own_sheets
from experiments.command.run_folder import RunFolder
from experiments.evaluating import statistics
from experiments.evaluating.comparison_sheet import compare_sheet
from experiments.evaluating.options import EvaluateOptions
from experiments.evaluating.scheduling_report import draw, print_table
from experiments.evaluating.start import START, read_lesson, start_folder
from experiments.evaluating.tournament import (
    Arena,
    Player,
    measure_floor,
    play_all,
    write_columns,
)
from experiments.report.tables.files import write_tables, write_workbook
from factory_env import Scenario
from factory_env.catalogue import plug_names
from factory_env.door.gather import Gather


def all_rules(plant_name: str) -> list[Player]:
    """Every rule of the house, with its tuned parameters.

    A key ``rule@goal`` of ``conf/tuned/<plant>.yaml`` is the rule tuned for another goal.
    """
    players = [Player(name=name, lines=name) for name in plug_names(rules)]
    for key, params in rules.tuned_values(plant_name).items():
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
    work = gather(_read_work, options)
    gather(policy_from, options.agent, None, options.plant_name)
    gather.done()
    assert work is not None
    for note in (*work.notes, _tuned_note(options.plant_name)):
        print(f"note: {note}", file=sys.stderr)
    name = options.agent if len(options.agent) <= 16 else Path(options.agent).name
    agent = Player(name=name, lines=options.agent, is_rule=False)
    seeds = options.eval.seeds("scheduling", has_book=options.orders is not None)
    arena = Arena(scenario=work.scenario, measure=measure_floor, orders=work.orders)
    figures = play_lines(arena, agent, seeds, run, workers=options.eval.workers)
    return figures if options.orders is None else figures | {"orders": options.orders}


def _tuned_note(plant_name: str) -> str:
    """Which values the rules run with."""
    tuned = ", ".join(rules.tuned_values(plant_name))
    if not tuned:
        return f"no rule is tuned for plant {plant_name}: each has its own defaults; see tune.py"
    return f"tuned for plant {plant_name} (conf/tuned/{plant_name}.yaml): {tuned}"


def _read_work(options: EvaluateOptions) -> Workload:
    """Scenario and orders; the styles of a book are those of the first seed's season."""
    options, sheets = with_own_sheets(options, options.orders)
    scenario, notes = scenario_and_notes(options)
    seed = options.eval.first_seed
    work = workload(scenario, options.orders, seed, options.orders_format)
    return replace(work, notes=(*sheets, *notes, *work.notes))


def compare_lines(
    scenario: Scenario, agent: Player, seeds: range, run: RunFolder, *, workers: int
) -> dict[str, Any]:
    """Agent beside rules under the scenario's own demand; see `play_lines`."""
    arena = Arena(scenario=scenario, measure=measure_floor)
    return play_lines(arena, agent, seeds, run, workers=workers)


def play_lines(
    arena: Arena, agent: Player, seeds: range, run: RunFolder, *, workers: int
) -> dict[str, Any]:
    """Play agent and rules, print the table, write table and picture; returns the figures.

    Parameters
    ----------
    agent
        Who runs its site runs that of the rules, too. A run folder's start plays beside it.
    """
    scenario = arena.scenario
    players = all_rules(scenario.plant.name)
    if agent.lines not in {p.lines for p in players}:
        players.append(agent)
    if (begun := start_folder(agent.lines)) is not None:
        players.append(replace(agent, name=START, lines=begun, is_start=True))
    players = [replace(p, site=agent.site) for p in players]
    results = play_all(arena, players, seeds, workers=workers)
    rows = statistics.table(results)
    print_table(rows, len(seeds))
    lesson = read_lesson(
        results, agent.name, agent.lines, statistics.best_rule(results), statistics.COST
    )
    if lesson is not None:
        print(lesson.sentence())
    demand = f"{scenario.name} scenario" if arena.orders is None else "your orders"
    title = f"Scheduling policies, {scenario.plant.name} plant, {demand}"
    draw(rows, run.path / "comparison.png", episodes=len(seeds), title=title)
    sheets = [compare_sheet(rows)]
    write_tables(sheets, run.path)
    write_workbook(sheets, run.path)
    write_columns(results, run.path / "kpis_by_seed.json", "kpis")
    figures = statistics.summary(results) | {"not_distinguishable": statistics.list_equals(rows)}
    return figures if lesson is None else figures | lesson.figures()
