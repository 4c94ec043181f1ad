"""What a learner of the site is judged by: runs of the real factory and the goal they reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Protocol

import numpy as np
from torch import nn

from agents.deep.baseline import Curve, cost_curve, play_out
from agents.deep.energy.lagrangian import LatenessPrice
from agents.deep.looks import Look
from agents.deep.stage import Figures, Play, Rehearsal, play_here, write_weights
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
    return [_play(env, seed) for seed in seeds]


def _play(env: EnergyEnv, seed: int) -> Played:
    info = play_out(env, lambda: NOTHING, seed)
    assert env.factory is not None
    energy, late = info["energy_usd"], info["lateness_usd"]
    return Played(
        seed=seed,
        energy_usd=energy,
        lateness_usd=late,
        other_usd=env.factory.cost_usd - energy - late,
    )


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


class SiteStage(Protocol):
    """Where the weights of who runs a site, or lines and site, are judged."""

    @property
    def scenario(self) -> Scenario:
        """What is played."""

    def seat(self) -> tuple[nn.Module, Policy, EnergyPolicy]:
        """A network with any weights, and who runs lines and site with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRuns:
    """Plays the runs of a stage; travels to a worker."""

    stage: SiteStage

    def open(self) -> tuple[nn.Module, Callable[[int], Figures]]:
        """One environment serves all seeds."""
        network, lines, site = self.stage.seat()
        env = EnergyEnv(scenario=self.stage.scenario, scheduler=lines, prior=site)
        return network, lambda seed: asdict(_play(env, seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteJudge:
    """Judges who runs lines and site, with the present weights, by a goal."""

    stage: SiteStage
    network: nn.Module  # the learner's
    goal: Goal
    price: LatenessPrice | None = None  # None = no limit on lateness

    def for_trainer(self, play: Play | None = None) -> Judged:
        """For the training loop.

        Parameters
        ----------
        play
            Plays runs, e.g. in other processes; None = here.
        """
        rehearsal, played = Rehearsal(SiteRuns(stage=self.stage)), play or play_here()

        def look(seeds: Sequence[int]) -> Look:
            weights = write_weights(self.network)
            figures = played(rehearsal, [(weights, seed) for seed in seeds])
            return self.weigh([Played(**run) for run in figures])  # type: ignore[arg-type]

        return Judged(look=look)

    def weigh(self, runs: Sequence[Played]) -> Look:
        """What runs say; under a limit the goal of all is not the mean of the runs' own."""
        return Look(
            goal_usd=self.goal.of(runs),
            beside={
                "energy_usd": round(float(np.mean([r.energy_usd for r in runs])), 2),
                "lateness_usd": round(float(np.mean([r.lateness_usd for r in runs])), 2),
                "multiplier": None if self.price is None else round(self.price.multiplier, 4),
            },
            by_seed_usd={run.seed: self.goal.of([run]) for run in runs},
        )
