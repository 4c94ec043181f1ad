"""A rollout's share of one worker, played where the environments are.

The worker has a copy of the network and asks it for every action; the learner hands over weights
and gets whole fragments. A message per step would leave workers idle while the learner thinks,
and the learner idle while they step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from factory_env.envs.vector.group import Group
from factory_env.envs.vector.infos import FINAL_INFO, FINAL_OBS

NETWORK: Final = "network"
MASKED: Final = -1e8  # logit of an illegal action, as in sb3-contrib
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fragment:
    """What happened to n environments in T steps; arrays begin with (T, n)."""

    observations: dict[str, NDArray[Any]]
    actions: NDArray[np.int64]
    rewards: Floats
    dones: NDArray[np.bool_]
    discounts: Floats  # of each step; NaN where the environment tells none
    values: Floats
    log_probs: Floats
    last_values: Floats  # of what is shown after the last step, shape (n,)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """How a copy of the learner's network is made."""

    policy_class: type[MaskableActorCriticPolicy]
    observation_space: Any
    action_space: Any
    arguments: Mapping[str, Any]

    def build(self) -> MaskableActorCriticPolicy:
        """The network, untrained, ready to answer."""
        network = self.policy_class(
            self.observation_space, self.action_space, lambda _: 0.0, **self.arguments
        )
        network.set_training_mode(False)
        return network


def take_network(group: Group, blueprint: Blueprint) -> None:
    """Keep a copy of the network beside the environments."""
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):  # its first weights are overwritten: no luck is spent
        group.memory[NETWORK] = blueprint.build()


def write_vector(network: torch.nn.Module) -> Floats:
    """All weights in a row."""
    vector: Floats = parameters_to_vector(network.parameters()).detach().cpu().numpy()
    return vector


def play_fragment(
    group: Group, weights: Floats, seeds: NDArray[np.int64], steps: int, gamma: float
) -> Fragment:
    """Play every environment on for ``steps`` decisions.

    Parameters
    ----------
    seeds
        Of the luck with which actions are drawn, one per environment, so that it does not matter
        which worker has which.
    gamma
        Discount of what is expected beyond a run that was cut, as in Stable-Baselines3.
    """
    network, batch, n = group.memory[NETWORK], group.batch, len(group.envs)
    vector_to_parameters(torch.from_numpy(weights), network.parameters())
    luck = np.stack([np.random.default_rng(seed).random(steps) for seed in seeds], axis=1)
    shown = {
        name: np.empty((steps, *array.shape), array.dtype)
        for name, array in batch.observations.items()
    }
    actions = np.empty((steps, n), np.int64)
    dones = np.empty((steps, n), np.bool_)
    rewards, discounts, values, log_probs = np.empty((4, steps, n), np.float32)
    for t in range(steps):
        for name, array in batch.observations.items():
            shown[name][t] = array
        actions[t], values[t], log_probs[t] = draw_actions(network, batch.observations, luck[t])
        infos = group.step(actions[t])
        rewards[t] = batch.rewards
        dones[t] = batch.terminations | batch.truncations
        for row, info in enumerate(infos):
            is_over = dones[t, row]
            of_step = info[FINAL_INFO] if is_over else info
            discounts[t, row] = of_step.get("discount", np.nan)
            if is_over and not batch.terminations[row]:
                last = {name: value[None] for name, value in info[FINAL_OBS].items()}
                rewards[t, row] += gamma * float(value_states(network, last)[0])
    last_values = value_states(network, batch.observations)
    return Fragment(shown, actions, rewards, dones, discounts, values, log_probs, last_values)


@torch.no_grad()
def draw_actions(
    network: MaskableActorCriticPolicy, shown: Mapping[str, NDArray[Any]], luck: NDArray[np.float64]
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Actions at random by the network's chances, values, and logs of the actions' chances."""
    logits, values = look(network, shown)
    logits = logits.masked_fill(torch.from_numpy(shown["mask"] == 0), MASKED)
    logs = logits.log_softmax(dim=1)
    heaped = logs.exp().numpy().astype(np.float64).cumsum(axis=1)
    actions = (heaped <= (luck * heaped[:, -1])[:, None]).sum(axis=1)
    rows = np.arange(len(actions))
    return actions, values.numpy(), logs.numpy()[rows, actions]


@torch.no_grad()
def value_states(network: MaskableActorCriticPolicy, shown: Mapping[str, NDArray[Any]]) -> Floats:
    """What the network expects, shape (n,)."""
    values: Floats = look(network, shown)[1].numpy()
    return values


def look(
    network: MaskableActorCriticPolicy, shown: Mapping[str, NDArray[Any] | Tensor]
) -> tuple[Tensor, Tensor]:
    """Logits before masks and values, from one pass."""
    tensors = {name: torch.as_tensor(array) for name, array in shown.items()}
    features: Any = network.extract_features(tensors)  # type: ignore[arg-type]
    latent_actor, latent_critic = network.mlp_extractor(features)
    return network.action_net(latent_actor), network.value_net(latent_critic).flatten()
