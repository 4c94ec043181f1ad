"""A round's share of one worker: the best answer to every question, or one that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.utils import vector_to_parameters

from agents.deep.fragments import MASKED, NETWORK, Floats
from factory_env.envs.vector.group import Group
from factory_env.envs.vector.infos import FINAL_INFO


@dataclass(frozen=True, slots=True)
class Exploring:
    """How answers are chosen while learning."""

    chance: float  # that an answer is drawn by the scores
    at_random: float  # share of those that may be any legal one


@dataclass(frozen=True, slots=True)
class Moves:
    """What happened to n environments in T steps; arrays begin with (T, n)."""

    observations: dict[str, NDArray[Any]]
    actions: NDArray[np.int64]
    rewards: Floats
    dones: NDArray[np.bool_]
    discounts: Floats  # of each step; 0 where a run was over


def play_moves(
    group: Group, weights: Floats, seeds: NDArray[np.int64], steps: int, exploring: Exploring
) -> Moves:
    """Play every environment on for ``steps`` decisions; ``seeds`` of its own luck, one each."""
    network, batch, n = group.memory[NETWORK], group.batch, len(group.envs)
    vector_to_parameters(torch.from_numpy(weights), network.parameters())
    luck = np.stack([np.random.default_rng(seed).random((steps, 3)) for seed in seeds], axis=1)
    shown = {
        name: np.empty((steps, *array.shape), array.dtype)
        for name, array in batch.observations.items()
    }
    actions, dones = np.empty((steps, n), np.int64), np.empty((steps, n), np.bool_)
    rewards, discounts = np.empty((2, steps, n), np.float32)
    for t in range(steps):
        for name, array in batch.observations.items():
            shown[name][t] = array
        actions[t] = choose_actions(network, batch.observations, luck[t], exploring)
        infos = group.step(actions[t])
        rewards[t] = batch.rewards
        dones[t] = batch.terminations | batch.truncations
        for row, info in enumerate(infos):
            of_step = info[FINAL_INFO] if dones[t, row] else info
            discounts[t, row] = of_step.get("discount", np.nan)
    return Moves(shown, actions, rewards, dones, discounts)


@torch.no_grad()
def choose_actions(
    network: Any,
    shown: Mapping[str, NDArray[Any]],
    luck: NDArray[np.float64],
    exploring: Exploring,
) -> NDArray[np.int64]:
    """An action for every environment.

    Parameters
    ----------
    luck
        Shape (n, 3): is one drawn, is it any legal one, which.
    """
    tensors = {name: torch.as_tensor(array) for name, array in shown.items()}
    latent = network.mlp_extractor.forward_actor(network.extract_features(tensors))
    is_masked = torch.from_numpy(shown["mask"] == 0)
    scores = network.action_net(latent).masked_fill(is_masked, MASKED)
    is_any = torch.from_numpy(luck[:, 1] < exploring.at_random)[:, None]
    chances = torch.where(is_any, torch.zeros_like(scores), scores).masked_fill(is_masked, MASKED)
    heaped = chances.softmax(dim=1).numpy().astype(np.float64).cumsum(axis=1)
    drawn = (heaped <= (luck[:, 2] * heaped[:, -1])[:, None]).sum(axis=1)
    best: NDArray[np.int64] = scores.argmax(dim=1).numpy()
    return np.where(luck[:, 0] < exploring.chance, drawn, best)
