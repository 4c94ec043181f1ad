"""How a learner of the lines with gradients is made; the rest of its lesson is everybody's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.lines import LinesSettings
from agents.deep.pace import settle_pace
from agents.deep.ppo import PpoSettings, build_ppo
from agents.deep.semi_markov import CollectDiscounts
from agents.deep.warm_up import CriticFirst
from experiments.training.learner import Settle, keep


def no_callbacks(settings: Any) -> Sequence[BaseCallback]:
    """Nothing else happens while it learns."""
    del settings
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One learner of the lines.

    Parameters
    ----------
    name
        The word for ``agent=``, also in tables.
    settings
        Class of its settings: every key of its file in ``conf/agent``.
    build
        Environments, settings and seed -> the learner; its ``policy`` is one of
        `agents.deep.policies.NETWORKS`.
    callbacks
        Settings -> what else happens while it learns.
    """

    name: str
    settings: type[LinesSettings]
    build: Callable[[VecEnv, Any, int], BaseAlgorithm]
    callbacks: Callable[[Any], Sequence[BaseCallback]] = no_callbacks
    settle: Settle = keep
    only_imitates: bool = False  # nothing is learned from rollouts


def ppo_recipe(name: str) -> Recipe:
    """MaskablePPO, with the network that its settings say."""
    return Recipe(
        name=name,
        settings=PpoSettings,
        build=build_ppo,
        callbacks=discount_callbacks,
        settle=settle_pace,
    )


class Discounted(Protocol):
    """Settings of a learner with a rollout buffer."""

    semi_markov: bool
    critic_rollouts: int


def discount_callbacks(settings: Discounted) -> Sequence[BaseCallback]:
    """The critic goes first; discounts go by elapsed time, if they do."""
    first = CriticFirst(settings.critic_rollouts)
    return [first, CollectDiscounts()] if settings.semi_markov else [first]
