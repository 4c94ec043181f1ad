"""Plays policies on the same seeds, in parallel: one table of figures per policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.team import Team
from experiments.building.policy import policy_from
from experiments.command.crew import work_off
from experiments.command.run_folder import write_text
from factory_env import Order, RunLog, Scenario, play
from factory_env.decision import Policy
from factory_env.kpi.table import kpis
from factory_env.sim.run import Factories

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Who runs a factory, by name: what travels to a worker."""

    name: str
    lines: str  # as in agent=: a rule, a run folder, pretrained
    params: Mapping[str, float] | None = None  # of a rule
    site: str | None = None  # who runs the site; None = nobody is asked
    is_joint: bool = False  # ``lines`` is one object that runs both
    is_rule: bool = True
    is_start: bool = False  # the weights with which another one's learning began

    def policy(self, scenario: Scenario) -> Policy:
        """A fresh policy that answers every question of the scenario.

        Raises
        ------
        InputError
            If a name means nobody, or can not be loaded.
        """
        if self.is_joint:
            from experiments.building.site_policy import joint_agent  # brings a solver

            return joint_agent(self.lines)
        lines = policy_from(self.lines, self.params, scenario.plant.name)
        if self.site is None or scenario.energy is None:
            return lines
        from experiments.building.site_policy import site_agent  # brings a solver

        return Team(lines=lines, site=site_agent(self.site, scenario.energy.tariff.name))


Measure = Callable[[RunLog, Scenario, Player], Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Figures of one policy, seed by seed."""

    player: Player
    seeds: tuple[int, ...]
    columns: Mapping[str, NDArray[np.float64]]  # figure -> (seeds,)

    @property
    def name(self) -> str:
        """What the policy is called."""
        return self.player.name

    def mean(self, key: str) -> float:
        """Mean over seeds."""
        return float(self.columns[key].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """Where a tournament is played, and what is measured in a run."""

    scenario: Scenario
    measure: Measure  # a function of a module: it travels to the workers
    orders: tuple[Order, ...] | None = None  # the same in every run; None = drawn by the seed

    def open(self) -> Callable[[tuple[Player, int]], Figures]:
        """Line balances and policies are made once; a policy serves one run after the other."""
        return _Games(self, Factories(self.scenario)).play


@dataclass(frozen=True, slots=True)
class _Games:
    arena: Arena
    make: Factories
    policies: dict[str, Policy] = field(default_factory=dict)

    def play(self, game: tuple[Player, int]) -> Figures:
        player, seed = game
        scenario = self.arena.scenario
        if player.name not in self.policies:
            self.policies[player.name] = player.policy(scenario)
        factory = self.make(seed, orders=self.arena.orders)
        log = play(factory, self.policies[player.name])
        return self.arena.measure(log, scenario, player)


def measure_floor(log: RunLog, scenario: Scenario, player: Player) -> Figures:
    """Every KPI of a run: what a tournament of scheduling policies measures."""
    del scenario, player
    return kpis(log)


def play_all(
    arena: Arena,
    players: Sequence[Player],
    seeds: Sequence[int],
    *,
    workers: int = 2,
    title: str = "evaluating",
) -> list[Results]:
    """Every player on every seed; players have different names.

    Parameters
    ----------
    workers
        Processes; 1 plays here, without starting any.
    """
    games = [(player, seed) for seed in seeds for player in players]
    rows = work_off(arena, games, workers=workers, title=title)
    n = len(players)
    return [_results(player, seeds, rows[i::n]) for i, player in enumerate(players)]


def write_columns(results: Sequence[Results], path: Path, name: str) -> None:
    """Every figure of every run, as JSON: ``seeds``, and under ``name`` policy and figure."""
    columns = {r.name: {key: c.tolist() for key, c in r.columns.items()} for r in results}
    write_text(path, json.dumps({"seeds": list(results[0].seeds), name: columns}) + "\n")


def _results(player: Player, seeds: Sequence[int], rows: Sequence[Figures]) -> Results:
    columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return Results(player=player, seeds=tuple(seeds), columns=columns)
