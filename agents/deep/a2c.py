"""Masked A2C: the first, unclipped step of PPO on the whole rollout (Huang et al. 2022).

One epoch of one batch: the chances of the actions are those they were drawn by, so the clipped
objective is the plain one and its gradient A2C's. RMSprop as in Mnih et al. 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.collecting import FactoryPpo
from agents.deep.lines import LinesSettings
from agents.deep.policies import NETWORKS
from agents.deep.semi_markov import SemiMarkovBuffer
from factory_env.domain.limits import NonNegative, Positive, Share, Size, TimesOrNone

NEVER_CLIPS = 1e3  # what a ratio of chances would have to be off by


@dataclass(frozen=True, slots=True, kw_only=True)
class A2cSettings(LinesSettings):
    """Advantage actor-critic."""

    n_steps: Size = 16  # decisions of an environment between two updates
    learning_rate: Positive = 7e-4
    final_learning_rate: NonNegative = 7e-5
    semi_markov: bool = True
    gamma: Share = 0.97
    gae_lambda: Share = 0.9
    entropy: NonNegative = 0.003
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    critic_rollouts: TimesOrNone = 10


def build_a2c(envs: VecEnv, settings: A2cSettings, seed: int) -> MaskablePPO:
    """The learner, ready to ``learn``."""
    torch.set_num_threads(1)
    torch.distributions.Distribution.set_default_validate_args(False)
    first, last = settings.learning_rate, settings.final_learning_rate
    optimizer = {
        "optimizer_class": torch.optim.RMSprop,
        "optimizer_kwargs": {"alpha": 0.99, "eps": 1e-5},
    }
    return FactoryPpo(
        NETWORKS[settings.network_name()],
        envs,
        learning_rate=lambda left: last + (first - last) * left,
        n_steps=settings.n_steps,
        batch_size=settings.n_steps * settings.envs,
        n_epochs=1,
        gamma=settings.gamma,
        gae_lambda=settings.gae_lambda,
        clip_range=NEVER_CLIPS,
        ent_coef=settings.entropy,
        vf_coef=settings.value_weight,
        max_grad_norm=settings.max_grad_norm,
        rollout_buffer_class=SemiMarkovBuffer if settings.semi_markov else None,
        policy_kwargs={**settings.network_args(), **optimizer},
        seed=seed,
        device="cpu",
    )
