"""MaskablePPO that collects in workers which have the network, and updates with less ado."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.buffers import MaskableDictRolloutBuffer
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.fragments import Blueprint, Fragment, play_fragment, take_network, write_vector
from agents.deep.grouped import GroupedVecEnv
from agents.deep.updating import update

SEEDS_END = 2**62


class FactoryPpo(MaskablePPO):
    """`MaskablePPO` for `GroupedVecEnv`: the same algorithm, hooks and logs.

    What differs is who draws the actions (the workers, each environment with luck of its own),
    and that callbacks hear of a rollout's steps once it is complete. Over other environments, or
    with settings that are not ours, it is `MaskablePPO`.
    """

    def collect_rollouts(  # type: ignore[override]
        self,
        env: VecEnv,
        callback: BaseCallback,
        rollout_buffer: Any,
        n_rollout_steps: int,
        use_masking: bool = True,
    ) -> bool:
        """Fill the buffer; False if a callback wants the training to end."""
        if not (use_masking and isinstance(env, GroupedVecEnv) and self._is_plain):
            return super().collect_rollouts(
                env, callback, rollout_buffer, n_rollout_steps, use_masking
            )
        self.policy.set_training_mode(False)
        rollout_buffer.reset()
        callback.on_rollout_start()
        fragments = self._play(env, n_rollout_steps)
        for step in range(n_rollout_steps):
            if not self._take_in(fragments, step, callback, rollout_buffer):
                return False
        self._last_obs = env.crew.batch.observe(copy=True)
        last_values = torch.from_numpy(np.concatenate([f.last_values for f in fragments]))
        rollout_buffer.compute_returns_and_advantage(last_values, self._last_episode_starts)
        callback.on_rollout_end()
        return True

    def train(self) -> None:
        """Update the policy with the rollout that is in the buffer."""
        if not self._is_plain:
            super().train()
            return
        self.policy.set_training_mode(True)
        self._update_learning_rate(self.policy.optimizer)
        for group in self.policy.optimizer.param_groups:
            group["fused"] = True  # one pass over all weights
        clip_range = float(self.clip_range(self._current_progress_remaining))  # type: ignore[operator]
        figures = update(self, clip_range)
        self._n_updates += self.n_epochs
        for name, value in figures.items():
            self.logger.record(name, value)
        self.logger.record("train/n_updates", self._n_updates, exclude="tensorboard")
        self.logger.record("train/clip_range", clip_range)

    @property
    def _is_plain(self) -> bool:
        """Is everything as the short ways take it to be?"""
        return (
            isinstance(self.action_space, spaces.Discrete)
            and isinstance(self.rollout_buffer, MaskableDictRolloutBuffer)
            and self.policy.share_features_extractor
            and self.normalize_advantage
            and self.clip_range_vf is None
            and self.target_kl is None
            and self.device.type == "cpu"
        )

    def _play(self, env: GroupedVecEnv, steps: int) -> list[Fragment]:
        """What each worker's environments did."""
        crew = env.crew
        if env.pupil is not self.policy:
            blueprint = Blueprint(
                type(self.policy), self.observation_space, self.action_space, self.policy_kwargs
            )
            crew.run(take_network, ((blueprint,) for _ in crew.rows))
            env.pupil = self.policy
        weights = write_vector(self.policy)
        seeds = torch.randint(SEEDS_END, (env.num_envs,)).numpy()
        arguments = ((weights, seeds[rows], steps, self.gamma) for rows in crew.rows)
        fragments: list[Fragment] = crew.run(play_fragment, arguments)
        return fragments

    def _take_in(
        self, fragments: list[Fragment], step: int, callback: BaseCallback, buffer: Any
    ) -> bool:
        """One step of all environments into the buffer; does the training go on?"""

        def join(name: str) -> np.ndarray:
            return np.concatenate([getattr(f, name)[step] for f in fragments])

        self.num_timesteps += self.n_envs
        dones, rewards = join("dones"), join("rewards")
        discounts = join("discounts").tolist()
        infos = [{} if math.isnan(discount) else {"discount": discount} for discount in discounts]
        callback.update_locals({"self": self, "infos": infos, "rewards": rewards, "dones": dones})
        if not callback.on_step():
            return False
        parts = [f.observations for f in fragments]
        shown = {name: np.concatenate([p[name][step] for p in parts]) for name in parts[0]}
        buffer.add(
            shown,
            join("actions").reshape(-1, 1),
            rewards,
            self._last_episode_starts,
            torch.from_numpy(join("values")),
            torch.from_numpy(join("log_probs")),
            action_masks=shown["mask"],
        )
        self._last_episode_starts = dones
        return True
