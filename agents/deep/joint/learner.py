"""MaskablePPO on `JointEnv`: settings, environments, model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv

from agents.deep.baseline import AgainstRule, Curve
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import SiteSettings
from agents.deep.joint.network import JointPolicy
from agents.deep.places import Retraced
from agents.deep.semi_markov import SemiMarkovBuffer
from factory_env.domain.limits import NonNegative, Positive, Runs, Share, Size, Width
from factory_env.domain.scenario import Scenario
from factory_env.envs.joint.env import JointEnv

Control = Literal["battery", "set_point", "boiler", "lines", "standby"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointSettings(SiteSettings):
    """Everything about the learner that a config may change."""

    algorithm: Literal["ppo"] = "ppo"
    warm_start: str | None = "pretrained"  # a scheduling agent whose weights the order part takes
    order_prior: Mapping[str, Positive] = field(  # of the ATCS index; a warm start brings its own
        default_factory=lambda: {"k1": 2.0, "k2": 1.0, "k3": 0.1, "grace_min": 1200.0}
    )
    prior_weight: NonNegative = 1.0
    explore: Share = 0.05  # chance at the start that a control is given another level
    # of the site that it may move; a line that stands is felt too late to be learned safely
    controls: tuple[Control, ...] = ("battery", "set_point", "boiler", "standby")
    width: Width = 64
    n_steps: Size = 512
    batch_size: Size = 512
    epochs: Runs = 4
    learning_rate: Positive = 2e-4
    final_learning_rate: NonNegative = 2e-5
    gae_lambda: Share = 0.95
    clip_range: Positive = 0.2
    entropy: NonNegative = 0.0
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    averaging: Share = 0.9  # of the old average of weights kept per rollout; 0 = raw weights

    def network_args(self) -> dict[str, Any]:
        """Constructor arguments of the network."""
        return {
            "width": self.width,
            "prior_weight": self.prior_weight,
            "explore": self.explore,
            "controls": list(self.controls),
        }


def make_joint_envs(
    scenario: Scenario,
    settings: JointSettings,
    prior: Prior,
    order_prior: Mapping[str, float],
    curves: Sequence[Curve],
    seed: int,
) -> DummyVecEnv:
    """Environments that each take the training seeds in an order of their own."""

    def maker(rank: int) -> Callable[[], Retraced]:
        def make() -> Retraced:
            env = JointEnv(
                scenario=scenario,
                prior=prior.policy(),
                order_prior=deepcopy(dict(order_prior)),
                reward=settings.reward,
                discount_per_day=settings.discount_per_day,
            )
            key = seed * 1000 + rank
            return Retraced(AgainstRule(env, curves, settings.reward_scale, key), key)

        return make

    return DummyVecEnv([maker(rank) for rank in range(settings.envs)])  # type: ignore[list-item]


def build_joint_ppo(envs: VecEnv, settings: JointSettings, seed: int) -> MaskablePPO:
    """The learner, ready to ``learn``; discounts go by elapsed time."""
    torch.set_num_threads(1)
    torch.distributions.Distribution.set_default_validate_args(False)
    first, last = settings.learning_rate, settings.final_learning_rate
    return MaskablePPO(
        JointPolicy,
        envs,
        learning_rate=lambda left: last + (first - last) * left,
        n_steps=settings.n_steps,
        batch_size=settings.batch_size,
        n_epochs=settings.epochs,
        gae_lambda=settings.gae_lambda,
        clip_range=settings.clip_range,
        ent_coef=settings.entropy,
        vf_coef=settings.value_weight,
        max_grad_norm=settings.max_grad_norm,
        rollout_buffer_class=SemiMarkovBuffer,
        policy_kwargs=settings.network_args(),
        seed=seed,
        device="cpu",
    )
