"""The training loop of agents that run a site: learn, validate in the factory, keep the best."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.logger import configure

from agents.card import BEST, LAST, read_card
from agents.deep.averaging import AverageWeights
from agents.deep.checkpoint import load_optimizer, load_weights, save
from agents.deep.energy.goal import Goal, Played, play_site
from agents.deep.energy.lagrangian import LatenessPrice, PriceLateness
from agents.deep.training import Progress, Schedule
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.errors import ArtifactError

SAME_AGENT = ("kind", "algorithm", "features", "network_args", "site_prior")
COLUMNS = ("steps", "goal_usd", "best_so_far_usd", "energy_usd", "lateness_usd", "multiplier")
Contestant = Callable[[], tuple[Policy, EnergyPolicy]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How a learner is judged: who runs lines and site, where, and by what goal."""

    scenario: Scenario
    contestant: Contestant  # the learner as policies, with its present weights
    goal: Goal
    price: LatenessPrice | None = None  # None = no limit on lateness


class SiteTrainer:
    """Trains one model into one folder.

    Parameters
    ----------
    card
        What a loader must know of the agent: ``kind`` and all of `SAME_AGENT`.
    averaging
        Share of the old average of weights kept per rollout; 0 = the raw weights are judged.
    """

    def __init__(
        self,
        model: BaseAlgorithm,
        judged: Judged,
        folder: Path,
        card: Mapping[str, Any],
        averaging: float = 0.0,
    ) -> None:
        self.model = model
        self.judged = judged
        self.folder = folder
        self.average = AverageWeights(model.policy, averaging) if averaging > 0.0 else None
        self.best_goal_usd = float("inf")
        self.start_goal_usd = float("inf")
        self._card = dict(card)
        model.set_logger(configure(str(folder / "logs"), ["csv", "tensorboard"]))

    def resume(self, folder: Path) -> None:
        """Go on from the last checkpoint of another run; what was replayed is not kept."""
        card = read_card(folder / LAST)
        for key in SAME_AGENT:
            if card.get(key) != self._card[key]:
                raise ArtifactError(
                    f"{folder / LAST}: another agent, its {key} is {card.get(key)!r}; train anew"
                )
        load_weights(folder / LAST, self.model.policy)
        load_optimizer(folder / LAST, self.model.policy.optimizer)
        self.model.num_timesteps = int(card["steps"])
        log_temperature = getattr(self.model, "log_ent_coef", None)
        if log_temperature is not None and card["temperature"] is not None:
            with torch.no_grad():
                log_temperature.fill_(float(np.log(card["temperature"])))
        if self.judged.price is not None and card["multiplier"] is not None:
            self.judged.price.multiplier = float(card["multiplier"])
        if self.average is not None:
            self.average.restart()

    def train(
        self, schedule: Schedule, progress: Progress, callbacks: Sequence[BaseCallback] = ()
    ) -> None:
        """Learn until ``schedule.steps``; whatever ends it, the last weights are saved."""
        watch = _Watch(self, schedule, progress)
        price = self.judged.price
        priced = [PriceLateness(price)] if price is not None else []
        left = schedule.steps - self.model.num_timesteps
        try:
            self.start_goal_usd = watch.validate()  # the start is a candidate, too
            if left > 0:
                every = CallbackList([*callbacks, *priced, watch])
                self.model.learn(left, every, reset_num_timesteps=False)
                watch.validate()
        finally:
            self.save(LAST, optimizer=True)

    def save(self, name: str, *, optimizer: bool) -> None:
        """Write the present weights into a checkpoint folder."""
        price = self.judged.price
        log_temperature = getattr(self.model, "log_ent_coef", None)
        card = {
            **self._card,
            "steps": self.model.num_timesteps,
            "validation_goal_usd": self.best_goal_usd if name == BEST else None,
            "multiplier": None if price is None else price.multiplier,
            "temperature": None
            if log_temperature is None
            else float(log_temperature.detach().exp()),
        }
        save(self.folder / name, self.model.policy, card, optimizer=optimizer)

    def judge(self, seeds: Sequence[int]) -> list[Played]:
        """Runs of the real factory with the averaged weights, kept if they are the best so far."""
        with nullcontext() if self.average is None else self.average.in_place():
            lines, site = self.judged.contestant()
            runs = play_site(self.judged.scenario, lines, site, seeds)
            goal_usd = self.judged.goal.of(runs)
            if goal_usd < self.best_goal_usd:
                self.best_goal_usd = goal_usd
                self.save(BEST, optimizer=False)
        return runs


class _Watch(BaseCallback):
    """Validates, writes a line a time, moves the progress bar."""

    def __init__(self, trainer: SiteTrainer, schedule: Schedule, progress: Progress) -> None:
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
        judged, steps = trainer.judged, trainer.model.num_timesteps
        runs = trainer.judge(self._schedule.validation_seeds)
        trainer.save(LAST, optimizer=True)
        goal_usd = judged.goal.of(runs)
        usd = (
            goal_usd,
            trainer.best_goal_usd,
            float(np.mean([r.energy_usd for r in runs])),
            float(np.mean([r.lateness_usd for r in runs])),
        )
        multiplier = "" if judged.price is None else round(judged.price.multiplier, 4)
        path = trainer.folder / "validation.csv"
        is_new = not path.exists()
        with path.open("a", newline="") as file:  # closed every time: readable after a kill
            writer = csv.writer(file)
            if is_new:
                writer.writerow(COLUMNS)
            writer.writerow([steps, *(round(value, 2) for value in usd), multiplier])
        self._text = f"validation {goal_usd:,.0f} USD, best {trainer.best_goal_usd:,.0f}"
        self._progress(steps, self._text)
        return goal_usd
