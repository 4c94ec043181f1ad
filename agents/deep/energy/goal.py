"""What a learner of the site is judged by: runs of the real factory and the goal they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.deep.baseline import Curve
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.energy.actions import N_CONTROLS
from factory_env.envs.energy.env import EnergyEnv

NOTHING = np.zeros(N_CONTROLS, dtype=np.float32)  # the prior's answer: here, the policy's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Money of one run [USD]; ``other_usd`` is scheduling cost apart from lateness."""

    seed: int
    energy_usd: float
    lateness_usd: float
    other_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One number for runs, the less the better: weighted money, or money under a limit."""

    energy_weight: float = 1.0
    lateness_weight: float = 1.0
    limit_usd: float | None = None  # of a run's mean lateness; None = no limit, lateness is money
    price: float = 1.0  # of a USD of lateness beyond the limit

    def of(self, runs: Sequence[Played]) -> float:
        """Mean goal of the runs [USD]."""
        energy = self.energy_weight * float(np.mean([r.energy_usd for r in runs]))
        late = float(np.mean([r.lateness_usd for r in runs]))
        if self.limit_usd is not None:
            return energy + self.price * max(0.0, late - self.limit_usd)
        other = float(np.mean([r.other_usd for r in runs]))
        return energy + self.lateness_weight * (late + other)


def play_site(
    scenario: Scenario, lines: Policy, site: EnergyPolicy, seeds: Sequence[int]
) -> list[Played]:
    """Runs under two policies, one per seed."""
    env = EnergyEnv(scenario=scenario, scheduler=lines, prior=site)
    found = []
    for seed in seeds:
        env.reset(seed=seed)
        over = False
        while not over:
            _, _, terminated, truncated, info = env.step(NOTHING)
            over = terminated or truncated
        assert env.factory is not None
        energy, late = info["energy_usd"], info["lateness_usd"]
        found.append(
            Played(
                seed=seed,
                energy_usd=energy,
                lateness_usd=late,
                other_usd=env.factory.cost_usd - energy - late,
            )
        )
    return found


def site_curves(
    scenario: Scenario, reward: str, lines: Policy, site: EnergyPolicy, seeds: Sequence[int]
) -> list[Curve]:
    """What two policies cost over time by ``reward``, one curve per seed."""
    env = EnergyEnv(scenario=scenario, scheduler=lines, prior=site, reward=reward)
    found = []
    for seed in seeds:
        env.reset(seed=seed)
        minutes, costs, over = [0.0], [0.0], False
        while not over:
            _, earned, terminated, truncated, info = env.step(NOTHING)
            minutes.append(minutes[-1] + info["elapsed_min"])
            costs.append(costs[-1] - earned)
            over = terminated or truncated
        found.append(Curve(seed=seed, minutes=np.array(minutes), cost_usd=np.array(costs)))
    return found


def no_curves(seeds: Sequence[int]) -> list[Curve]:
    """Curves that take nothing off the reward."""
    nothing = np.zeros(1)
    return [Curve(seed=seed, minutes=nothing, cost_usd=nothing) for seed in seeds]
