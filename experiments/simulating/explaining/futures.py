"""Plays the run on after each answer: under the same policy, with the run's luck or fresh luck."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from experiments.building.decider import PLANNER, RULE, TUNED_RULE, read_decider
from experiments.building.policy import policies_from
from experiments.building.scenario import ALWAYS_ON
from experiments.simulating.explaining.moment import Moment, Stand, stand_at
from factory_env.decision import Policy, ask, is_of_floor
from factory_env.errors import ArtifactError
from factory_env.kpi.table import kpis
from factory_env.sim.factory import Factory
from factory_env.sim.run import step_through

COST: Final = "total_cost_usd"
FIGURES: Final = (COST, "tardiness_cost_usd", "on_time_share")
FORGETFUL: Final = (RULE, TUNED_RULE, PLANNER)  # kinds that remember nothing between questions
Figures = Mapping[str, float]
Job = tuple[int, int | None]  # the answer, and the seed of the fresh luck; None = the run's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """What a worker needs to play a moment on."""

    moment: Moment

    def open(self) -> Callable[[Job], Figures]:
        """Live the past once, for all answers."""
        moment = self.moment
        return _Player(stand=stand_at(moment.past), policy=lived_policy(moment)).play


@dataclass(frozen=True, slots=True, kw_only=True)
class _Player:
    stand: Stand
    policy: Policy

    def play(self, job: Job) -> Figures:
        answer, fresh_seed = job
        fork = self.stand.factory.fork(fresh_seed=fresh_seed)
        question = fork.advance()
        assert is_of_floor(question)
        name = self.stand.names[answer]
        fork.answer(Stand(factory=fork, question=question).names.index(name))
        for _ in step_through(fork, copy.deepcopy(self.policy)):
            pass
        figures = kpis(fork.kpi_log())
        return {name: figures[name] for name in FIGURES}


def lived_policy(moment: Moment) -> Policy:
    """The policy as it stands before the question: it has heard all that was asked before.

    Where the luck was renewed, or the policy remembers nothing, it is made anew.
    """
    policy = policies_from(moment.config, moment.agent, moment.params)
    is_forgetful = read_decider(moment.agent).kind in FORGETFUL
    has_site = moment.config.site_agent != ALWAYS_ON
    if moment.past.renewals or (is_forgetful and not has_site):
        return policy
    rows = moment.past.answers
    factory = Factory.of(replace(moment.past, answers=()))
    for row in rows:
        question = factory.advance()
        if question is None:
            raise ArtifactError("the run ends before the question that is explained")
        ask(policy, question)
        factory.answer(question.answer_from(row))
    return policy
