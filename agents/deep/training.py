"""The training loop of every learner: learn, look, keep the best, checkpoint, tell how far."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.logger import configure

from agents.card import BEST, BEST_STEP, LAST, ORIGIN, read_card, require
from agents.deep.averaging import AverageWeights
from agents.deep.checkpoint import load_optimizer, load_weights, save
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
class Look:
    """What the validation runs say of the present weights."""

    goal_usd: float  # the less the better
    beside: Mapping[str, float | None] = field(default_factory=dict)  # further columns, as written


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
        self.best_usd = float("inf")
        self.best_step = 0
        self.start_usd = float("inf")
        self._card = dict(card)
        self._kept = tuple(kept)
        model.set_logger(configure(str(folder / "logs"), ["csv", "tensorboard"]))

    def resume(self, folder: Path) -> None:
        """Go on from the last checkpoint of another run; a replay buffer is not kept."""
        place = folder / LAST
        card = read_card(place)
        for key in SAME_AGENT:
            if key in self._card and card.get(key) != self._card[key]:
                raise ArtifactError(
                    f"{place}: another agent, its {key} is {card.get(key)!r}; train anew"
                )
        load_weights(place, self.model.policy)
        load_optimizer(place, self.model.policy.optimizer)
        require(card, place, {"steps": int})
        self.model.num_timesteps = int(card["steps"])
        for number in self._kept:
            if card.get(number.entry) is not None:
                number.write(float(card[number.entry]))
        if self.average is not None:
            self.average.restart()

    def train(
        self, schedule: Schedule, progress: Progress, callbacks: Sequence[BaseCallback] = ()
    ) -> None:
        """Learn until ``schedule.steps``; whatever ends it, the last weights are saved."""
        watch = _Watch(self, schedule, progress)
        left = schedule.steps - self.model.num_timesteps
        try:
            if self.model.num_timesteps == 0:
                self.save(ORIGIN, optimizer=False)
            self.start_usd = watch.validate()  # the start is a candidate, too
            if left > 0:
                every = CallbackList([*callbacks, watch])
                self.model.learn(left, every, reset_num_timesteps=False)
                watch.validate()
        finally:
            self.save(LAST, optimizer=True)

    def save(self, name: str, *, optimizer: bool) -> None:
        """Write the present weights into a checkpoint folder."""
        card = {
            **self._card,
            **{number.entry: number.read() for number in self._kept},
            "steps": self.model.num_timesteps,
            BEST_STEP: self.best_step,
            self.judged.entry: self.best_usd if name == BEST else None,
        }
        save(self.folder / name, self.model.policy, card, optimizer=optimizer)

    def judge(self, seeds: Sequence[int]) -> Look:
        """Look at the averaged weights, and keep them if they are the best so far."""
        with nullcontext() if self.average is None else self.average.in_place():
            look = self.judged.look(seeds)
            if look.goal_usd < self.best_usd:
                self.best_usd = look.goal_usd
                self.best_step = self.model.num_timesteps
                self.save(BEST, optimizer=False)
        return look


class _Watch(BaseCallback):
    """Validates, writes a line a time, moves the progress bar."""

    def __init__(self, trainer: Trainer, schedule: Schedule, progress: Progress) -> None:
        super().__init__()
        self._trainer = trainer
        self._schedule = schedule
        self._progress = progress
        self._next = trainer.model.num_timesteps + schedule.validate_every
        self._text = ""

    def _on_step(self) -> bool:
        self._progress(self.num_timesteps, self._text)
        return True

    def _on_rollout_start(self) -> None:
        if self._trainer.average is not None:
            self._trainer.average.update()
        if self._trainer.model.num_timesteps >= self._next:
            self._next = self._trainer.model.num_timesteps + self._schedule.validate_every
            self.validate()

    def validate(self) -> float:
        """Judge the weights; a line in ``validation.csv`` and the last checkpoint. The goal."""
        trainer = self._trainer
        steps = trainer.model.num_timesteps
        look = trainer.judge(self._schedule.validation_seeds)
        trainer.save(LAST, optimizer=True)
        self._write(steps, look)
        self._text = f"validation {look.goal_usd:,.0f} USD, best {trainer.best_usd:,.0f}"
        self._progress(steps, self._text)
        return look.goal_usd

    def _write(self, steps: int, look: Look) -> None:
        path = self._trainer.folder / "validation.csv"
        is_new = not path.exists()
        with path.open("a", newline="") as file:  # closed every time: readable after a kill
            writer = csv.writer(file)
            if is_new:
                column = self._trainer.judged.column
                writer.writerow(["steps", column, "best_so_far_usd", *look.beside])
            usd = (look.goal_usd, self._trainer.best_usd)
            row = [steps, *(round(value, 2) for value in usd), *look.beside.values()]
            writer.writerow(["" if value is None else value for value in row])
