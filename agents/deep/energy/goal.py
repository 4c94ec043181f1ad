"""What a learner of the site is judged by: runs of the real factory and the goal they reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from agents.deep.baseline import Curve, cost_curve, play_out
from agents.deep.energy.lagrangian import LatenessPrice
from agents.deep.looks import Look
from agents.deep.training import Judged
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
    runs = []
    for seed in seeds:
        info = play_out(env, lambda: NOTHING, seed)
        assert env.factory is not None
        energy, late = info["energy_usd"], info["lateness_usd"]
        runs.append(
            Played(
                seed=seed,
                energy_usd=energy,
                lateness_usd=late,
                other_usd=env.factory.cost_usd - energy - late,
            )
        )
    return runs


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRival:
    """Two policies whose cost on the same luck is taken off a site learner's reward."""

    scenario: Scenario
    reward: str
    lines: Policy
    site: EnergyPolicy

    def open(self) -> Callable[[int], Curve]:
        """Their curve on a seed; one environment serves all seeds."""
        env = EnergyEnv(
            scenario=self.scenario, scheduler=self.lines, prior=self.site, reward=self.reward
        )
        return partial(cost_curve, env, lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteJudge:
    """Judges who runs lines and site, with their present weights, by a goal."""

    scenario: Scenario
    lines: Policy
    site: EnergyPolicy
    goal: Goal
    price: LatenessPrice | None = None  # None = no limit on lateness

    def look(self, seeds: Sequence[int]) -> Look:
        """Runs of the real factory."""
        runs = play_site(self.scenario, self.lines, self.site, seeds)
        return Look(
            goal_usd=self.goal.of(runs),
            beside={
                "energy_usd": round(float(np.mean([r.energy_usd for r in runs])), 2),
                "lateness_usd": round(float(np.mean([r.lateness_usd for r in runs])), 2),
                "multiplier": None if self.price is None else round(self.price.multiplier, 4),
            },
        )

    def for_trainer(self) -> Judged:
        """For the training loop."""
        return Judged(look=self.look)
