"""Discounting by elapsed time: decisions are uneven in time, so one gamma per step is wrong.

``gamma`` of a step is ``discount_per_day ** (elapsed days)``; the environment sends it as
``info["discount"]``. The buffer keeps it beside the reward and uses it in GAE.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sb3_contrib.common.maskable.buffers import MaskableDictRolloutBuffer
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.callbacks import BaseCallback


class ByElapsedTime(RolloutBuffer):
    """Of a rollout buffer: one discount per step, shape (n_steps, n_envs)."""

    discounts: NDArray[np.float32]

    def reset(self) -> None:
        super().reset()
        self.discounts = np.full((self.buffer_size, self.n_envs), self.gamma, dtype=np.float32)

    def compute_returns_and_advantage(self, last_values: torch.Tensor, dones: NDArray[Any]) -> None:
        """GAE with the discounts of the steps."""
        next_value = last_values.clone().cpu().numpy().flatten()
        next_alive = 1.0 - dones.astype(np.float32)
        advantage = np.zeros(self.n_envs, dtype=np.float32)
        for step in reversed(range(self.buffer_size)):
            gamma = self.discounts[step]
            delta = self.rewards[step] + gamma * next_value * next_alive - self.values[step]
            advantage = delta + gamma * self.gae_lambda * next_alive * advantage
            self.advantages[step] = advantage
            next_value = self.values[step]
            next_alive = 1.0 - self.episode_starts[step]
        self.returns = self.advantages + self.values


class SemiMarkovBuffer(ByElapsedTime, MaskableDictRolloutBuffer):
    """That of MaskablePPO."""


class CollectDiscounts(BaseCallback):
    """Copies ``info["discount"]`` into the buffer, before SB3 adds the step."""

    def _on_step(self) -> bool:
        buffer = self.model.rollout_buffer  # type: ignore[attr-defined]
        for i, info in enumerate(self.locals["infos"]):
            buffer.discounts[buffer.pos, i] = info["discount"]
        return True
