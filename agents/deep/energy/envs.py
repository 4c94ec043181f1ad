"""Training environments in which a learner runs the site, several runs in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

from stable_baselines3.common.vec_env import DummyVecEnv

from agents.deep.baseline import AgainstRule, Curve
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import EnergySettings
from agents.deep.places import Retraced
from factory_env.decision import Policy
from factory_env.domain.scenario import Scenario
from factory_env.envs.energy.env import EnergyEnv


def make_site_envs(
    scenario: Scenario,
    settings: EnergySettings,
    prior: Prior,
    lines: Policy,
    curves: Sequence[Curve],
    seed: int,
) -> DummyVecEnv:
    """Environments that each take the training seeds in an order of their own."""

    def maker(rank: int) -> Callable[[], Retraced]:
        def make() -> Retraced:
            env = EnergyEnv(
                scenario=scenario,
                scheduler=deepcopy(lines),
                prior=prior.policy(),
                reward=settings.reward,
                discount_per_day=settings.discount_per_day,
            )
            key = seed * 1000 + rank
            return Retraced(AgainstRule(env, curves, settings.reward_scale, key), key)

        return make

    return DummyVecEnv([maker(rank) for rank in range(settings.envs)])  # type: ignore[list-item]
