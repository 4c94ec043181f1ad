"""Settings of the learners that run a site, and of a limit on lateness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.limits import (
    Envs,
    NonNegative,
    Positive,
    Runs,
    Share,
    Size,
    SizeOrNone,
    Width,
)
from factory_env.envs import rewards

LAGRANGIAN = "energy_lagrangian"


def _site_reward(name: str) -> str:
    known = [n for n in plug_names(rewards) if load_plug(rewards, n).weighs_site]
    if name not in known:
        raise PydanticCustomError("reward", "must be one of {known}", {"known": ", ".join(known)})
    return name


SiteReward = Annotated[str, AfterValidator(_site_reward)]  # a file of ``envs/rewards`` for a site


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What all learners that run a site share."""

    prior: str = "lookahead"  # the rule that the untrained agent follows
    reward: SiteReward = "energy_projected"
    against_prior: bool = True  # rewards are USD saved against the prior on the same luck
    reward_scale: Positive = 0.01  # per USD
    envs: Envs = 4
    discount_per_day: Share = 0.90


@dataclass(frozen=True, slots=True, kw_only=True)
class SacSettings(SiteSettings):
    """Soft actor-critic, which explores as much as its entropy target says."""

    algorithm: Literal["sac"] = "sac"
    width: Width = 128
    learning_rate: Positive = 3e-4
    batch_size: Size = 256
    buffer_size: Size = 300_000
    warm_up: SizeOrNone = 5_000  # decisions before the first gradient step; the start decides
    train_every: Size = 4  # decisions of each environment
    gradient_steps: Size = 4
    tau: Share = 0.005
    start_std: Positive = 0.1  # of an action, on the scale from -1 to 1
    start_temperature: Positive = 0.01
    entropy_per_control: float = -2.0  # target; a normal of deviation 0.1 has -0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Td3Settings(SiteSettings):
    """Twin delayed deterministic policy gradient."""

    algorithm: Literal["td3"] = "td3"
    width: Width = 128
    learning_rate: Positive = 3e-4
    batch_size: Size = 256
    buffer_size: Size = 300_000
    warm_up: SizeOrNone = 5_000
    train_every: Size = 4
    gradient_steps: Size = 4
    tau: Share = 0.005
    start_std: Positive = 0.1  # of the noise on actions


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyPpoSettings(SiteSettings):
    """Proximal policy optimisation on continuous actions."""

    algorithm: Literal["ppo"] = "ppo"
    width: Width = 128
    learning_rate: Positive = 3e-4
    n_steps: Size = 1024
    batch_size: Size = 512
    epochs: Runs = 5
    gae_lambda: Share = 0.95
    clip_range: Positive = 0.2
    entropy: NonNegative = 0.0
    value_weight: NonNegative = 0.5
    max_grad_norm: Positive = 0.5
    start_std: Positive = 0.1


EnergySettings = SacSettings | Td3Settings | EnergyPpoSettings
SETTINGS: dict[str, type[SacSettings] | type[Td3Settings] | type[EnergyPpoSettings]] = {
    "sac": SacSettings,
    "td3": Td3Settings,
    "ppo": EnergyPpoSettings,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """The limit on a run's lateness under ``reward: energy_lagrangian``."""

    lateness_usd: NonNegative | None = None  # a run; None = by the ratio
    lateness_ratio: NonNegative = 1.0  # to the mean lateness of always-on on training seeds
    learning_rate: Positive = 0.2  # of the multiplier, per run and 100 % beyond the limit
    start: NonNegative = 1.0  # multiplier, USD per USD of lateness
    most: Positive = 20.0
