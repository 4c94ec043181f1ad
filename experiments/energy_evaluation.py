"""``python experiments/evaluate.py env=energy``: a site policy beside rules and bound, same seeds."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig, OmegaConf
from tqdm import tqdm

from agents.deep.energy.policy import load_policy
from experiments.build import policy_from, scenario_from
from experiments.comparison import bootstrap_mean, bootstrap_ratio, resampled
from experiments.energy_bound import (
    asked,
    bound_usd,
    energy_cost_usd,
    energy_policy_from,
    gap_closed,
    lateness_usd,
    run_energy,
    tables_of,
)
from experiments.report.energy_comparison import draw, print_table
from experiments.rundir import RunFolder
from factory_env import Scenario
from factory_env.decision import EnergyPolicy
from factory_env.errors import ArtifactError, InputError, Problem
from factory_env.presets import read_source

Floats = NDArray[np.float64]
RULES = ("always_on", "time_of_use", "peak_shave")  # what the best rule is chosen from
MPC, BOUND = "mpc", "clairvoyant bound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Cost and lateness of one policy, seed by seed [USD]."""

    name: str
    cost_usd: Floats
    lateness_usd: Floats


def site_scenario(cfg: DictConfig) -> Scenario:
    """The scenario of a config; a site with PV and battery and the US tariff if none is named."""
    filled = OmegaConf.create(OmegaConf.to_container(cfg, resolve=True))
    assert isinstance(filled, DictConfig)
    for part, name in (("site", "pv_battery"), ("tariff", "us_demand")):
        if cfg.get(part) is None:
            filled[part] = read_source(part, name)
    return asked(scenario_from(filled))


def site_policy(agent: str, tariff: str) -> EnergyPolicy:
    """A rule of ``agents/energy`` by name, a run folder of ``train.py env=energy``, or pretrained.

    Raises
    ------
    InputError
        If it is none of them.
    """
    if agent != "pretrained" and not Path(agent).is_dir():
        return energy_policy_from(agent, tariff)
    try:
        return load_policy(agent, tariff)
    except ArtifactError as error:
        raise InputError([
            Problem(where="config", field="agent", rule="must hold an energy policy of this version",
                    got=agent, right=str(error))
        ]) from None  # fmt: skip


def compare(scenario: Scenario, agent: str, cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Play rules, receding horizon and agent; print the table, write table and picture."""
    seeds = range(cfg.eval.first_seed, cfg.eval.first_seed + cfg.eval.episodes)
    names = [*RULES, *([MPC] if cfg.eval.mpc else [])]
    if agent not in names:
        names.append(agent)
    jobs = [(scenario, cfg.scheduler, tuple(names), seed) for seed in seeds]
    rows: list[dict[str, tuple[float, float]]] = []
    with (
        ProcessPoolExecutor(cfg.eval.workers, mp_context=get_context("spawn")) as pool,
        tqdm(total=len(jobs), desc="evaluating", unit="seed", file=sys.stderr) as bar,
    ):
        for row in pool.map(_play_all, jobs):
            rows.append(row)
            bar.update()
    played = [_played(name, rows) for name in (*names, BOUND)]
    print_table(played, len(seeds))
    assert scenario.energy is not None
    tariff = scenario.energy.tariff.name
    draw(played, run.path / "energy_comparison.png", f"{tariff}, {len(seeds)} held-out seeds")
    table = {p.name: {"cost_usd": p.cost_usd.tolist(), "lateness_usd": p.lateness_usd.tolist()}
             for p in played}  # fmt: skip
    (run.path / "energy_by_seed.json").write_text(json.dumps({"seeds": list(seeds), **table}) + "\n")
    return figures(played, agent, tariff) | {"first_seed": seeds[0], "episodes": len(seeds)}


def figures(played: Sequence[Played], agent: str, tariff: str) -> dict[str, Any]:
    """The keys of the closing table, for machines."""
    by_name = {p.name: p for p in played}
    best = min((by_name[name] for name in RULES), key=lambda p: p.cost_usd.mean())
    bound, learned = by_name[BOUND].cost_usd, by_name[agent]
    low, high = _gap_interval(best.cost_usd, learned.cost_usd, bound)
    late = bootstrap_ratio(learned.lateness_usd, by_name["always_on"].lateness_usd)
    found: dict[str, Any] = {
        "best_rule": best.name,
        f"gap_closed_{tariff}": _gap(best.cost_usd, learned.cost_usd, bound),
        f"gap_closed_{tariff}_ci_low": low,
        f"gap_closed_{tariff}_ci_high": high,
        "lateness_ratio": late.mean,
        "lateness_ratio_ci_low": late.low,
        "lateness_ratio_ci_high": late.high,
    }
    if MPC in by_name:
        found["mpc_gap_closed"] = _gap(best.cost_usd, by_name[MPC].cost_usd, bound)
    costs = {f"cost_usd_{p.name.replace(' ', '_')}": float(p.cost_usd.mean())
             for p in played if p.name != agent}  # fmt: skip
    return found | costs | {"cost_usd_agent": bootstrap_mean(learned.cost_usd).mean}


def _gap(best: Floats, policy: Floats, bound: Floats) -> float:
    return gap_closed(float(best.mean()), float(policy.mean()), float(bound.mean()))


def _gap_interval(best: Floats, policy: Floats, bound: Floats) -> tuple[float, float]:
    """Percentiles 2.5 and 97.5 of the share over seeds resampled together."""
    rows = resampled(len(best))
    gaps = (best - policy)[rows].mean(axis=1) / (best - bound)[rows].mean(axis=1)
    low, high = np.quantile(gaps, (0.025, 0.975))
    return float(low), float(high)


def _play_all(job: tuple[Scenario, str, tuple[str, ...], int]) -> dict[str, tuple[float, float]]:
    """One seed under every policy, and the bound of its always-on run."""
    scenario, scheduler, names, seed = job
    assert scenario.energy is not None
    lines = policy_from(scheduler, None, scenario.plant.name)
    tables = tables_of(scenario)
    found: dict[str, tuple[float, float]] = {}
    for name in names:
        site = site_policy(name, scenario.energy.tariff.name)
        log = run_energy(scenario, lines, site, seed, tables=tables)
        found[name] = (energy_cost_usd(log), lateness_usd(log))
        if name == "always_on":
            found[BOUND] = (bound_usd(log, scenario), lateness_usd(log))
    return found


def _played(name: str, rows: Sequence[Mapping[str, tuple[float, float]]]) -> Played:
    both = np.array([row[name] for row in rows])
    return Played(name=name, cost_usd=both[:, 0], lateness_usd=both[:, 1])
