"""``python experiments/evaluate.py env=joint``: one policy for both, beside pairs of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from experiments.building.scenario import announce_scenario
from experiments.building.site_policy import joint_agent
from experiments.command.run_folder import RunFolder
from experiments.evaluating.options import EvaluateOptions
from experiments.evaluating.player import Player, add_starts
from experiments.evaluating.site import RULES, as_key, short
from experiments.evaluating.site_runs import measure_site
from experiments.evaluating.start import read_lesson
from experiments.evaluating.statistics import bootstrap_mean, bootstrap_ratio
from experiments.evaluating.tournament import Arena, Results, play_all, write_columns
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
    gather(joint_agent, options.agent)
    gather.done()
    assert scenario is not None
    agent = Player(name=short(options.agent), lines=options.agent, is_joint=True)
    seeds = options.eval.seeds("joint")
    return compare_joint(scenario, agent, seeds, run, workers=options.eval.workers)


def compare_joint(
    scenario: Scenario, agent: Player, seeds: range, run: RunFolder, *, workers: int
) -> dict[str, Any]:
    """Play the joint policy and every pair of rules; print the table, write every figure."""
    setup = scenario.energy
    assert setup is not None
    pairs = [
        Player(name=f"{lines} + {site}", lines=lines, site=site)
        for lines in LINES
        for site in RULES
    ]
    arena = Arena(scenario=scenario.with_control("agent"), measure=measure_site)
    results = play_all(arena, add_starts([agent, *pairs]), seeds, workers=workers)
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
    }


def best_pair(results: Sequence[Results], agent: str) -> Results:
    """The pair of rules that costs least in all on these very seeds."""
    pairs = (r for r in results if r.name != agent and not r.player.is_start)
    return min(pairs, key=lambda r: r.mean("total"))


def joint_figures(results: Sequence[Results], agent: str) -> dict[str, Any]:
    """The keys of a comparison, for machines; differences are seed by seed."""
    best, learned = best_pair(results, agent), next(r for r in results if r.name == agent)
    figures: dict[str, Any] = {"best_pair": best.name}
    for key in ("total", "site", "lateness"):
        column, rival = learned.columns[key], best.columns[key]
        difference = bootstrap_mean(column - rival)
        figures |= {f"{key}_usd": float(column.mean()), f"best_pair_{key}_usd": float(rival.mean())}
        figures |= difference.figures(f"{key}_difference_usd")
        if rival.all():  # nobody is late on some seed: no ratio
            figures |= bootstrap_ratio(column, rival).figures(f"{key}_ratio")
    costs = {f"total_usd_{as_key(r.name)}": r.mean("total") for r in results}
    error = max(float(r.columns["bill_error"].max()) for r in results)
    return {**figures, **costs, "bill_max_error": error}


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
