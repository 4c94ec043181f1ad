"""DQN and QR-DQN on the lines: rounds of play in the workers, then updates from memory."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Self

import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv
from torch import Tensor

from agents.deep.collecting import SEEDS_END
from agents.deep.fragments import Blueprint, take_network, write_vector
from agents.deep.going_on import STEP
from agents.deep.grouped import GroupedVecEnv
from agents.deep.policies import NETWORKS
from agents.deep.snapshot import APART
from agents.deep.valued.memory import Memory
from agents.deep.valued.playing import Exploring, Moves, play_moves
from agents.deep.valued.settings import DqnSettings
from agents.deep.valued.update import goals, loss
from agents.deep.warm_up import actor_parameters


class FactoryDqn(BaseAlgorithm):
    """Learns what every answer is worth; plays the best, and explores by the scores.

    Its ``policy`` is a network as PPO's, so it is cloned, judged, saved and loaded like one.
    """

    def __init__(self, envs: VecEnv, settings: DqnSettings, seed: int) -> None:
        first, last = settings.learning_rate, settings.final_learning_rate
        super().__init__(
            NETWORKS[settings.network_name()],  # type: ignore[arg-type]
            envs,
            learning_rate=lambda left: last + (first - last) * left,
            policy_kwargs=settings.network_args(),
            seed=seed,
            device="cpu",
            support_multi_env=True,
            supported_action_spaces=(spaces.Discrete,),
        )
        self.settings = settings
        self._setup_model()

    def _setup_model(self) -> None:
        self._setup_lr_schedule()
        self.set_random_seed(self.seed)
        network: Any = self.policy_class
        self.policy = network(
            self.observation_space, self.action_space, self.lr_schedule, **self.policy_kwargs
        )
        self.target = deepcopy(self.policy)
        self.target.set_training_mode(True)  # the quick form; nothing in it is random
        kept = self.settings.buffer_size // self.n_envs
        spare = APART // self.n_envs + 2 * self.settings.n_steps
        assert isinstance(self.observation_space, spaces.Dict)
        self.memory = Memory(self.observation_space, self.n_envs, kept, spare)

    def learn(  # type: ignore[override]
        self,
        total_timesteps: int,
        callback: Any = None,
        log_interval: int = 1,
        tb_log_name: str = "run",
        reset_num_timesteps: bool = True,
        progress_bar: bool = False,
    ) -> Self:
        """Play and update until so many decisions more are made."""
        total, callback = self._setup_learn(
            total_timesteps, callback, reset_num_timesteps, tb_log_name, progress_bar
        )
        if self.num_timesteps == 0:
            self.target.load_state_dict(self.policy.state_dict())  # of a clone, if it was cloned
        callback.on_training_start(locals(), globals())
        while self.num_timesteps < total and self._play(callback):
            self._update_current_progress_remaining(self.num_timesteps, total)
            if self.num_timesteps >= self.settings.warm_up:
                self.train()
            self.logger.record(STEP, self.num_timesteps, exclude="tensorboard")
            self.logger.dump(self.num_timesteps)
        callback.on_training_end()
        return self

    def train(self) -> None:
        """A round of updates."""
        settings, policy = self.settings, self.policy
        policy.set_training_mode(True)
        self._update_learning_rate(policy.optimizer)
        told = []
        for _ in range(settings.updates):
            is_warm = self._n_updates >= settings.critic_updates
            for parameter in actor_parameters(policy):
                parameter.requires_grad_(is_warm)
            batch = self.memory.draw(settings.batch_size, settings.ahead)
            goal = goals(policy, self.target, batch, settings)
            error, worth = loss(policy, batch, goal, settings)
            policy.optimizer.zero_grad()
            error.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(policy.parameters(), settings.max_grad_norm)
            policy.optimizer.step()
            self._follow()
            self._n_updates += 1
            told.append([error.item(), worth.item()])
        for parameter in actor_parameters(policy):
            parameter.requires_grad_(True)
        means = np.mean(told, axis=0)
        self.logger.record("train/loss", float(means[0]))
        self.logger.record("train/mean_value", float(means[1]))
        self.logger.record("train/n_updates", self._n_updates, exclude="tensorboard")

    def memory_place(self) -> int:
        """Steps in memory, when a checkpoint is taken."""
        return self.memory.total

    def copy_extra(self) -> dict[str, Tensor]:
        """The target's weights."""
        return {k: v.detach().clone().contiguous() for k, v in self.target.named_parameters()}

    def read_memory(self, place: int) -> dict[str, Tensor]:
        """The memory as it was then."""
        return self.memory.read(place)

    def take_up(
        self, place: int, extra: Mapping[str, Tensor], memory: Mapping[str, Tensor]
    ) -> None:
        """Go on from there."""
        with torch.no_grad():
            for name, parameter in self.target.named_parameters():
                parameter.copy_(extra[name])
        self.memory.fill(place, memory)

    def _follow(self) -> None:
        with torch.no_grad():
            pairs = zip(self.target.parameters(), self.policy.parameters(), strict=True)
            for old, new in pairs:
                old.lerp_(new, self.settings.target_share)

    def _play(self, callback: BaseCallback) -> bool:
        """A round of all environments into memory; does the training go on?"""
        env = self.env
        assert isinstance(env, GroupedVecEnv)
        self.policy.set_training_mode(False)
        callback.on_rollout_start()
        moves = self._ask_workers(env)
        dones = np.concatenate([m.dones for m in moves], axis=1)
        for _ in range(len(dones)):
            self.num_timesteps += self.n_envs
            callback.update_locals({"self": self})
            if not callback.on_step():
                return False
        self.memory.add(moves)
        self._last_obs = env.crew.batch.observe(copy=True)
        self._last_episode_starts = dones[-1]
        callback.on_rollout_end()
        return True

    def _ask_workers(self, env: GroupedVecEnv) -> list[Moves]:
        crew, settings = env.crew, self.settings
        if env.pupil is not self.policy:
            network: Any = type(self.policy)
            blueprint = Blueprint(
                network, self.observation_space, self.action_space, self.policy_kwargs
            )
            crew.run(take_network, ((blueprint,) for _ in crew.rows))
            env.pupil = self.policy
        weights = write_vector(self.policy)
        seeds = torch.randint(SEEDS_END, (env.num_envs,)).numpy()
        left = self._current_progress_remaining
        chance = settings.least_explore + (settings.explore - settings.least_explore) * left
        exploring = Exploring(chance, settings.at_random)
        arguments = ((weights, seeds[rows], settings.n_steps, exploring) for rows in crew.rows)
        moves: list[Moves] = crew.run(play_moves, arguments)
        for part in moves:
            if not settings.semi_markov:
                part.discounts[:] = settings.gamma
            part.discounts[part.dones] = 0.0  # a run that is over is charged what it leaves open
        return moves


def build_dqn(envs: VecEnv, settings: DqnSettings, seed: int) -> FactoryDqn:
    """The learner, ready to ``learn``."""
    torch.set_num_threads(1)
    return FactoryDqn(envs, settings, seed)
