"""The training loop: learn, validate, keep the best, checkpoint, report progress."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.logger import configure

from agents.card import BEST, LAST, read_card
from agents.deep.averaging import AverageWeights
from agents.deep.checkpoint import load_optimizer, load_weights, save
from agents.deep.load import NetworkPolicy, check_features, feature_names
from agents.deep.ppo import PpoSettings
from agents.deep.semi_markov import CollectDiscounts
from factory_env.decision import Policy, ask
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.encoder import Encoder, blocks_of
from factory_env.envs.scheduling.env import SchedulingEnv

Progress = Callable[[int, str], None]  # steps done so far, a short text


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When to stop and when to look."""

    steps: int
    validate_every: int
    validation_seeds: Sequence[int]


def mean_cost(
    scenario: Scenario, policy: Policy, seeds: Sequence[int], site: EnergyPolicy | None = None
) -> float:
    """Mean total cost of a policy over seeds [USD]; ``site`` runs the site, if there is one."""
    env = SchedulingEnv(scenario=scenario)
    env.energy_policy = site
    costs = []
    for seed in seeds:
        env.reset(seed=seed)
        over = False
        while not over:
            assert env.question is not None
            action = env.answer_to_action(ask(policy, env.question))
            _, _, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
        assert env.factory is not None
        costs.append(env.factory.cost_usd)
    return float(np.mean(costs))


class Trainer:
    """Trains one model into one folder."""

    def __init__(
        self,
        model: MaskablePPO,
        settings: PpoSettings,
        scenario: Scenario,
        folder: Path,
        facts: Mapping[str, Any],
        site: EnergyPolicy | None = None,
    ) -> None:
        self.model = model
        self.scenario = scenario
        self.site = site
        self.folder = folder
        self.encoder = Encoder(settings.prior, blocks_of(scenario))
        self.average = AverageWeights(model.policy, settings.averaging)
        self.best_cost_usd = float("inf")
        self._settings = settings
        self._facts = dict(facts)
        model.set_logger(configure(str(folder / "logs"), ["csv", "tensorboard"]))

    def resume(self, folder: Path) -> None:
        """Go on from the last checkpoint of another run."""
        card = read_card(folder / LAST)
        check_features(card, self.encoder, folder)
        load_weights(folder / LAST, self.model.policy)
        load_optimizer(folder / LAST, self.model.policy.optimizer)
        self.model.num_timesteps = int(card["steps"])
        self.average.restart()

    def train(self, schedule: Schedule, progress: Progress) -> None:
        """Learn until ``schedule.steps``; whatever ends it, the last weights are saved."""
        watch = _Watch(self, schedule, progress)
        callbacks: list[BaseCallback] = [watch]
        if self._settings.semi_markov:
            callbacks.insert(0, CollectDiscounts())
        left = schedule.steps - self.model.num_timesteps
        try:
            watch.validate()  # the start is a candidate, too
            if left > 0:
                self.model.learn(left, CallbackList(callbacks), reset_num_timesteps=False)
                watch.validate()
        finally:
            self.save(LAST, optimizer=True)

    def save(self, name: str, *, optimizer: bool) -> None:
        """Write the present weights into a checkpoint folder."""
        card = {
            "network": self._settings.network,
            "network_args": self._settings.network_args(),
            "prior": dict(self.encoder.prior),
            "features": feature_names(self.encoder),
            "steps": self.model.num_timesteps,
            "validation_cost_usd": self.best_cost_usd if name == BEST else None,
            **self._facts,
        }
        save(self.folder / name, self.model.policy, card, optimizer=optimizer)


class _Watch(BaseCallback):
    """Validates, keeps the best, writes a line a time, moves the progress bar."""

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
        self._trainer.average.update()
        if self._trainer.model.num_timesteps >= self._next:
            self._next += self._schedule.validate_every
            self.validate()

    def validate(self) -> None:
        """Play the validation seeds with averaged weights; save them if the best so far."""
        trainer = self._trainer
        with trainer.average.in_place():
            policy = NetworkPolicy(trainer.model.policy, trainer.encoder)  # type: ignore[arg-type]
            seeds = self._schedule.validation_seeds
            cost = mean_cost(trainer.scenario, policy, seeds, trainer.site)
            if cost < trainer.best_cost_usd:
                trainer.best_cost_usd = cost
                trainer.save(BEST, optimizer=False)
        trainer.save(LAST, optimizer=True)
        steps = trainer.model.num_timesteps
        path = trainer.folder / "validation.csv"
        is_new = not path.exists()
        with path.open("a", newline="") as file:  # closed every time: readable after a kill
            writer = csv.writer(file)
            if is_new:
                writer.writerow(["steps", "mean_total_cost_usd", "best_so_far_usd"])
            writer.writerow([steps, round(cost, 2), round(trainer.best_cost_usd, 2)])
        self._text = f"validation {cost:,.0f} USD, best {trainer.best_cost_usd:,.0f}"
        self._progress(steps, self._text)
