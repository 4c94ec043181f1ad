"""Rounds of imitation within a training: of a planner first, later of the planner that the network
guides. Between two rounds the network learns by itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.callbacks import BaseCallback

from agents.deep.cloning_examples import Examples, join_examples
from agents.deep.goal import LinesStage
from agents.deep.guided import GuidedTeacher
from agents.deep.imitating import (
    Chances,
    ImitateSettings,
    ImitationFigures,
    Lessons,
    Teacher,
    imitate,
)
from agents.deep.stage import write_weights
from agents.planning.planner import Planner
from experiments.command.crew import Crew
from factory_env.decisions.order_choice import HOLD, OrderChoice


@dataclass(frozen=True, slots=True)
class PlannerTeacher:
    """The planner, which knows what every answer would cost."""

    moves: int
    heat_usd: float  # an answer dearer by this is e times less likely

    def open(self) -> Chances:
        """How likely every answer should be: by its cost; a hold must be worth its while."""
        planner = Planner(moves=self.moves)

        def label(question: OrderChoice) -> NDArray[np.float64]:
            usd = planner.price(question)
            usd[HOLD] = usd[HOLD] + planner.hold_usd if question.can_hold else np.inf
            chances = np.exp((usd.min() - usd) / self.heat_usd)
            return np.asarray(chances / chances.sum())

        return label


@dataclass(slots=True)
class ImitationRounds:
    """Has the network's states labelled, and teaches it; examples of earlier rounds stay."""

    stage: LinesStage
    settings: ImitateSettings
    seeds: Sequence[int]  # of training, from the first on as many as are needed
    crew: Crew
    seed: int
    told: list[ImitationFigures] = field(default_factory=list)
    _parts: list[Examples] = field(default_factory=list)
    _played: int = 0  # seeds

    def teach(self, policy: Any, teacher: Teacher | None = None, *, alone: bool = False) -> int:
        """All rounds; decisions that were labelled.

        ``alone``: one round, in which the network plays.
        """
        settings, labelled = self.settings, 0
        told = teacher or PlannerTeacher(settings.teacher_moves, settings.heat_usd)
        for number in range(1 if alone else settings.rounds):
            weights = write_weights(policy) if number or alone else b""
            part = self._label(told, weights, number)
            self._parts.append(part)
            figures = imitate(policy, join_examples(self._parts), settings, self.seed)
            self.told.append(figures)
            print(f"imitation, round {len(self.told)}: {figures.tell()}", file=sys.stderr)
            labelled += len(part)
        return labelled

    def _label(self, teacher: Teacher, weights: bytes, number: int) -> Examples:
        settings = self.settings
        lessons = Lessons(stage=self.stage, teacher=teacher, stray=settings.stray)
        first = self.crew.work_off(lessons, [(weights, self._next_seed()) for _ in range(2)])
        runs = max(2, settings.decisions * 2 // max(1, sum(map(len, first))))
        jobs = [(weights, self._next_seed()) for _ in range(runs - 2)]
        who = "the learner plays, the planner says how" if weights else "the planner shows how"
        return join_examples([*first, *self.crew.work_off(lessons, jobs, title=who)])

    def _next_seed(self) -> int:
        self._played += 1
        return self.seeds[(self._played - 1) % len(self.seeds)]


class ImitateAgain(BaseCallback):
    """Further rounds in the course of a training, evenly spread over its decisions."""

    def __init__(self, rounds: ImitationRounds, steps: int) -> None:
        super().__init__()
        self._rounds = rounds
        times = rounds.settings.again
        self._due = [steps * (k + 1) // (times + 1) for k in range(times)]

    def _on_training_start(self) -> None:
        self._due = [step for step in self._due if step > self.num_timesteps]

    def _on_rollout_start(self) -> None:
        if self._due and self.num_timesteps >= self._due[0]:
            self._due.pop(0)
            policy, rounds = self.model.policy, self._rounds
            moves = rounds.settings.teacher_moves
            guide = GuidedTeacher(rounds.stage, write_weights(policy), moves)
            rounds.teach(policy, guide, alone=True)

    def _on_step(self) -> bool:
        return True
