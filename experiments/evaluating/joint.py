"""``python experiments/evaluate.py env=joint``: one policy for both, beside pairs of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from agents.card import find_saved
from experiments.building.policy import policy_from
from experiments.building.scenario import announce_scenario
from experiments.building.site_policy import joint_agent, site_agent
from experiments.command.run_folder import RunFolder
from experiments.evaluating.failures import report_failures
from experiments.evaluating.options import EvaluateOptions
from experiments.evaluating.player import Player, add_starts, name_words, short_name
from experiments.evaluating.site import RULES, as_key, short
from experiments.evaluating.site_runs import measure_site
from experiments.evaluating.start import read_lesson
from experiments.evaluating.statistics import bootstrap_mean, bootstrap_ratio
from experiments.evaluating.tournament import Arena, Results, play_contest, write_columns
from factory_env import Scenario
from factory_env.door.gather import Gather

LINES: Final = ("atcs_match", "atc", "edd")  # the rules that run lines best, and the plainest


def evaluate_joint(options: EvaluateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, play, and report.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(lambda: announce_scenario(options.with_site()))
    agent = Player(name=short(options.agent), lines=options.agent, is_joint=True, is_rule=False)
    also = joint_players(options.also, agent)
    tariff = scenario.energy.tariff.name if scenario is not None and scenario.energy else ""
    limit_s = options.eval.seconds_per_run
    for player in (agent, *also):
        if player.site is None:
            gather(joint_agent, player.lines, limit_s)
        else:
            gather(policy_from, player.lines, None, options.plant_name, "also", limit_s)
            gather(site_agent, player.site, tariff, limit_s)
    gather.done()
    assert scenario is not None
    seeds = options.eval.seeds("joint")
    return compare_joint(
        scenario,
        agent,
        seeds,
        run,
        workers=options.eval.workers,
        also=also,
        seconds_per_run=limit_s,
    )


def joint_players(words: Sequence[str], agent: Player) -> list[Player]:
    """Further players by their words: one policy for both, or ``lines+site``."""
    taken = [agent.name, *(pair.name for pair in rule_pairs())]
    players = []
    for name, word in name_words((w for w in words if w != agent.lines), taken).items():
        lines, plus, site = word.partition("+")
        if plus and find_saved(word) is None:
            name = f"{short_name(lines)} + {short_name(site)}"
            if name not in taken:
                players.append(Player(name=name, lines=lines, site=site, is_rule=False))
        else:
            players.append(Player(name=name, lines=word, is_joint=True, is_rule=False))
    return players


def rule_pairs() -> list[Player]:
    """Every pair of a rule for the lines and one for the site."""
    return [
        Player(name=f"{lines} + {site}", lines=lines, site=site)
        for lines in LINES
        for site in RULES
    ]


def compare_joint(
    scenario: Scenario,
    agent: Player,
    seeds: range,
    run: RunFolder,
    *,
    workers: int,
    also: Sequence[Player] = (),
    seconds_per_run: float | None = None,
) -> dict[str, Any]:
    """Play the joint policy and every pair of rules; print the table, write every figure."""
    setup = scenario.energy
    assert setup is not None
    arena = Arena(
        scenario=scenario.with_control("agent"),
        measure=measure_site,
        seconds_per_run=seconds_per_run,
    )
    players = add_starts([agent, *also, *rule_pairs()])
    played = play_contest(arena, players, seeds, workers=workers)
    results = played.results
    title = f"site {setup.site.name}, tariff {setup.tariff.name}"
    print_joint(results, agent.name, len(seeds), title)
    best = best_pair(results, agent.name)
    lesson = read_lesson(results, agent.name, agent.lines, best, "total")
    if lesson is not None:
        print(lesson.sentence())
    write_columns(results, run.path / "joint_by_seed.json", "policies")
    return {
        "agent": agent.lines,
        "site": setup.site.name,
        "tariff": setup.tariff.name,
        "first_seed": seeds[0],
        "episodes": len(seeds),
        **joint_figures(results, agent.name),
        **({} if lesson is None else lesson.figures()),
        **report_failures(played.failures, run),
    }


def best_pair(results: Sequence[Results], agent: str) -> Results:
    """The pair of rules that costs least in all on these very seeds."""
    pairs = (r for r in results if r.name != agent and r.player.is_rule)
    return min(pairs, key=lambda r: r.mean("total"))


def joint_figures(results: Sequence[Results], agent: str) -> dict[str, Any]:
    """The keys of a comparison, for machines; differences are seed by seed."""
    best = best_pair(results, agent)
    others = {
        r.name: _against_pair(r, best)
        for r in results
        if r.name == agent or not (r.player.is_rule or r.player.is_start)
    }
    figures: dict[str, Any] = {"best_pair": best.name, **others.pop(agent, {})}
    if others:
        figures["policies"] = others
    costs = {f"total_usd_{as_key(r.name)}": r.mean("total") for r in results}
    error = max(float(r.columns["bill_error"].max()) for r in results)
    return {**figures, **costs, "bill_max_error": error}


def _against_pair(policy: Results, best: Results) -> dict[str, Any]:
    """Costs of a policy beside those of the best pair of rules."""
    figures: dict[str, Any] = {}
    for key in ("total", "site", "lateness"):
        column, rival = policy.columns[key], best.columns[key]
        figures |= {f"{key}_usd": float(column.mean()), f"best_pair_{key}_usd": float(rival.mean())}
        figures |= bootstrap_mean(column - rival).figures(f"{key}_difference_usd")
        if rival.all():  # nobody is late on some seed: no ratio
            figures |= bootstrap_ratio(column, rival).figures(f"{key}_ratio")
    return figures


def print_joint(results: Sequence[Results], agent: str, episodes: int, title: str) -> None:
    """All costs of a run, cheapest policy first."""
    best = best_pair(results, agent)
    table = Table(
        title=f"Who runs lines and site: mean of {episodes} runs on the same seeds, USD "
        f"a run, with 95 % intervals\n{title}",
        caption=f"difference: all costs minus those of {best.name}, the best pair of "
        "rules, seed by seed",
    )
    table.add_column("policy", no_wrap=True)
    for head in ("the site", "lateness", "the rest", "all", "difference"):
        table.add_column(head, justify="right")
    for r in sorted(results, key=lambda r: r.mean("total")):
        cells = [bootstrap_mean(r.columns[key]) for key in ("site", "lateness", "rest", "total")]
        cells.append(bootstrap_mean(r.columns["total"] - best.columns["total"]))
        table.add_row(
            r.name,
            *(f"{e.mean:,.0f}\n{e.low:,.0f} .. {e.high:,.0f}" for e in cells),
            style="bold" if r.name == agent else None,
        )
    Console(width=118).print(table)
