"""``python experiments/evaluate.py env=energy``: a site policy beside rules and bound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from experiments.building.policy import policy_from
from experiments.building.scenario import announce_scenario
from experiments.building.site_policy import site_agent
from experiments.command.run_folder import RunFolder
from experiments.evaluating.bound import gap_closed
from experiments.evaluating.failures import report_failures
from experiments.evaluating.options import EvaluateOptions, further_policies
from experiments.evaluating.overhead import measure
from experiments.evaluating.pareto import draw_pareto
from experiments.evaluating.player import Player, add_starts, name_words
from experiments.evaluating.site_report import Comparison, draw, print_table
from experiments.evaluating.site_runs import (
    BOUND,
    PARTS,
    REFERENCE,
    measure_site,
)
from experiments.evaluating.start import START, read_lesson
from experiments.evaluating.statistics import Estimate, bootstrap_ratio, bootstrap_statistic
from experiments.evaluating.tournament import Arena, Results, play_contest, write_columns
from factory_env import Scenario
from factory_env.door.gather import Gather
from factory_env.door.tariff_door import build_tariff
from factory_env.kpi.tariff_reference import TARIFFS, worked_values
from factory_env.presets import read_group

RULES: Final = (REFERENCE, "time_of_use", "peak_shave")  # what the best rule is chosen from
MPC: Final = "mpc"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContest:
    """Who plays beside the rules for the site, and on which seeds."""

    agent: str
    seeds: range
    name: str = ""  # what the agent is called in the table; "" = from ``agent``
    scheduler: str = "atcs_match"  # who runs the lines
    also: Sequence[str] = ()  # further policies of table and pictures
    others: Sequence[str] = ()  # further policies of the Pareto picture
    mpc: bool = True
    overhead: bool = True
    workers: int = 2
    seconds_per_run: float | None = None

    def players(self) -> list[Player]:
        """Rules, receding horizon, the agent and others if they are none of them, and starts."""
        known = [*RULES, *([MPC] if self.mpc else [])]
        players = [Player(name=rule, lines=self.scheduler, site=rule) for rule in known]
        if self.agent not in known:
            players.append(self._player(self.shown, self.agent))
        further = (word for word in self.also if word not in (*known, self.agent))
        named = name_words(further, taken=[p.name for p in players])
        players += [self._player(name, word) for name, word in named.items()]
        return add_starts(players, "site")

    def further(self) -> list[Player]:
        """The policies that only the Pareto picture shows."""
        return [self._player(short(site), site) for site in self.others]

    def _player(self, name: str, site: str) -> Player:
        return Player(name=name, lines=self.scheduler, site=site, is_rule=False)

    @property
    def shown(self) -> str:
        """What the agent is called in the table."""
        return self.name or short(self.agent)


def evaluate_site(options: EvaluateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, play, and report.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(lambda: announce_scenario(options.with_site()))
    limit_s = options.eval.seconds_per_run
    gather(policy_from, options.scheduler, None, options.plant_name, "agent", limit_s)
    tariff = scenario.energy.tariff.name if scenario is not None and scenario.energy else ""
    others = further_policies(options.eval.variants, options.agent, (*RULES, MPC, *options.also))
    for word in options.also:
        gather(site_agent, word, tariff, limit_s)
    if (
        gather(site_agent, options.agent, tariff, limit_s) is not None
    ):  # its variants are wrong with it
        for name in others:
            gather(site_agent, name, tariff, limit_s)
    gather.done()
    assert scenario is not None
    contest = SiteContest(
        agent=options.agent,
        seeds=options.eval.seeds("energy"),
        scheduler=options.scheduler,
        also=options.also,
        others=others,
        mpc=options.eval.mpc,
        overhead=options.eval.overhead,
        workers=options.eval.workers,
        seconds_per_run=limit_s,
    )
    return compare_sites(scenario, contest, run)


def compare_sites(scenario: Scenario, contest: SiteContest, run: RunFolder) -> dict[str, Any]:
    """Play rules, receding horizon, the agent and further policies; print, draw, write."""
    setup = scenario.energy
    assert setup is not None
    players, seeds = contest.players(), contest.seeds
    arena = Arena(
        scenario=scenario.with_control("agent"),
        measure=measure_site,
        seconds_per_run=contest.seconds_per_run,
    )
    everybody = [*players, *contest.further()]
    played = play_contest(arena, everybody, seeds, workers=contest.workers)
    results, names = played.results, {player.name for player in players}
    comparison = Comparison(
        results=[r for r in results if r.name in names],
        agent=contest.shown,
        best=best_rule(results).name,
        bound=results[0].columns[BOUND],
        episodes=len(seeds),
    )
    title = f"site {setup.site.name}, tariff {setup.tariff.name}, lines run by {contest.scheduler}"
    print_table(comparison, title)
    draw(comparison, run.path / "energy_comparison.png", title)
    bound_usd = float(comparison.bound.mean())
    draw_pareto(results, run.path / "pareto.png", title, bound_usd=bound_usd)
    write_columns(results, run.path / "energy_by_seed.json", "policies")
    figures = site_figures(results, contest.shown, setup.tariff.name)
    figures |= _tell_lesson(results, contest, comparison)
    if contest.overhead:
        figures |= measure().figures("energy_overhead")
    return {
        "agent": contest.agent,
        "site": setup.site.name,
        "tariff": setup.tariff.name,
        "scheduler": contest.scheduler,
        "first_seed": seeds[0],
        "episodes": len(seeds),
        **figures,
        **reference_figures(),
        **report_failures(played.failures, run),
    }


def _tell_lesson(
    results: Sequence[Results], contest: SiteContest, comparison: Comparison
) -> dict[str, Any]:
    """Print what was learned, of the site's cost and of the gap to the bound; its figures."""
    best = comparison.of(comparison.best)
    lesson = read_lesson(results, contest.shown, contest.agent, best, "site")
    if lesson is None:
        return {}
    print(lesson.sentence())
    start = gap_estimate(best, comparison.of(START), comparison.bound)
    total = read_lesson(results, contest.shown, contest.agent, best, "total")
    assert total is not None
    return {
        **lesson.figures(),
        **total.ratio.figures("start_total_ratio"),
        **start.figures("start_gap_closed"),
    }


def short(site: str) -> str:
    """A name of a policy for tables: of a folder, its last part.

    >>> short("runs/train/20261124-170000@lines:0.5")
    '20261124-170000@lines:0.5'
    """
    return site.rstrip("/").rpartition("/")[2]


def best_rule(results: Sequence[Results]) -> Results:
    """The rule whose site costs least on these very seeds: the strictest yardstick."""
    return min((r for r in results if r.name in RULES), key=lambda r: r.mean("site"))


def gap_estimate(best: Results, policy: Results, bound: Any) -> Estimate:
    """Share of the gap between best rule and bound that a policy closes, seeds paired."""

    def share(rule: Any, site: Any, least: Any) -> Any:
        if np.ndim(rule):
            return (rule - site) / (rule - least)
        return gap_closed(float(rule), float(site), float(least))

    return bootstrap_statistic(share, best.columns["site"], policy.columns["site"], bound)


def site_figures(results: Sequence[Results], agent: str, tariff: str) -> dict[str, Any]:
    """The keys of a comparison, for machines."""
    by_name = {r.name: r for r in results}
    best, usual = best_rule(results), by_name[REFERENCE]
    bound = usual.columns[BOUND]
    others = {
        r.name: _against_rules(r, results, tariff)
        for r in results
        if r.name == agent or not (r.player.is_rule or r.player.is_start)
    }
    figures: dict[str, Any] = {"best_rule": best.name, **others.pop(agent, {})}
    if others:
        figures["policies"] = others
    if MPC in by_name:
        figures |= gap_estimate(best, by_name[MPC], bound).figures("mpc_gap_closed")
    costs = {f"cost_usd_{as_key(r.name)}": r.mean("site") for r in results}
    return {
        **figures,
        **costs,
        "cost_usd_bound": float(bound.mean()),
        "total_usd": {r.name: r.mean("total") for r in results},
        "lateness_usd": {r.name: r.mean("lateness") for r in results},
        "parts_usd": {r.name: {part: r.mean(part) for part in PARTS} for r in results},
        "kwh_per_piece": usual.mean("kwh_per_piece"),
        "mj_per_piece": usual.mean("mj_per_piece"),
        "bill_max_error": max(float(r.columns["bill_error"].max()) for r in results),
    }


def _against_rules(policy: Results, results: Sequence[Results], tariff: str) -> dict[str, Any]:
    """Gap that a policy closes, and its lateness against the site that is always on."""
    usual = next(r for r in results if r.name == REFERENCE)
    gap = gap_estimate(best_rule(results), policy, usual.columns[BOUND])
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody is late: there is no ratio
        late = bootstrap_ratio(policy.columns["lateness"], usual.columns["lateness"])
    return {**gap.figures(f"gap_closed_{tariff}"), **late.figures("lateness_ratio")}


def reference_figures() -> dict[str, Any]:
    """The tariff engine against the worked values of the domain reference.

    ``tariff_reference`` is the largest deviation in units of the value's rounding or stated
    spread: up to 1 the engine agrees with all of them.
    """
    values = worked_values({name: build_tariff(read_group("tariff", name)) for name in TARIFFS})
    return {
        "tariff_reference": max(abs(v.got - v.expected) / v.spread for v in values),
        "tariff_reference_values": {v.name: [v.expected, v.got] for v in values},
    }


def as_key(name: str) -> str:
    """A name as part of a key."""
    return re.sub(r"\W+", "_", name).strip("_")
