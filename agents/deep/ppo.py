"""MaskablePPO put together: environments, network, semi-Markov buffer, learning rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import gymnasium as gym
import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import AgainstRule, Curve
from agents.deep.cloning import CloneSettings
from agents.deep.collecting import FactoryPpo
from agents.deep.grouped import GroupedVecEnv
from agents.deep.places import Retraced
from agents.deep.policies import NETWORKS
from agents.deep.semi_markov import SemiMarkovBuffer
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.limits import (
    Envs,
    NonNegative,
    Positive,
    Runs,
    Share,
    Size,
    TimesOrNone,
    Width,
    Workers,
)
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class PpoSettings:
    """Everything about the learner that a config may change."""

    network: Literal["order_scoring", "flat"] = "order_scoring"
    width: Width = 64
    prior_weight: NonNegative = 1.0
    envs: Envs = 16
    pace: Literal["auto", "short", "long"] = (
        "auto"  # what stands where nothing is said, see pace.py
    )
    n_steps: Size = 256
    batch_size: Size = 512
    epochs: Runs = 8
    learning_rate: Positive = 8e-4
    final_learning_rate: NonNegative = 3e-5
    discount_per_day: Share = 0.90
    gamma: Share = 0.97  # per decision, where the semi-Markov option is off
    semi_markov: bool = True
    gae_lambda: Share = 0.9
    clip_range: Positive = 0.2
    entropy: NonNegative = 0.004
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    averaging: Share = 0.9  # of the old average kept per rollout; 0 = raw weights
    reward: str = "lookahead"
    workers: Workers = 2  # processes that step environments; 1 = all in this one
    # of the line-matching ATCS index shown as a feature; None = as tuned for the plant
    prior: Mapping[str, Positive] | None = None
    clone: CloneSettings = field(default_factory=CloneSettings)
    critic_rollouts: TimesOrNone = 1  # at first, in which only the value head is trained

    def problems(self) -> Iterator[Problem]:
        """Every worker steps as many environments as the others."""
        if self.envs % self.workers:
            rule, given = "must divide over agent.workers", f"{self.envs} over {self.workers}"
            yield wrong("agent config", "agent.envs", rule, given, "e.g. 16 over 2")

    def network_args(self) -> dict[str, Any]:
        """Constructor arguments of the network."""
        if self.network == "flat":
            return {"net_arch": {"pi": [self.width] * 2, "vf": [self.width] * 2}}
        return {"width": self.width, "prior_weight": self.prior_weight}


@dataclass(frozen=True, slots=True)
class EnvMaker:
    """Makes one training environment; picklable, so that it can travel to a worker."""

    scenario: Scenario
    settings: PpoSettings
    curves: Sequence[Curve]
    scale: float
    seed: int
    site: EnergyPolicy | None = None  # who runs the site; each environment has its own copy

    def __call__(self) -> gym.Env[Any, Any]:
        torch.set_num_threads(1)
        env = SchedulingEnv(
            scenario=self.scenario,
            reward=self.settings.reward,
            prior=self.settings.prior,
            discount_per_day=self.settings.discount_per_day,
        )
        env.energy_policy = deepcopy(self.site)
        return Retraced(AgainstRule(env, self.curves, self.scale, self.seed), self.seed)


def make_envs(
    scenario: Scenario,
    settings: PpoSettings,
    curves: Sequence[Curve],
    scale: float,
    seed: int,
    site: EnergyPolicy | None = None,
) -> VecEnv:
    """Training environments, each with its own order of the training seeds."""
    makers = [
        EnvMaker(scenario, settings, curves, scale, seed * 1000 + rank, site)
        for rank in range(settings.envs)
    ]
    return GroupedVecEnv(makers, settings.workers)


def build_ppo(envs: VecEnv, settings: PpoSettings, seed: int) -> MaskablePPO:
    """The learner, ready to ``learn``."""
    torch.set_num_threads(1)
    torch.distributions.Distribution.set_default_validate_args(False)
    first, last = settings.learning_rate, settings.final_learning_rate
    model = FactoryPpo(
        NETWORKS[settings.network],
        envs,
        learning_rate=lambda left: last + (first - last) * left,
        n_steps=settings.n_steps,
        batch_size=settings.batch_size,
        n_epochs=settings.epochs,
        gamma=settings.gamma,
        gae_lambda=settings.gae_lambda,
        clip_range=settings.clip_range,
        ent_coef=settings.entropy,
        vf_coef=settings.value_weight,
        max_grad_norm=settings.max_grad_norm,
        rollout_buffer_class=SemiMarkovBuffer if settings.semi_markov else None,
        policy_kwargs=settings.network_args(),
        seed=seed,
        device="cuda" if torch.cuda.is_available() else "cpu",
    )
    return model
