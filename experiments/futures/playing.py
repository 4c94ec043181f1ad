"""Plays futures: every variant under every seed, each run measured where it was played."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, Protocol, Self

from tqdm import tqdm

from experiments.command.crew import Crew
from experiments.evaluating.player import Player
from experiments.futures.measuring.run import measure_run
from experiments.futures.outcome import Outcome
from experiments.futures.question import Variant
from factory_env import Factories, play
from factory_env.decision import AllRounder, Policy
from factory_env.domain.changes import OtherPolicy
from factory_env.processes import spare_collector
from factory_env.relay import Relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """One run to be played: the number of a variant, and its luck."""

    variant: int
    seed: int
    is_drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """The variants of a question; travels to the workers and is opened there."""

    variants: tuple[Variant, ...]

    def open(self) -> Callable[[Future], Outcome]:
        """Line balances and policies are made once a worker."""
        return _Runs(self.variants).play


@dataclass(slots=True)
class _Runs:
    variants: tuple[Variant, ...]
    makers: dict[int, Factories] = field(default_factory=dict)
    policies: dict[tuple[str, str | None, int], Policy] = field(default_factory=dict)
    plays: int = 0

    def play(self, future: Future) -> Outcome:
        variant = self.variants[future.variant]
        begun = time.perf_counter()
        make = self._maker(future.variant)
        factory = make(
            future.seed, orders=variant.orders, changes=variant.changes, floor=variant.opening
        )
        log = play(factory, self._policy(variant))
        self.plays += 1
        if self.plays == 1:
            spare_collector()
        return measure_run(
            log,
            factory.scenario,
            variant=variant.name,
            seconds=time.perf_counter() - begun,
            is_drawn=future.is_drawn,
        )

    def _maker(self, number: int) -> Factories:
        if number not in self.makers:
            scenario = self.variants[number].scenario
            same = next((m for m in self.makers.values() if m.scenario is scenario), None)
            self.makers[number] = same or Factories(scenario)
        return self.makers[number]

    def _policy(self, variant: Variant) -> Policy | AllRounder:
        first = self._player(variant, variant.agent)
        later = [
            (change.at_min, self._player(variant, change.agent))
            for change in variant.changes
            if isinstance(change, OtherPolicy)
        ]
        return Relay(first, later) if later else first

    def _player(self, variant: Variant, agent: str) -> Policy:
        player = Player(name=variant.name, lines=agent, site=variant.site)
        if player.is_fresh:
            return player.policy(variant.scenario)
        key = (agent, variant.site, id(variant.scenario))
        if key not in self.policies:
            self.policies[key] = player.policy(variant.scenario)
        return self.policies[key]


class Store(Protocol):
    """Where runs are found again."""

    def find(self, variant: Variant, seed: int) -> Outcome | None:
        """The outcome of a run that was played before."""

    def keep(self, variant: Variant, seed: int, outcome: Outcome) -> None:
        """Put an outcome where `find` sees it."""


class Stage:
    """Plays the variants of a question under seed after seed; its workers stay between rounds.

    Parameters
    ----------
    variants
        The base first.
    bar
        Moves on with every run.
    """

    def __init__(
        self,
        variants: Sequence[Variant],
        *,
        workers: int,
        store: Store | None = None,
        bar: tqdm[NoReturn] | None = None,
    ) -> None:
        self.played = 0
        self._crew = Crew(workers, is_warm=True)
        self._playground = Playground(variants=tuple(variants))
        self._store = store
        self._bar = bar

    def play_seeds(self, seeds: Sequence[int], *, is_first: bool) -> list[Outcome]:
        """Every variant under every seed, seed by seed; the bars of the first one are kept."""
        variants = self._playground.variants
        futures = [
            Future(variant=number, seed=seed, is_drawn=is_first and seed == seeds[0])
            for seed in seeds
            for number in range(len(variants))
        ]
        outcomes = [self._find(future) for future in futures]
        missing = [f for f, outcome in zip(futures, outcomes, strict=True) if outcome is None]
        made = iter(self._crew.work_off(self._playground, missing, tell=self._tell))
        self.played += len(missing)
        return [outcome or next(made) for outcome in outcomes]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._crew.close()

    def _find(self, future: Future) -> Outcome | None:
        if self._store is None:
            return None
        known = self._store.find(self._playground.variants[future.variant], future.seed)
        if known is None or (future.is_drawn and not known.gantt):
            return None
        self._move_bar()
        return replace(known, variant=self._playground.variants[future.variant].name)

    def _tell(self, outcome: Outcome) -> str:
        if self._store is not None:
            variant = next(v for v in self._playground.variants if v.name == outcome.variant)
            self._store.keep(variant, outcome.seed, outcome)
        self._move_bar()
        return outcome.variant

    def _move_bar(self) -> None:
        if self._bar is not None:
            self._bar.update()


def show_progress(total: int, *, is_shown: bool = True) -> tqdm[NoReturn]:
    """The bar over all runs of a question, with the time left, on stderr."""
    return tqdm(
        total=total,
        desc="futures",
        unit="run",
        file=sys.stderr,
        mininterval=0.5,
        disable=not is_shown,
    )
