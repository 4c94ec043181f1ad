"""What a scheduling learner is judged by, and what its rival costs: runs of the real factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from agents.deep.baseline import Act, Curve, cost_curve, play_out
from agents.deep.looks import Look
from agents.deep.training import Judged
from factory_env.decision import Policy, ask
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.env import SchedulingEnv


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRival:
    """A rule whose cost on the same luck is taken off a scheduling learner's reward."""

    scenario: Scenario
    reward: str
    rule: Policy
    site: EnergyPolicy | None = None  # runs the site, if there is one

    def open(self) -> Callable[[int], Curve]:
        """Its curve on a seed; one environment serves all seeds."""
        env = SchedulingEnv(scenario=self.scenario, reward=self.reward)
        env.energy_policy = self.site
        return partial(cost_curve, env, _answers(env, self.rule))


def mean_cost(
    scenario: Scenario, policy: Policy, seeds: Sequence[int], site: EnergyPolicy | None = None
) -> float:
    """Mean total cost of a policy over seeds [USD]; ``site`` runs the site, if there is one."""
    env = SchedulingEnv(scenario=scenario)
    env.energy_policy = site
    costs = []
    for seed in seeds:
        play_out(env, _answers(env, policy), seed)
        assert env.factory is not None
        costs.append(env.factory.cost_usd)
    return float(np.mean(costs))


def judged_by_cost(
    scenario: Scenario, learner: Callable[[], Policy], site: EnergyPolicy | None = None
) -> Judged:
    """Weights are judged by what a run costs in all.

    Parameters
    ----------
    learner
        Makes a policy of the present weights.
    """
    return Judged(
        look=lambda seeds: Look(goal_usd=mean_cost(scenario, learner(), seeds, site)),
        column="mean_total_cost_usd",
        entry="validation_cost_usd",
    )


def _answers(env: SchedulingEnv, policy: Policy) -> Act:
    def act() -> int:
        assert env.question is not None
        return env.answer_to_action(ask(policy, env.question))

    return act
