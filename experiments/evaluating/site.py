"""``python experiments/evaluate.py env=energy``: a site policy beside rules and bound."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from omegaconf import DictConfig, OmegaConf

from experiments.building.policy import policy_from
from experiments.building.scenario import scenario_from
from experiments.building.site_policy import site_agent
from experiments.command.checks import switch_from
from experiments.command.run_folder import RunFolder
from experiments.evaluating.bound import gap_closed
from experiments.evaluating.overhead import measure
from experiments.evaluating.pareto import draw_pareto
from experiments.evaluating.site_report import Comparison, draw, print_table
from experiments.evaluating.site_runs import (
    BOUND,
    PARTS,
    REFERENCE,
    Entrant,
    Playing,
    SiteResults,
    play_sites,
)
from experiments.evaluating.statistics import Estimate, bootstrap_of, bootstrap_ratio
from factory_env import Scenario
from factory_env.door.gather import Gather
from factory_env.door.tariff_door import build_tariff
from factory_env.kpi.tariff_reference import TARIFFS, worked_values
from factory_env.presets import SITE_TO_RUN, read_group, read_source

RULES: Final = (REFERENCE, "time_of_use", "peak_shave")  # what the best rule is chosen from
MPC: Final = "mpc"
AGENT: Final = "agent"  # in eval.variants: the policy that is evaluated


def site_scenario(cfg: DictConfig, words: Sequence[str] | None = None) -> Scenario:
    """The scenario of a config; a site with PV and battery and the US tariff if none is named."""
    filled = OmegaConf.create(OmegaConf.to_container(cfg, resolve=True))
    assert isinstance(filled, DictConfig)
    for part, name in SITE_TO_RUN.items():
        if cfg.get(part) is None:
            filled[part] = dict(read_source(part, name))
    return scenario_from(filled, words)


def site_task(cfg: DictConfig, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check the rest of the config, play, and report.

    Parameters
    ----------
    gather
        With the problems found so far.
    """
    scenario = gather(site_scenario, cfg)
    gather(policy_from, str(cfg.scheduler), None, str(cfg.plant.get("name")))
    for key in ("mpc", "overhead"):
        gather(switch_from, cfg.eval, key)
    tariff = scenario.energy.tariff.name if scenario is not None and scenario.energy else ""
    if gather(site_agent, str(cfg.agent), tariff) is not None:  # its variants are wrong with it
        for name in _others(cfg, str(cfg.agent)):
            gather(site_agent, name, tariff)
    gather.done()
    assert scenario is not None
    return compare_sites(scenario, str(cfg.agent), cfg, run)


def compare_sites(
    scenario: Scenario, agent: str, cfg: DictConfig, run: RunFolder, name: str | None = None
) -> dict[str, Any]:
    """Play rules, receding horizon, the agent and further policies; print, draw, write.

    Parameters
    ----------
    name
        What the agent is called in the table; from ``agent`` if not given.
    """
    setup = scenario.energy
    assert setup is not None
    name = name or short(agent)
    seeds = range(cfg.eval.first_seed, cfg.eval.first_seed + cfg.eval.episodes)
    known = [*RULES, *([MPC] if cfg.eval.get("mpc", True) else [])]
    entrants = [Entrant(name=rule, site=rule) for rule in known]
    if agent not in known:
        entrants.append(Entrant(name=name, site=agent))
    shown = len(entrants)
    entrants += [Entrant(name=short(site), site=site) for site in _others(cfg, agent)]
    playing = Playing(scenario=scenario, scheduler=str(cfg.get("scheduler", "atcs_match")))
    results = play_sites(playing, entrants, seeds, workers=cfg.eval.workers)
    found = Comparison(
        results=results[:shown],
        agent=name,
        best=best_rule(results).name,
        bound=results[0].columns[BOUND],
        episodes=len(seeds),
    )
    title = f"site {setup.site.name}, tariff {setup.tariff.name}, lines run by {playing.scheduler}"
    print_table(found, title)
    draw(found, run.path / "energy_comparison.png", title)
    draw_pareto(results, run.path / "pareto.png", title, bound_usd=float(found.bound.mean()))
    _write(results, seeds, run.path)
    figures = site_figures(results, name, setup.tariff.name)
    if cfg.eval.get("overhead", True):
        ratio = measure()
        figures |= _with_interval("energy_overhead", ratio)
    return {
        "agent": agent,
        "site": setup.site.name,
        "tariff": setup.tariff.name,
        "scheduler": playing.scheduler,
        "first_seed": seeds[0],
        "episodes": len(seeds),
        **figures,
        **reference_figures(),
    }


def short(site: str) -> str:
    """A name of a policy for tables: of a folder, its last part.

    >>> short("runs/train/20261124-170000@lines:0.5")
    '20261124-170000@lines:0.5'
    """
    return site.rstrip("/").rpartition("/")[2]


def best_rule(results: Sequence[SiteResults]) -> SiteResults:
    """The rule whose site costs least on these very seeds: the strictest yardstick."""
    return min((r for r in results if r.name in RULES), key=lambda r: r.mean("site"))


def gap_estimate(best: SiteResults, policy: SiteResults, bound: Any) -> Estimate:
    """Share of the gap between best rule and bound that a policy closes, seeds paired."""

    def share(rule: Any, site: Any, least: Any) -> Any:
        if np.ndim(rule):
            return (rule - site) / (rule - least)
        return gap_closed(float(rule), float(site), float(least))

    return bootstrap_of(share, best.columns["site"], policy.columns["site"], bound)


def site_figures(results: Sequence[SiteResults], agent: str, tariff: str) -> dict[str, Any]:
    """The keys of a comparison, for machines."""
    by_name = {r.name: r for r in results}
    best, learned, usual = best_rule(results), by_name[agent], by_name[REFERENCE]
    bound = usual.columns[BOUND]
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody is late: there is no ratio
        late = bootstrap_ratio(learned.columns["lateness"], usual.columns["lateness"])
    found: dict[str, Any] = {
        "best_rule": best.name,
        **_with_interval(f"gap_closed_{tariff}", gap_estimate(best, learned, bound)),
        **_with_interval("lateness_ratio", late),
    }
    if MPC in by_name:
        found |= _with_interval("mpc_gap_closed", gap_estimate(best, by_name[MPC], bound))
    costs = {f"cost_usd_{key_of(r.name)}": r.mean("site") for r in results}
    return {
        **found,
        **costs,
        "cost_usd_bound": float(bound.mean()),
        "total_usd": {r.name: r.mean("total") for r in results},
        "lateness_usd": {r.name: r.mean("lateness") for r in results},
        "parts_usd": {r.name: {part: r.mean(part) for part in PARTS} for r in results},
        "kwh_per_piece": usual.mean("kwh_per_piece"),
        "mj_per_piece": usual.mean("mj_per_piece"),
        "bill_max_error": max(float(r.columns["bill_error"].max()) for r in results),
    }


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


def key_of(name: str) -> str:
    """A name as part of a key."""
    return re.sub(r"\W+", "_", name).strip("_")


def _others(cfg: DictConfig, agent: str) -> list[str]:
    """Further policies of the Pareto picture."""
    wanted = [*(cfg.get("also") or ()), *(cfg.eval.get("variants") or ())]
    found = []
    for word in wanted:
        name, at, params = str(word).partition("@")
        if name == AGENT:
            name = agent.partition("@")[0]
        full = f"{name}{at}{params}"
        if full not in (*RULES, MPC, agent, *found):
            found.append(full)
    return found


def _with_interval(key: str, found: Estimate) -> dict[str, float]:
    return {key: found.mean, f"{key}_ci_low": found.low, f"{key}_ci_high": found.high}


def _write(results: Sequence[SiteResults], seeds: Sequence[int], folder: Path) -> None:
    """Every figure of every run, as JSON."""
    rows: Mapping[str, Any] = {
        r.name: {key: values.tolist() for key, values in r.columns.items()} for r in results
    }
    text = json.dumps({"seeds": list(seeds), "policies": rows})
    (folder / "energy_by_seed.json").write_text(text + "\n")
