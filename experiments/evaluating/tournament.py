"""Plays policies on the same seeds, in parallel: one table of figures per policy.

A policy that fails is named, with its traceback, and the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from experiments.building.guarded import HUNG, LOAD_S, RAISED, Guarded, within_s
from experiments.command.crew import work_off
from experiments.command.run_folder import write_text
from experiments.command.watched_crew import Lost, allow_s, work_off_watched
from experiments.evaluating.player import Player
from factory_env import Order, RunLog, Scenario, play
from factory_env.decision import Policy
from factory_env.errors import InputError, PolicyFailure
from factory_env.kpi.table import kpis
from factory_env.sim.run import Factories

Figures = Mapping[str, float]
WORLD_S: Final = 90.0  # of a run for the world itself, the first one compiles it
PACKAGES_S: Final = 600.0  # for what making one brings, e.g. torch on a busy machine


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
class Failure:
    """A policy that did not come to the end of a run."""

    name: str
    seed: int
    kind: str  # as in `PolicyFailure`
    reason: str
    trace: str = ""

    def make_error(self) -> PolicyFailure:
        """The same as an error."""
        return PolicyFailure(self.name, self.kind, f"seed {self.seed}: {self.reason}", self.trace)


Outcome = Figures | Failure | None  # None = not played, as the player has failed before


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """Where a tournament is played, and what is measured in a run."""

    scenario: Scenario
    measure: Measure  # a function of a module: it travels to the workers
    orders: tuple[Order, ...] | None = None  # the same in every run; None = drawn by the seed
    seconds_per_run: float | None = None  # most time of a stranger's answers; None = any

    def open(self) -> Callable[[tuple[Player, int]], Outcome]:
        """Line balances and policies are made once; a policy serves one run after the other."""
        return _Games(self, Factories(self.scenario)).play


@dataclass(frozen=True, slots=True)
class _Games:
    arena: Arena
    make: Factories
    policies: dict[str, Policy] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def play(self, game: tuple[Player, int]) -> Outcome:
        player, seed = game
        scenario = self.arena.scenario
        if player.name in self.failed:
            return None
        try:
            if player.name not in self.policies or player.is_fresh:
                self.policies[player.name] = self._policy(player)
            log = play(self.make(seed, orders=self.arena.orders), self.policies[player.name])
        except (PolicyFailure, InputError, TimeoutError, MemoryError) as error:
            if not (isinstance(error, PolicyFailure) or player.is_stranger):
                raise
            self.failed.add(player.name)
            return _failure(player.name, seed, error)
        return self.arena.measure(log, scenario, player)

    def _policy(self, player: Player) -> Policy:
        if not player.is_stranger:
            return player.policy(self.arena.scenario)
        allow_s(PACKAGES_S)
        if player.is_fresh:  # its own code makes it
            policy = within_s(LOAD_S, lambda: player.policy(self.arena.scenario))
        else:
            policy = player.policy(self.arena.scenario)
        allow_s(None)
        return Guarded(policy, player.name, self.arena.seconds_per_run)


def _failure(name: str, seed: int, error: Exception) -> Failure:
    """What a stranger's error while it is made or plays says of it."""
    if isinstance(error, PolicyFailure):
        kind, reason, trace = error.kind, error.reason, error.trace
        return Failure(name=name, seed=seed, kind=kind, reason=reason, trace=trace)
    if isinstance(error, TimeoutError):
        return Failure(name=name, seed=seed, kind=HUNG, reason=f"while it was made: {error}")
    reason = f"{type(error).__name__}: {error}"
    return Failure(name=name, seed=seed, kind=RAISED, reason=reason)


def measure_floor(log: RunLog, scenario: Scenario, player: Player) -> Figures:
    """Every KPI of a run: what a tournament of scheduling policies measures."""
    del scenario, player
    return kpis(log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What came of a tournament: figures of those who played all seeds, and who did not."""

    results: tuple[Results, ...]
    failures: tuple[Failure, ...]


def play_all(
    arena: Arena,
    players: Sequence[Player],
    seeds: Sequence[int],
    *,
    workers: int = 2,
    title: str = "evaluating",
) -> list[Results]:
    """Every player on every seed, see `play_contest`.

    Raises
    ------
    PolicyFailure
        If one of them fails.
    """
    contest = play_contest(arena, players, seeds, workers=workers, title=title)
    for failure in contest.failures:
        raise failure.make_error()
    return list(contest.results)


def play_contest(
    arena: Arena,
    players: Sequence[Player],
    seeds: Sequence[int],
    *,
    workers: int = 2,
    title: str = "evaluating",
) -> Contest:
    """Every player on every seed; players have different names.

    Of a player who fails on a seed no later seed is played. Which one is told does not depend on
    ``workers``: the first of the seeds.

    Parameters
    ----------
    workers
        Processes; 1 plays here, without starting any. Players with a ``make`` are played here
        anyway.
    """
    here = [p for p in players if p.make is not None]
    away = [p for p in players if p.make is None]
    outcomes: dict[str, list[Outcome]] = {}
    for group, crew in ((away, workers), (here, 1)):
        games = [(player, seed) for seed in seeds for player in group]
        rows = _play_games(arena, games, workers=crew, title=title) if games else []
        outcomes |= {player.name: rows[i :: len(group)] for i, player in enumerate(group)}
    results, failures = [], []
    for player in players:
        rows = outcomes[player.name]
        lost = next((row for row in rows if isinstance(row, Failure)), None)
        if lost is not None:
            failures.append(lost)
        else:
            results.append(_results(player, seeds, cast(list[Figures], rows)))
    return Contest(results=tuple(results), failures=tuple(failures))


def _play_games(
    arena: Arena, games: Sequence[tuple[Player, int]], *, workers: int, title: str
) -> list[Outcome]:
    strangers = {player.name for player, _ in games if player.is_stranger}
    if workers <= 1 or not strangers:
        return work_off(arena, games, workers=workers, title=title)
    failed: set[str] = set()

    def is_wanted(game: tuple[Player, int], rows: Sequence[Outcome | Lost]) -> bool:
        failed.update(
            player.name
            for (player, _), row in zip(games, rows, strict=True)
            if isinstance(row, Failure | Lost)
        )
        return game[0].name not in failed

    limit_s = arena.seconds_per_run

    def most_s(game: tuple[Player, int]) -> float | None:
        return None if limit_s is None or not game[0].is_stranger else limit_s + WORLD_S

    rows = work_off_watched(
        arena, games, workers=workers, title=title, seconds=most_s, is_wanted=is_wanted
    )
    return [_outcome(*game, row) for game, row in zip(games, rows, strict=True)]


def _outcome(player: Player, seed: int, row: Outcome | Lost) -> Outcome:
    """A lost worker costs the game that it played."""
    if not isinstance(row, Lost):
        return row
    if row.has_overrun:
        kind, reason = HUNG, f"its run was ended after {row.seconds:.0f} s"
    else:
        kind, reason = "ended its process", "the worker that played it is gone"
    return Failure(name=player.name, seed=seed, kind=kind, reason=reason)


def write_columns(results: Sequence[Results], path: Path, name: str) -> None:
    """Every figure of every run, as JSON: ``seeds``, and under ``name`` policy and figure."""
    columns = {r.name: {key: c.tolist() for key, c in r.columns.items()} for r in results}
    write_text(path, json.dumps({"seeds": list(results[0].seeds), name: columns}) + "\n")


def _results(player: Player, seeds: Sequence[int], rows: Sequence[Figures]) -> Results:
    columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return Results(player=player, seeds=tuple(seeds), columns=columns)
