"""MaskablePPO put together: environments, network, semi-Markov buffer, learning rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from sb3_contrib import MaskablePPO
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.collecting import FactoryPpo
from agents.deep.imitating import ImitateSettings
from agents.deep.lines import EnvMaker as EnvMaker
from agents.deep.lines import LinesSettings
from agents.deep.lines import make_envs as make_envs
from agents.deep.policies import NETWORKS
from agents.deep.semi_markov import SemiMarkovBuffer
from factory_env.domain.limits import NonNegative, Positive, Runs, Share, Size, TimesOrNone


@dataclass(frozen=True, slots=True, kw_only=True)
class PpoSettings(LinesSettings):
    """Everything about the learner that a config may change."""

    network: Literal["order_scoring", "flat", "attention", "plan_scoring"] = "order_scoring"
    pace: Literal["auto", "short", "long"] = (
        "auto"  # what stands where nothing is said, see pace.py
    )
    n_steps: Size = 256
    batch_size: Size = 512
    epochs: Runs = 8
    learning_rate: Positive = 8e-4
    final_learning_rate: NonNegative = 3e-5
    gamma: Share = 0.97  # per decision, where the semi-Markov option is off
    semi_markov: bool = True
    gae_lambda: Share = 0.9
    clip_range: Positive = 0.2
    entropy: NonNegative = 0.004
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    critic_rollouts: TimesOrNone = 1  # at first, in which only the value head is trained
    # of a planner, after the start was judged and before PPO; see `agents.deep.imitating`
    imitate: ImitateSettings = field(default_factory=ImitateSettings)

    def network_name(self) -> str:
        """As said."""
        return self.network

    def network_args(self) -> dict[str, Any]:
        """Constructor arguments of the network."""
        if self.network == "flat":
            return {"net_arch": {"pi": [self.width] * 2, "vf": [self.width] * 2}}
        return LinesSettings.network_args(self)


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
