"""Plays the cells of a study: in several processes, each cell kept the moment it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from experiments.building.guarded import HUNG, RAISED, Guarded, within_s
from experiments.command.crew import work_off
from experiments.command.watched_crew import Lost, allow_s, work_off_watched
from experiments.evaluating.tournament import LOAD_S, PACKAGES_S, WORLD_S, Failure
from experiments.studying.cells import Cell, CellFile, Outcome, Played
from experiments.studying.entrants import Entrant
from experiments.studying.scenes import Stage
from factory_env import play
from factory_env.decision import Question, ask
from factory_env.errors import ArtifactError, InputError, PolicyFailure
from factory_env.sim.run import Factories

ENDED: Final = "ended its process"
Keep = Callable[[Cell, Outcome], None]


class Timed:
    """A policy, and how long its answers took.

    Answers as ``policy`` does.
    """

    def __init__(self, policy: object) -> None:
        self._policy = policy
        self.questions = 0
        self.answer_s = 0.0
        self.answer_cpu_s = 0.0

    def answer(self, question: Question) -> Any:
        """The policy's answer."""
        begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
        answer = ask(self._policy, question)
        self.answer_cpu_s += time.process_time() - begin_cpu_s
        self.answer_s += time.perf_counter() - begin_s
        self.questions += 1
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything that a worker needs: who plays, and on which stages."""

    entrants: Mapping[tuple[str, int | None], Entrant]
    stages: Mapping[tuple[str, str | None], Stage]  # by scene and the inspector a policy brings
    seconds_per_run: float | None

    def open(self) -> Callable[[Cell], Outcome]:
        """Line balances and policies are made once; a policy serves one run after the other."""
        return _Games(self).play


@dataclass(frozen=True, slots=True)
class _Games:
    ground: Ground
    makers: dict[tuple[str, str | None], Factories] = field(default_factory=dict)
    policies: dict[tuple[str, int | None, str], object] = field(default_factory=dict)

    def play(self, cell: Cell) -> Outcome:
        """One run; whatever the policy does, the next one can follow."""
        entrant = self.ground.entrants[cell.policy, cell.training_seed]
        place = (cell.scene, entrant.inspector)
        stage = self.ground.stages[place]
        if place not in self.makers:
            self.makers[place] = Factories(stage.scenario)
        begin_s = time.perf_counter()
        try:
            timed = Timed(self._policy(cell, entrant, stage))
            limit_s = self.ground.seconds_per_run if entrant.player.is_stranger else None
            guarded = Guarded(timed, cell.policy, limit_s)
            log = play(self.makers[place](cell.seed, orders=stage.orders), guarded)
        except (PolicyFailure, InputError, ArtifactError, TimeoutError, MemoryError) as error:
            self.policies.pop(cell.entrant, None)
            return _tell_failure(cell, error)
        return Played(
            figures=stage.measure(log, entrant.player),
            questions=timed.questions,
            answer_s=timed.answer_s,
            answer_cpu_s=timed.answer_cpu_s,
            run_s=time.perf_counter() - begin_s,
        )

    def _policy(self, cell: Cell, entrant: Entrant, stage: Stage) -> object:
        player = entrant.player
        if cell.entrant in self.policies and not player.is_fresh:
            return self.policies[cell.entrant]
        allow_s(PACKAGES_S)
        if player.is_fresh:  # its own code makes it
            policy: object = within_s(LOAD_S, lambda: player.policy(stage.scenario))
        else:
            policy = player.policy(stage.scenario)
        allow_s(None)
        self.policies[cell.entrant] = policy
        return policy


def _tell_failure(cell: Cell, error: Exception) -> Failure:
    if isinstance(error, PolicyFailure):
        kind, reason, trace = error.kind, error.reason, error.trace
        return Failure(name=cell.policy, seed=cell.seed, kind=kind, reason=reason, trace=trace)
    is_late = isinstance(error, TimeoutError)
    reason = f"while it was made: {error}" if is_late else f"{type(error).__name__}: {error}"
    kind = HUNG if is_late else RAISED
    return Failure(name=cell.policy, seed=cell.seed, kind=kind, reason=reason)


def play_cells(ground: Ground, cells: Sequence[Cell], file: CellFile, *, workers: int) -> None:
    """Play the cells in their order, and append each to the file.

    Of a policy that fails in a scenario no later seed is played there.

    Parameters
    ----------
    workers
        Processes; 1 plays here, without starting any.
    """
    failed: set[tuple[str, int | None, str]] = set()

    def keep(cell: Cell, outcome: Outcome | Lost) -> None:
        told = _tell_lost(cell, outcome) if isinstance(outcome, Lost) else outcome
        file.append(cell, told)
        if isinstance(told, Failure):
            failed.add(cell.entrant)

    if workers <= 1:
        alone = _Alone(ground=ground, keep=keep, failed=failed)
        work_off(alone, cells, workers=1, title="study")
        return
    limit_s = ground.seconds_per_run
    work_off_watched(
        ground,
        cells,
        workers=workers,
        title="study",
        seconds=lambda cell: None if limit_s is None else limit_s + WORLD_S,
        is_wanted=lambda cell, results: cell.entrant not in failed,
        keep=keep,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    """A ground in this process, whose cells are kept as those of workers are."""

    ground: Ground
    keep: Keep
    failed: set[tuple[str, int | None, str]]

    def open(self) -> Callable[[Cell], None]:
        """Set up."""
        work = self.ground.open()

        def play_and_keep(cell: Cell) -> None:
            if cell.entrant not in self.failed:
                self.keep(cell, work(cell))

        return play_and_keep


def _tell_lost(cell: Cell, lost: Lost) -> Failure:
    """A lost worker costs the cell that it played."""
    late = f"its run was ended after {lost.seconds:.0f} s"
    kind = HUNG if lost.has_overrun else ENDED
    reason = late if lost.has_overrun else "the worker that played it is gone"
    return Failure(name=cell.policy, seed=cell.seed, kind=kind, reason=reason)
