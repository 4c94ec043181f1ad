"""Plays site policies on the same seeds, in parallel; costs, lateness and bound of every run."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.building.policy import policy_from
from experiments.building.site_policy import joint_agent, site_agent
from experiments.evaluating.bound import (
    asked,
    bound_usd,
    energy_cost_usd,
    lateness_usd,
    run_energy,
    tables_of,
)
from experiments.report.plain_bill import bill_error_usd
from factory_env import RunLog, Scenario, simulate
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.costs import BILL_PARTS, SITE_PARTS
from factory_env.kpi.energy import energy_kpis
from factory_env.sim.plant.tables import PlantTables

REFERENCE: Final = "always_on"  # the bound is made from the work of its runs
BOUND: Final = "bound_usd"
PARTS: Final = (*BILL_PARTS, *SITE_PARTS[1:])
FLOWS: Final = PARTS[:-1]  # what is paid slot by slot: no price on carbon

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """What every run of an evaluation shares; travels to the workers."""

    scenario: Scenario
    scheduler: str  # a rule, a run folder or pretrained: who runs the lines


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResults:
    """Figures of one policy, seed by seed."""

    name: str
    columns: Mapping[str, NDArray[np.float64]]  # figure -> (seeds,)

    def mean(self, key: str) -> float:
        """Mean over seeds."""
        return float(self.columns[key].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A policy by name: who runs the site, and who the lines if not `Playing.scheduler`."""

    name: str
    site: str
    lines: str | None = None
    is_joint: bool = False  # one object that runs both; ``site`` is then its name


def play_sites(
    playing: Playing, entrants: Sequence[Entrant], seeds: Sequence[int], *, workers: int = 2
) -> list[SiteResults]:
    """Every entrant on every seed; `REFERENCE` also gets the clairvoyant bound of its runs.

    Parameters
    ----------
    workers
        Processes; 1 plays here, without starting any.
    """
    jobs = [(e, seed) for seed in seeds for e in entrants]
    rows: dict[tuple[str, int], Figures] = {}
    bar = tqdm(total=len(jobs), desc="evaluating", unit="run", file=sys.stderr, mininterval=0.5)
    with bar:
        if workers <= 1:
            desk = Desk(playing)
            for entrant, seed in jobs:
                rows[entrant.name, seed] = desk.play(entrant, seed)
                bar.update()
        else:
            with ProcessPoolExecutor(
                workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(playing,)
            ) as pool:
                futures = {pool.submit(_play, e, seed): (e.name, seed) for e, seed in jobs}
                for future in as_completed(futures):
                    rows[futures[future]] = future.result()
                    bar.update()
    return [_results(e.name, [rows[e.name, seed] for seed in seeds]) for e in entrants]


class Desk:
    """Plays one run after the other; policies and line balances are made once."""

    def __init__(self, playing: Playing) -> None:
        self._scenario = asked(playing.scenario)
        self._scheduler = playing.scheduler
        self._tables: PlantTables = tables_of(self._scenario)
        self._lines: dict[str, Policy] = {}
        self._sites: dict[str, EnergyPolicy] = {}
        self._joint: dict[str, Policy] = {}

    def play(self, entrant: Entrant, seed: int) -> dict[str, float]:
        """Figures of one run."""
        log = self._run(entrant, seed)
        found = figures(log, self._scenario)
        if entrant.name == REFERENCE:
            found[BOUND] = bound_usd(log, self._scenario)
        return found

    def _run(self, entrant: Entrant, seed: int) -> RunLog:
        if entrant.is_joint:
            if entrant.site not in self._joint:
                self._joint[entrant.site] = joint_agent(entrant.site)
            return simulate(self._scenario, self._joint[entrant.site], seed, tables=self._tables)
        lines = entrant.lines or self._scheduler
        if lines not in self._lines:
            self._lines[lines] = policy_from(lines, None, self._scenario.plant.name)
        if entrant.site not in self._sites:
            assert self._scenario.energy is not None
            self._sites[entrant.site] = site_agent(entrant.site, self._scenario.energy.tariff.name)
        return run_energy(
            self._scenario, self._lines[lines], self._sites[entrant.site], seed, tables=self._tables
        )


def figures(log: RunLog, scenario: Scenario) -> dict[str, float]:
    """What a run cost, part by part [USD], and what it used."""
    slots, found = log.tables["slots"], energy_kpis(log)
    parts = {name: float(slots[f"{name}_usd"].sum()) for name in FLOWS}
    parts["carbon"] = log.cost_usd["carbon"]
    site, late, total = energy_cost_usd(log), lateness_usd(log), float(sum(log.cost_usd.values()))
    shown = ("kwh_per_piece", "mj_per_piece", "co2_kg", "peak_kw", "battery_cycles")
    return {
        **parts,
        "site": site,
        "lateness": late,
        "rest": total - site - late,
        "total": total,
        "paid": site - parts["carbon"],
        "bill_error": bill_error_usd(log, scenario),
        **{key: found[key] for key in shown},
    }


_desks: list[Desk] = []  # of this worker


def _begin(playing: Playing) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch
    _desks[:] = [Desk(playing)]


def _play(entrant: Entrant, seed: int) -> dict[str, float]:
    return _desks[0].play(entrant, seed)


def _results(name: str, rows: Sequence[Figures]) -> SiteResults:
    return SiteResults(
        name=name, columns={key: np.array([row[key] for row in rows]) for key in rows[0]}
    )
