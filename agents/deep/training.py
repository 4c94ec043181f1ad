"""The training loop of every learner: learn, look, keep the best, checkpoint, tell how far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.logger import configure

from agents.card import BEST, BEST_STEP, LAST, ORIGIN, read_card
from agents.deep.averaging import AverageWeights
from agents.deep.checkpoint import save
from agents.deep.going_on import Origin, restore_run
from agents.deep.looks import Look, Looks
from agents.deep.places import read_places
from agents.deep.randomness import set_random_states
from agents.deep.snapshot import (
    APART,
    AVERAGE,
    RANDOM,
    Snapshot,
    take_snapshot,
    write_agent,
)
from factory_env.errors import ArtifactError

# entries of a card in which an agent must equal the one that goes on with its weights
SAME_AGENT: Final = (
    "kind",
    "algorithm",
    "features",
    "network",
    "network_args",
    "prior",
    "site_prior",
)
Progress = Callable[[int, str], None]  # steps done so far, a short text


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When to stop and when to look."""

    steps: int
    validate_every: int
    validation_seeds: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How weights are judged, and what the number is called where it is written down."""

    look: Callable[[Sequence[int]], Look]  # plays seeds with the present weights
    column: str = "goal_usd"  # of ``validation.csv``
    entry: str = "validation_goal_usd"  # of the best checkpoint's card


class Kept(Protocol):
    """A number that is learned beside the weights; every checkpoint keeps it in its card."""

    @property
    def entry(self) -> str:
        """Its name in the card."""

    def read(self) -> float:
        """The present value."""

    def write(self, value: float) -> None:
        """Go on from a value."""


class Trainer:
    """Trains one model into a folder: ``start``, ``best``, ``last``, ``logs``, ``validation.csv``.

    Parameters
    ----------
    card
        What a loader must know of the agent; with those of `SAME_AGENT` that it has.
    averaging
        Share of the old average of weights kept per rollout; 0 = the raw weights are judged.
    kept
        Numbers that are learned beside the weights.
    """

    def __init__(
        self,
        model: BaseAlgorithm,
        judged: Judged,
        folder: Path,
        card: Mapping[str, Any],
        *,
        averaging: float = 0.0,
        kept: Sequence[Kept] = (),
    ) -> None:
        self.model = model
        self.judged = judged
        self.folder = folder
        self.average = AverageWeights(model.policy, averaging) if averaging > 0.0 else None
        self.looks = Looks(judged.column)
        self.gone_on: Snapshot | None = None  # where a resumed run stood
        self.seconds = 0.0  # that `train` took
        self._card = dict(card)
        self._kept = tuple(kept)
        model.set_logger(configure(str(folder / "logs"), ["csv", "tensorboard"]))

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Numbers that are learned beside the weights."""
        return self._kept

    @property
    def best_usd(self) -> float:
        """Goal of the best weights on validation seeds."""
        return self.looks.best_usd

    @property
    def best_step(self) -> int:
        """Decisions after which they stood; 0 = nothing beat the start."""
        return self.looks.best_step

    @property
    def start_usd(self) -> float:
        """Goal of the weights that learning began with."""
        return self.looks.start_usd

    def resume(self, folder: Path) -> tuple[str, ...]:
        """Go on from the last checkpoint of another run, as if it had never stopped.

        Returns what a person should know, where it is not so.

        Raises
        ------
        ArtifactError
            If that run has no such checkpoint, or is one of another agent.
        """
        place = folder / LAST
        card = read_card(place)
        for key in SAME_AGENT:
            if key in self._card and card.get(key) != self._card[key]:
                raise ArtifactError(
                    f"{place}: another agent, its {key} is {card.get(key)!r}; train anew"
                )
        self._card = {**card, **self._card}  # what was told of its beginning stays told
        for number in self._kept:
            if card.get(number.entry) is not None:
                number.write(float(card[number.entry]))
        origin = Origin(run=folder, card=card)
        self.gone_on, notes = restore_run(origin, self.model, self.folder)
        if self.average is not None:
            self.average.restart()
        if self.gone_on is not None:
            if self.average is not None:
                self.average.go_on(self.gone_on.part(AVERAGE))
            self.looks = Looks.go_on(self.gone_on.numbers["looks"])
            self.looks.write(self.folder)
        return notes

    def train(
        self,
        schedule: Schedule,
        progress: Progress,
        callbacks: Sequence[BaseCallback] = (),
        first: Callable[[], int] | None = None,
    ) -> None:
        """Learn until ``schedule.steps``; whatever ends it, the last checkpoint can be resumed.

        ``first`` is done when the start has been judged, and once; it gives its decisions.
        """
        begin = time.monotonic()
        watch = _Watch(self, schedule, progress)
        left = schedule.steps - self.model.num_timesteps
        try:
            if self.model.num_timesteps == 0:
                self.save(ORIGIN, optimizer=False)
            if self.gone_on is None:
                watch.validate()  # the start is a candidate, too
                if first is not None:
                    watch.count_lessons(first())
                    left = schedule.steps - self.model.num_timesteps
            if left > 0:
                every = CallbackList([*callbacks, watch])
                self.model.learn(left, every, reset_num_timesteps=False)
                watch.note_end()
                watch.validate()
            self.seconds = time.monotonic() - begin
        except BaseException:
            watch.save_last()
            raise

    def save(self, name: str, *, optimizer: bool) -> None:
        """Write the present weights into a checkpoint folder."""
        card = self.card(self.model.num_timesteps)
        if name == BEST:
            card[self.judged.entry] = self.best_usd
        save(self.folder / name, self.model.policy, card, optimizer=optimizer)

    def card(self, steps: int) -> dict[str, Any]:
        """Of a checkpoint after so many decisions."""
        return {
            **self._card,
            **{number.entry: number.read() for number in self._kept},
            "steps": steps,
            BEST_STEP: self.best_step,
            self.judged.entry: None,
        }

    def judge(self, seeds: Sequence[int]) -> Look:
        """Look at the averaged weights, and keep them if they are the best so far."""
        with nullcontext() if self.average is None else self.average.in_place():
            look = self.judged.look(seeds)
            if self.looks.add(self.model.num_timesteps, look):
                self.save(BEST, optimizer=False)
        return look


class _Watch(BaseCallback):
    """Validates, keeps where the training stands, moves the progress bar."""

    def __init__(self, trainer: Trainer, schedule: Schedule, progress: Progress) -> None:
        super().__init__()
        self._trainer = trainer
        self._schedule = schedule
        self._progress = progress
        self._text = ""
        self._snapshot = self._resumed = trainer.gone_on
        now = trainer.model.num_timesteps
        self._next = now + schedule.validate_every
        if self._resumed is not None:
            self._next = int(self._resumed.numbers["next_look"])

    def _on_step(self) -> bool:
        self._progress(self.num_timesteps, self._text)
        return True

    def _on_rollout_start(self) -> None:
        """Between two rollouts: a resumed run begins here, with what was done here done."""
        trainer, resumed, self._resumed = self._trainer, self._resumed, None
        if resumed is not None:
            set_random_states(resumed.part(RANDOM))
        is_averaged = resumed is not None and bool(resumed.numbers["is_averaged"])
        if trainer.average is not None and not is_averaged:
            trainer.average.update()
        steps = trainer.model.num_timesteps
        is_due = steps >= self._next
        if is_due or self._snapshot is None or steps - self._snapshot.steps >= APART:
            self._stand(is_averaged=True)
        if is_due:
            self.validate()

    def count_lessons(self, decisions: int) -> None:
        """Something was learned from so many decisions, and not by rollouts."""
        trainer = self._trainer
        trainer.model.num_timesteps += decisions
        if trainer.average is not None:
            trainer.average.restart()
        self.note_end()
        self.validate()

    def note_end(self) -> None:
        """The last update is over: here a run with more steps would go on."""
        self._stand(is_averaged=False)

    def _stand(self, *, is_averaged: bool) -> None:
        trainer = self._trainer
        envs = trainer.model.get_env()
        has_begun = getattr(trainer.model, "_last_obs", None) is not None
        numbers = {
            "is_averaged": is_averaged,
            "planned_steps": self._schedule.steps,
            "places": read_places(envs) if has_begun and envs is not None else None,
            "has_begun": has_begun,
            "kept": {number.entry: number.read() for number in trainer.kept},
        }
        average = {} if trainer.average is None else trainer.average.weights
        self._snapshot = take_snapshot(trainer.model, average, numbers)

    def validate(self) -> None:
        """Judge the weights; a line in ``validation.csv`` and the last checkpoint."""
        trainer = self._trainer
        if self._snapshot is None:
            self._stand(is_averaged=False)
        steps = trainer.model.num_timesteps
        look = trainer.judge(self._schedule.validation_seeds)
        self._next = steps + self._schedule.validate_every
        trainer.looks.write(trainer.folder)
        self.save_last()
        self._text = f"validation {look.goal_usd:,.0f} USD, best {trainer.best_usd:,.0f}"
        self._progress(steps, self._text)

    def save_last(self) -> None:
        """Write where the training stood last between two rollouts, for `Trainer.resume`."""
        if self._snapshot is None:
            return  # nothing has been learned, nor looked at
        trainer = self._trainer
        told = {"next_look": self._next, "looks": trainer.looks.keep()}
        card = trainer.card(self._snapshot.steps)
        write_agent(trainer.folder / LAST, self._snapshot.adding(told), trainer.model, card)
