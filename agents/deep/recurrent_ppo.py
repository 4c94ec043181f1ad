"""PPO for a network with a memory; discounts by elapsed time, resumes exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from sb3_contrib import RecurrentPPO
from sb3_contrib.common.recurrent.buffers import RecurrentDictRolloutBuffer
from sb3_contrib.common.recurrent.type_aliases import RNNStates
from stable_baselines3.common.vec_env import VecEnv
from torch import Tensor

from agents.deep.lines import LinesSettings
from agents.deep.policies import NETWORKS
from agents.deep.semi_markov import ByElapsedTime
from factory_env.domain.limits import NonNegative, Positive, Runs, Share, Size, TimesOrNone


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrentPpoSettings(LinesSettings):
    """PPO with a long short-term memory of ``width`` numbers."""

    n_steps: Size = 128
    batch_size: Size = 512
    epochs: Runs = 4
    learning_rate: Positive = 1e-3
    final_learning_rate: NonNegative = 5e-5
    semi_markov: bool = True
    gamma: Share = 0.97
    gae_lambda: Share = 0.8
    clip_range: Positive = 0.2
    entropy: NonNegative = 0.003
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    averaging: Share = 0.8
    critic_rollouts: TimesOrNone = 1

    def network_name(self) -> str:
        """The one with a memory."""
        return "recurrent"


class RecurrentTimeBuffer(ByElapsedTime, RecurrentDictRolloutBuffer):
    """With memories and a discount a step."""


class FactoryRecurrentPpo(RecurrentPPO):
    """`RecurrentPPO` whose checkpoints hold what it remembers of the runs it is in."""

    is_semi_markov = True

    def _setup_model(self) -> None:
        super()._setup_model()
        if self.is_semi_markov:
            plain: Any = self.rollout_buffer
            self.rollout_buffer = RecurrentTimeBuffer(
                self.n_steps,
                self.observation_space,
                self.action_space,
                plain.hidden_state_shape,
                self.device,
                gamma=self.gamma,
                gae_lambda=self.gae_lambda,
                n_envs=self.n_envs,
            )

    def memory_place(self) -> int:
        """There is no buffer to keep: rollouts are forgotten."""
        return 0

    def copy_extra(self) -> dict[str, Tensor]:
        """The memory of every environment."""
        last: Any = self._last_lstm_states
        hidden, cell = last.pi
        return {"hidden": hidden.detach().clone(), "cell": cell.detach().clone()}

    def read_memory(self, place: int) -> dict[str, Tensor]:
        """Nothing."""
        del place
        return {}

    def take_up(
        self, place: int, extra: Mapping[str, Tensor], memory: Mapping[str, Tensor]
    ) -> None:
        """Go on from there."""
        del place, memory
        kept = (extra["hidden"].clone(), extra["cell"].clone())
        self._last_lstm_states = RNNStates(kept, kept)  # type: ignore[assignment]


class FactoryRecurrentPpoPerDecision(FactoryRecurrentPpo):
    """The same with one discount a decision."""

    is_semi_markov = False


def build_recurrent_ppo(
    envs: VecEnv, settings: RecurrentPpoSettings, seed: int
) -> FactoryRecurrentPpo:
    """The learner, ready to ``learn``."""
    torch.set_num_threads(1)
    torch.distributions.Distribution.set_default_validate_args(False)
    first, last = settings.learning_rate, settings.final_learning_rate
    kind = FactoryRecurrentPpo if settings.semi_markov else FactoryRecurrentPpoPerDecision
    network: Any = NETWORKS[settings.network_name()]
    return kind(
        network,
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
        policy_kwargs=settings.network_args(),
        seed=seed,
        device="cpu",
    )
