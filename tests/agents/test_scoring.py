"""What policies say they think of the answers is what they act on."""

from __future__ import annotations

import numpy as np
import pytest

from agents import rules
from agents.scoring import INDEX, LOGIT, PLANNED, score_answers
from agents.team import Team
from factory_env import Factory
from factory_env.catalogue import plug_names
from factory_env.decision import FloorQuestion, is_of_floor
from factory_env.decisions.order_choice import HOLD

WITHOUT_INDEX = {"random"}


@pytest.fixture(scope="module")
def questions(short, short_tables) -> list[FloorQuestion]:
    """Questions of a run in which several orders wait."""
    factory, chosen = Factory(short, 3, tables=short_tables), []
    while (question := factory.advance()) is not None:
        if is_of_floor(question) and len(question.legal()) > 2:
            chosen.append(question)
        factory.answer(question.usual())
    assert len(chosen) >= 5
    return chosen


@pytest.mark.parametrize("name", sorted({*plug_names(rules)} - WITHOUT_INDEX))
def test_a_rule_takes_the_order_with_its_highest_index_or_holds(name, questions) -> None:
    policy = rules.load(name, "small")
    for question in questions:
        scores = score_answers(policy, question)
        assert scores is not None
        assert scores.kind == INDEX
        assert scores.values.shape == question.legal().shape
        assert np.isnan(scores.values[HOLD])
        answer = policy.choose(question)
        assert answer in (HOLD, int(np.nanargmax(scores.values)))


def test_a_network_takes_the_legal_answer_that_it_finds_most_probable(questions) -> None:
    from agents.deep.load import load_agent

    agent = load_agent("pretrained")
    for question in questions:
        scores = score_answers(agent, question)
        assert scores is not None
        assert scores.kind == LOGIT
        assert scores.probabilities is not None
        assert scores.probabilities.sum() == pytest.approx(1.0)
        assert not scores.probabilities[~question.legal()].any()
        assert agent.choose(question) == int(scores.probabilities.argmax())


def test_a_planner_is_heard_by_its_prices_and_a_team_by_its_member(questions) -> None:
    class Planner:
        def price(self, decision):
            return np.arange(len(decision.legal()), dtype=np.float64)

        def choose(self, decision):
            return 1

    for policy in (Planner(), Team(lines=Planner())):
        scores = score_answers(policy, questions[0])
        assert scores is not None
        assert (scores.kind, scores.values[1]) == (PLANNED, 1.0)


def test_who_says_nothing_has_no_scores(questions) -> None:
    assert score_answers(rules.load("random", "small"), questions[0]) is None
