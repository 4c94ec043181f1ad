"""Plays policies on the same seeds, in parallel, and returns one KPI table per policy."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from agents import rules
from agents.team import Team
from experiments.building.policy import policy_from, tuned
from factory_env import Factory, Scenario
from factory_env.catalogue import plug_names
from factory_env.decision import ask
from factory_env.kpi.table import LABELS, kpis

CHUNK = 10  # seeds per task: small enough for an even load and a lively bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A policy by name: what travels to a worker."""

    name: str
    agent: str  # as in agent=: a rule, a run folder, pretrained
    params: Mapping[str, float] | None = None
    is_rule: bool = True
    site: str | None = None  # who runs the site, if somebody is asked; None = as usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """KPIs of one policy, seed by seed."""

    contender: Contender
    seeds: tuple[int, ...]
    columns: Mapping[str, NDArray[np.float64]]  # KPI -> (seeds,)

    def mean(self, key: str) -> float:
        """Mean over seeds."""
        return float(self.columns[key].mean())


def all_rules(plant_name: str) -> list[Contender]:
    """Every rule of the house, with its tuned parameters.

    A key ``rule@goal`` of ``conf/tuned/<plant>.yaml`` is the rule tuned for another goal.
    """
    found = [Contender(name=name, agent=name) for name in plug_names(rules)]
    for key, params in tuned(plant_name).items():
        rule, at, _ = key.partition("@")
        if at:
            found.append(Contender(name=key, agent=rule, params=params))
    return found


def evaluate(
    scenario: Scenario,
    contenders: Sequence[Contender],
    seeds: Sequence[int],
    *,
    workers: int = 2,
    title: str = "evaluating",
) -> list[Results]:
    """Play every contender on every seed.

    Parameters
    ----------
    workers
        Processes; 1 plays here, without starting any.
    """
    chunks = [tuple(seeds[i : i + CHUNK]) for i in range(0, len(seeds), CHUNK)]
    tasks = [(c, chunk) for c in contenders for chunk in chunks]
    found: dict[tuple[int, int], list[dict[str, float]]] = {}
    bar = tqdm(total=len(tasks) * CHUNK, desc=title, unit="run", file=sys.stderr, mininterval=0.5)
    with bar:
        if workers <= 1:
            for i, (contender, chunk) in enumerate(tasks):
                found[divmod(i, len(chunks))] = play(scenario, contender, chunk)
                bar.update(CHUNK)
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                futures = {
                    pool.submit(play, scenario, contender, chunk): divmod(i, len(chunks))
                    for i, (contender, chunk) in enumerate(tasks)
                }
                for future in as_completed(futures):
                    found[futures[future]] = future.result()
                    bar.update(CHUNK)
    return [
        _results(contender, seeds, [row for k in range(len(chunks)) for row in found[c, k]])
        for c, contender in enumerate(contenders)
    ]


def play(scenario: Scenario, contender: Contender, seeds: Sequence[int]) -> list[dict[str, float]]:
    """KPIs of one policy on some seeds."""
    policy = policy_from(contender.agent, contender.params, scenario.plant.name)
    if contender.site is not None and scenario.energy is not None:
        from experiments.building.site_policy import site_agent  # brings a solver

        policy = Team(lines=policy, site=site_agent(contender.site, scenario.energy.tariff.name))
    tables = None
    rows = []
    for seed in seeds:
        factory = Factory(scenario, seed, tables=tables)
        tables = factory.world.tables
        while (question := factory.advance()) is not None:
            factory.answer(ask(policy, question))
        rows.append(kpis(factory.log()))
    return rows


def _results(
    contender: Contender, seeds: Sequence[int], rows: Sequence[Mapping[str, Any]]
) -> Results:
    columns = {key: np.array([row[key] for row in rows]) for key in LABELS}
    return Results(contender=contender, seeds=tuple(seeds), columns=columns)
