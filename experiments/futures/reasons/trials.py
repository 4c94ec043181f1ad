"""Plays variants under seed after seed, and keeps when every order ships and what the run costs."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from experiments.building.policy import policies_from
from experiments.building.scenario import FactoryConfig
from experiments.command.crew import Crew
from experiments.futures.question import Variant
from factory_env.decision import Policy
from factory_env.domain.records import RunLog
from factory_env.kpi.cost import cost_table, table_total
from factory_env.sim.factory import Factory
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.run import play

Job = tuple[int, int]  # number of the variant, seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run: customers' orders by name, parts put together."""

    ship_min: Mapping[str, float]  # infinite = not within the run
    due_min: Mapping[str, float]
    line: Mapping[str, str]  # on which the order, or its first part, was sewn; "" = none
    cost_usd: float  # wages, overtime, lateness, all
    late_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What came of variants under the same seeds; trials by variant, in the order of seeds."""

    seeds: range
    of: Mapping[str, Sequence[Trial]]

    def ships(self, variant: str, order: str) -> NDArray[np.float64]:
        """When an order left in each run, (n,); infinite = not within it."""
        return np.array([t.ship_min.get(order, np.inf) for t in self.of[variant]])

    def costs(self, variant: str) -> NDArray[np.float64]:
        """What each run cost [USD], (n,)."""
        return np.array([t.cost_usd for t in self.of[variant]])

    def on_time(self, variant: str, order: str) -> NDArray[np.float64]:
        """1 where an order left in time, 0 else, (n,)."""
        return np.array(
            [
                float(t.ship_min.get(order, np.inf) <= t.due_min.get(order, -np.inf))
                for t in self.of[variant]
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """The variants; travels to the workers and is opened there."""

    variants: tuple[Variant, ...]
    config: FactoryConfig

    def open(self) -> Callable[[Job], Trial]:
        """Line balances and policies are made once a worker."""
        return _Runs(playground=self).play


@dataclass(slots=True)
class _Runs:
    playground: Playground
    tables: dict[int, PlantTables] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)

    def play(self, job: Job) -> Trial:
        number, seed = job
        variant = self.playground.variants[number]
        key = id(variant.scenario)
        factory = Factory(
            variant.scenario,
            seed,
            orders=variant.orders,
            tables=self.tables.get(key),
            changes=variant.changes,
            floor=variant.opening,
        )
        self.tables[key] = factory.tables
        if variant.agent not in self.policies:
            self.policies[variant.agent] = policies_from(self.playground.config, variant.agent, {})
        log = play(factory, copy.deepcopy(self.policies[variant.agent]))
        lines = [line.name for line in factory.lines]
        return measure_trial(log, factory.house.runs, factory.book, lines)


def measure_trial(log: RunLog, runs: Sequence[OrderRun], book: Book, lines: Sequence[str]) -> Trial:
    """What is kept of a run that is over."""
    ship: dict[str, float] = {}
    due: dict[str, float] = {}
    line: dict[str, str] = {}
    for run, order in zip(runs, book.orders, strict=True):
        if run.is_cancelled:
            continue
        name = order.parent or order.order_id
        left = run.shipped_min if run.is_shipped else float("inf")
        ship[name] = max(ship.get(name, -np.inf), left)
        due.setdefault(name, float(book.due_min[run.order]))
        line.setdefault(name, lines[run.line] if run.is_taken else "")
    return Trial(
        ship_min=ship,
        due_min=due,
        line=line,
        cost_usd=table_total(cost_table(log)),
        late_usd=float(log.cost_usd["lateness"]),
    )


def play_trials(
    variants: Sequence[Variant],
    config: FactoryConfig,
    seeds: range,
    *,
    workers: int,
    title: str | None = "futures",
) -> Trials:
    """Every variant under every seed: the same luck, so that differences are theirs."""
    jobs = [(number, seed) for seed in seeds for number in range(len(variants))]
    place = Playground(variants=tuple(variants), config=config)
    with Crew(min(workers, len(jobs)) or 1) as crew:
        trials = crew.work_off(place, jobs, title=title, unit="run")
    n = len(variants)
    return Trials(seeds=seeds, of={v.name: trials[i::n] for i, v in enumerate(variants)})
