"""SAC, TD3 and PPO; the mean action of each starts at 0, which is the prior's answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO, SAC, TD3
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.noise import NormalActionNoise
from stable_baselines3.common.vec_env import VecEnv
from torch import nn

from agents.deep.energy.settings import EnergyPpoSettings, EnergySettings, SacSettings, Td3Settings
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.envs.energy.actions import N_CONTROLS

SHRINK = 0.01  # of the first weights of the layer that gives the action


class _FromPrior:
    """The warm-up of an off-policy learner acts as the start does, instead of at random."""

    def _sample_action(self, learning_starts: int, *rest: Any, **named: Any) -> Any:
        return super()._sample_action(0, *rest, **named)  # type: ignore[misc]


class PriorSac(_FromPrior, SAC):
    """SAC that starts at its prior."""


class PriorTd3(_FromPrior, TD3):
    """TD3 that starts at its prior."""


class Joined:
    """Several optimisers as one that `agents.deep.checkpoint` saves and loads."""

    def __init__(self, optimizers: list[torch.optim.Optimizer]) -> None:
        self._optimizers = optimizers

    def state_dict(self) -> dict[str, Any]:
        """The states under running numbers."""
        states: dict[int, Any] = {}
        at = 0
        for optimizer in self._optimizers:
            content = optimizer.state_dict()
            states |= {at + int(number): entry for number, entry in content["state"].items()}
            at += _size(optimizer)
        return {"state": states}

    def load_state_dict(self, content: Mapping[str, Any]) -> None:
        """Give each its part back."""
        at = 0
        for optimizer in self._optimizers:
            size = _size(optimizer)
            own = {n - at: e for n, e in content["state"].items() if at <= n < at + size}
            optimizer.load_state_dict({**optimizer.state_dict(), "state": own})
            at += size


@dataclass(frozen=True, slots=True)
class KeptTemperature:
    """The temperature of a soft actor-critic in the card of a checkpoint."""

    log_temperature: torch.Tensor
    entry: str = "temperature"

    def read(self) -> float:
        """The present one."""
        return float(self.log_temperature.detach().exp())

    def write(self, value: float) -> None:
        """Go on from a saved one."""
        with torch.no_grad():
            self.log_temperature.fill_(float(np.log(value)))


def kept_temperature(model: BaseAlgorithm) -> tuple[KeptTemperature, ...]:
    """The learned temperature of a model, if it has one."""
    log_temperature = getattr(model, "log_ent_coef", None)
    return () if log_temperature is None else (KeptTemperature(log_temperature),)


def build_learner(
    envs: VecEnv, settings: EnergySettings, decision_slots: int, seed: int
) -> BaseAlgorithm:
    """A learner whose mean action is near 0.

    Parameters
    ----------
    decision_slots
        Quarters of an hour between decisions: they turn the discount of a day into one of a step.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    gamma = settings.discount_per_day ** (decision_slots / SLOTS_PER_DAY)
    known = {
        "seed": seed,
        "device": "cpu",
        "gamma": gamma,
        "learning_rate": settings.learning_rate,
        "batch_size": settings.batch_size,
        "policy_kwargs": network_args(settings),
    }
    if isinstance(settings, EnergyPpoSettings):
        model: BaseAlgorithm = _ppo(envs, settings, known)
    elif isinstance(settings, SacSettings):
        model = _sac(envs, settings, known)
    else:
        model = _td3(envs, settings, known)
    _start_at_the_prior(model.policy)
    return model


def network_args(settings: EnergySettings) -> dict[str, Any]:
    """Constructor arguments of the network."""
    return {"net_arch": [settings.width, settings.width]}


def _ppo(envs: VecEnv, settings: EnergyPpoSettings, known: dict[str, Any]) -> PPO:
    model = PPO(
        "MlpPolicy",
        envs,
        n_steps=settings.n_steps,
        n_epochs=settings.epochs,
        gae_lambda=settings.gae_lambda,
        clip_range=settings.clip_range,
        ent_coef=settings.entropy,
        vf_coef=settings.value_weight,
        max_grad_norm=settings.max_grad_norm,
        **known,
    )
    with torch.no_grad():
        model.policy.log_std.fill_(math.log(settings.start_std))
    return model


def _sac(envs: VecEnv, settings: SacSettings, known: dict[str, Any]) -> SAC:
    model = PriorSac(
        "MlpPolicy",
        envs,
        buffer_size=settings.buffer_size,
        learning_starts=settings.warm_up,
        train_freq=settings.train_every,
        gradient_steps=settings.gradient_steps,
        tau=settings.tau,
        ent_coef=f"auto_{settings.start_temperature}",
        target_entropy=settings.entropy_per_control * N_CONTROLS,  # type: ignore[arg-type]
        **known,
    )
    policy: Any = model.policy
    with torch.no_grad():
        policy.actor.log_std.weight.mul_(SHRINK)
        policy.actor.log_std.bias.fill_(math.log(settings.start_std))
    policy.optimizer = Joined(
        [policy.actor.optimizer, policy.critic.optimizer, model.ent_coef_optimizer]
        if model.ent_coef_optimizer is not None
        else [policy.actor.optimizer, policy.critic.optimizer]
    )
    return model


def _td3(envs: VecEnv, settings: Td3Settings, known: dict[str, Any]) -> TD3:
    model = PriorTd3(
        "MlpPolicy",
        envs,
        buffer_size=settings.buffer_size,
        learning_starts=settings.warm_up,
        train_freq=settings.train_every,
        gradient_steps=settings.gradient_steps,
        tau=settings.tau,
        action_noise=NormalActionNoise(
            np.zeros(N_CONTROLS), np.full(N_CONTROLS, settings.start_std)
        ),
        **known,
    )
    policy: Any = model.policy
    policy.optimizer = Joined([policy.actor.optimizer, policy.critic.optimizer])
    return model


def _start_at_the_prior(policy: Any) -> None:
    """Shrink the layer that gives the mean action."""
    if hasattr(policy, "action_net"):
        heads = [policy.action_net]
    else:
        targets = [policy.actor_target] if hasattr(policy, "actor_target") else []
        heads = [_last_layer(actor.mu) for actor in (policy.actor, *targets)]
    with torch.no_grad():
        for head in heads:
            head.weight.mul_(SHRINK)
            head.bias.zero_()


def _last_layer(net: nn.Module) -> nn.Linear:
    return [m for m in net.modules() if isinstance(m, nn.Linear)][-1]


def _size(optimizer: torch.optim.Optimizer) -> int:
    return sum(len(group["params"]) for group in optimizer.param_groups)
