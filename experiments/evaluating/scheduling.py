"""``python experiments/evaluate.py agent=pretrained``: who runs the lines, beside every rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agents import rules
from experiments.building.decider import MODEL, RULE, TUNED_RULE, read_decider
from experiments.building.order_book import Workload, workload
from experiments.building.policy import policy_from, policy_notes
from experiments.building.scenario import scenario_and_notes, with_own_sheets
from experiments.command.run_folder import RunFolder
from experiments.evaluating import statistics
from experiments.evaluating.comparison_sheet import compare_sheet
from experiments.evaluating.failures import report_failures
from experiments.evaluating.options import EvaluateOptions
from experiments.evaluating.player import Player, add_starts, name_words
from experiments.evaluating.scheduling_report import draw, print_table
from experiments.evaluating.start import read_lessons
from experiments.evaluating.tournament import Arena, measure_floor, play_contest, write_columns
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
    limit_s = options.eval.seconds_per_run
    gather(policy_from, options.agent, None, options.plant_name, "agent", limit_s)
    for word in options.also:
        gather(policy_from, word, None, options.plant_name, "also", limit_s)
    gather.done()
    assert work is not None
    models = [w for w in (options.agent, *options.also) if read_decider(w).kind == MODEL]
    told = [note for word in models for note in policy_notes(word, {}, options.plant_name)]
    for note in (*work.notes, _tuned_note(options.plant_name), *told):
        print(f"note: {note}", file=sys.stderr)
    seeds = options.eval.seeds("scheduling", has_book=options.orders is not None)
    arena = Arena(
        scenario=work.scenario,
        measure=measure_floor,
        orders=work.orders,
        seconds_per_run=limit_s,
    )
    rivals = line_players((options.agent, *options.also), options.plant_name)
    figures = play_lines(arena, rivals, seeds, run, workers=options.eval.workers)
    return figures if options.orders is None else figures | {"orders": options.orders}


def line_players(words: Sequence[str], plant_name: str) -> list[Player]:
    """Players of the words of ``agent`` and ``also`` that are not among `all_rules`."""
    rule_names = {player.name for player in all_rules(plant_name)}
    named = name_words((w for w in words if w not in rule_names), taken=rule_names)
    return [
        Player(name=name, lines=word, is_rule=read_decider(word).kind in (RULE, TUNED_RULE))
        for name, word in named.items()
    ]


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
    return play_lines(arena, [agent], seeds, run, workers=workers)


def play_lines(
    arena: Arena, rivals: Sequence[Player], seeds: range, run: RunFolder, *, workers: int
) -> dict[str, Any]:
    """Play rivals and rules, print the table, write table and picture; returns the figures.

    Parameters
    ----------
    rivals
        The agent first, whose figures stand at the top of the summary; none if it is a rule. Who
        runs its site runs that of all others, too.
    """
    scenario = arena.scenario
    players = add_starts([*all_rules(scenario.plant.name), *rivals])
    site = rivals[0].site if rivals else None
    players = [replace(p, site=site) for p in players]
    contest = play_contest(arena, players, seeds, workers=workers)
    results = contest.results
    rows = statistics.table(results)
    print_table(rows, len(seeds))
    lessons = read_lessons(results, statistics.best_rule(results), statistics.COST)
    notes = [f"{name}: {lesson.sentence()}" for name, lesson in lessons.items()]
    for note in notes:
        print(note)
    demand = f"{scenario.name} scenario" if arena.orders is None else "your orders"
    title = f"Scheduling policies, {scenario.plant.name} plant, {demand}"
    draw(rows, run.path / "comparison.png", episodes=len(seeds), title=title, notes=notes)
    sheets = [compare_sheet(rows)]
    write_tables(sheets, run.path)
    write_workbook(sheets, run.path)
    write_columns(results, run.path / "kpis_by_seed.json", "kpis")
    agent = rivals[0].name if rivals else None
    figures = statistics.summary(results, agent)
    for name, lesson in lessons.items():
        place = figures if name == agent else figures["policies"][name]
        place |= lesson.figures()
    return {
        **figures,
        "not_distinguishable": statistics.list_equals(rows),
        **report_failures(contest.failures, run),
    }
