"""What all learners that run the lines share: settings, and the environments they learn in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import torch
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import AgainstRule, Curve
from agents.deep.cloning import CloneSettings
from agents.deep.grouped import GroupedVecEnv
from agents.deep.places import Retraced
from agents.deep.policies import wants_plans
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.limits import Envs, NonNegative, Positive, Share, Width, Workers
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import Problem, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSettings:
    """What a config may change of every such learner."""

    width: Width = 64
    prior_weight: NonNegative = 1.0
    envs: Envs = 16
    workers: Workers = 2  # processes that step environments; 1 = all in this one
    discount_per_day: Share = 0.90
    reward: str = "lookahead"
    averaging: Share = 0.9  # of the old average kept per rollout; 0 = raw weights
    # of the line-matching ATCS index shown as a feature; None = as tuned for the plant
    prior: Mapping[str, Positive] | None = None
    clone: CloneSettings = field(default_factory=CloneSettings)

    def problems(self) -> Iterator[Problem]:
        """Every worker steps as many environments as the others."""
        if self.envs % self.workers:
            rule, given = "must divide over agent.workers", f"{self.envs} over {self.workers}"
            yield wrong("agent config", "agent.envs", rule, given, "e.g. 16 over 2")

    def network_name(self) -> str:
        """One of `agents.deep.policies.NETWORKS`."""
        return "order_scoring"

    def network_args(self) -> dict[str, Any]:
        """Constructor arguments of the network."""
        return {"width": self.width, "prior_weight": self.prior_weight}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A factory that is trained on, and what the rival costs there."""

    scenario: Scenario
    curves: Sequence[Curve]
    scale: float  # of a USD


@dataclass(frozen=True, slots=True)
class EnvMaker:
    """Makes one training environment; picklable, so that it can travel to a worker."""

    scenario: Scenario
    settings: LinesSettings
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
            plans=wants_plans(self.settings.network_name()),
        )
        env.energy_policy = deepcopy(self.site)
        return Retraced(AgainstRule(env, self.curves, self.scale, self.seed), self.seed)


def make_envs(
    scenario: Scenario,
    settings: LinesSettings,
    curves: Sequence[Curve],
    scale: float,
    seed: int,
    site: EnergyPolicy | None = None,
    beside: Sequence[Ground] = (),
) -> VecEnv:
    """Training environments, each with its own order of the training seeds.

    ``beside`` are other factories that take turns with the first: the n-th environment plays the
    n-th of them, and so on from the first again.
    """
    grounds = [Ground(scenario=scenario, curves=curves, scale=scale), *beside]
    makers = []
    for rank in range(settings.envs):
        ground = grounds[rank % len(grounds)]
        own = (ground.scenario, settings, ground.curves, ground.scale)
        makers.append(EnvMaker(*own, seed * 1000 + rank, site))
    return GroupedVecEnv(makers, settings.workers)
