"""What a scheduling learner is judged by, and what its rival costs: runs of the real factory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from torch import nn

from agents.deep.baseline import Act, Curve, cost_curve, play_out
from agents.deep.load import NetworkPolicy, build_network, policy_of_network
from agents.deep.looks import Look
from agents.deep.policies import wants_plans
from agents.deep.stage import Figures, Play, Rehearsal, play_here, write_weights
from agents.deep.training import Judged
from factory_env.decision import Policy, ask
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.encoder import Encoder
from factory_env.envs.scheduling.env import SchedulingEnv

COST = "cost_usd"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesStage:
    """Where the weights of who runs the lines are judged."""

    scenario: Scenario
    network: str
    network_args: Mapping[str, Any]
    prior: Mapping[str, float]  # of the index that is shown
    site: EnergyPolicy | None = None  # runs the site, if there is one

    def open(self) -> tuple[nn.Module, Callable[[int], Figures]]:
        """The network answers from what the environment shows: it is looked at once."""
        env, policy = open_stage(self)

        def play(seed: int) -> Figures:
            seen, _ = env.reset(seed=seed)
            policy.forget()
            is_over = False
            while not is_over:
                seen, _, terminated, truncated, _ = env.step(policy.act(seen))
                is_over = terminated or truncated
            assert env.factory is not None
            return {COST: env.factory.cost_usd}

        return policy.network, play


def open_stage(stage: LinesStage) -> tuple[SchedulingEnv, NetworkPolicy]:
    """The factory, and a network with any weights that plays it."""
    plans = wants_plans(stage.network)
    env = SchedulingEnv(scenario=stage.scenario, prior=stage.prior, plans=plans)
    env.energy_policy = stage.site
    encoder: Encoder = env.encoder
    network = build_network(stage.network, dict(stage.network_args), encoder)
    return env, policy_of_network(network, encoder)


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


def judge_by_cost(stage: LinesStage, network: nn.Module, play: Play | None = None) -> Judged:
    """Weights are judged by what a run costs in all.

    Parameters
    ----------
    network
        The learner's, with the present weights.
    play
        Plays runs, e.g. in other processes; None = here.
    """
    rehearsal, played = Rehearsal(stage), play or play_here()

    def look(seeds: Sequence[int]) -> Look:
        weights = write_weights(network)
        runs = played(rehearsal, [(weights, seed) for seed in seeds])
        costs = {seed: float(run[COST]) for seed, run in zip(seeds, runs, strict=True)}
        return Look(goal_usd=float(np.mean([*costs.values()])), by_seed_usd=costs)

    return Judged(look=look, column="mean_total_cost_usd", entry="validation_cost_usd")


def _answers(env: SchedulingEnv, policy: Policy) -> Act:
    def act() -> int:
        assert env.question is not None
        return env.answer_to_action(ask(policy, env.question))

    return act
