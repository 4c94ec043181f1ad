"""A planner knows what is known: with another future it answers the same until that begins."""

from __future__ import annotations

import pytest

from agents import planners
from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, Scenario, load_scenario
from factory_env.catalogue import plug_names
from factory_env.decision import ask
from factory_env.sim.history.replay import Renewal
from factory_env.sim.kernel.halt import StopSimulation

DAY = 1440.0
TURN_MIN = 4 * DAY  # when the other future begins
SEED = 5
QUICK = {
    "planner": {"moves": 400},
    "iterated_greedy": {"rounds": 20},
    "cpsat": {"work": 0.05, "orders": 8},
    "rollout": {"forks": 4, "answers": 2, "horizon_days": 4.0},
}


class Turned(Factory):
    """From `TURN_MIN` on another luck, in copies of the run, too; those with fresh luck keep it."""

    is_set = False

    def advance(self):
        if not self.is_set:
            self.is_set = True
            self.halt_at(TURN_MIN)
        try:
            return super().advance()
        except StopSimulation:
            past = self.past
            if self.now_min != TURN_MIN:
                raise
            if not past.renewals:
                given = len(past.answers)
                self.renew(Renewal(fresh_seed=99, at_min=TURN_MIN, answers=given, is_asked=False))
            return super().advance()


class Cheat:
    """Looks how the very future of its run rewards each answer."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory

    def choose(self, decision) -> int:
        usd = {a: self._end(a) for a in range(len(decision.table) + 1) if decision.legal()[a]}
        return min(usd, key=usd.__getitem__)

    def _end(self, answer: int) -> float:
        fork, rule = self.factory.fork(), AtcsMatch()
        fork.advance()
        fork.answer(answer)
        while (question := fork.advance()) is not None:
            fork.answer(ask(rule, question))
        return fork.cost_usd


@pytest.fixture(scope="module")
def busy() -> Scenario:
    return load_scenario(
        "small", overrides={"horizon_days": 9, "demand.days": 7, "demand.size_median": 700}
    )


def answers(factory: Factory, policy) -> list[tuple[float, int, int]]:
    """Minute, asker and answer of every question before the turn."""
    given = []
    while (question := factory.advance()) is not None and question.now_min < TURN_MIN:
        given.append((question.now_min, question.asker, ask(policy, question)))
        factory.answer(given[-1][-1])
    return given


@pytest.mark.parametrize("name", plug_names(planners))
def test_a_planner_answers_the_same_until_another_future_begins(name, busy) -> None:
    kind = planners.load(name, "small", QUICK.get(name))
    plain = answers(Factory(busy, SEED), kind)
    assert len(plain) > 3
    assert answers(Turned(busy, SEED), kind) == plain


@pytest.mark.parametrize("name", sorted({*plug_names(planners)} - {"rollout"}))
def test_a_planner_answers_the_same_whatever_is_still_to_be_booked(name, busy) -> None:
    """Rollouts draw the names of luck behind those of the run's book: equal in law, not in draw."""
    planner, factory, asked = planners.load(name, "small", QUICK.get(name)), Factory(busy, SEED), 0
    while (question := factory.advance()) is not None and asked < 6:
        other = factory.fork(fresh_seed=77).advance()
        assert planner.choose(other) == planner.choose(question)
        factory.answer(1)
        asked += 1
    assert asked == 6


@pytest.mark.slow
def test_the_other_future_is_another_and_a_cheat_would_be_found(busy) -> None:
    runs = Factory(busy, SEED), Turned(busy, SEED)
    before = [answers(run, Cheat(run)) for run in runs]
    assert before[0] != before[1]
