"""Law 8: an answer that is not offered is refused, an offered one is taken, one always is."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from agents.rules.random import Random
from factory_env import Factory, load_scenario, step_through
from factory_env.errors import IllegalAnswer
from tests.play import questions


def at_question(scenario, tables, seed: int, number: int) -> Factory:
    """A factory whose question ``number`` is pending."""
    factory = Factory(scenario, seed, tables=tables)
    for _ in range(number):
        factory.answer(Edd().choose(factory.advance()))
    assert factory.advance() is not None
    return factory


@pytest.mark.parametrize(
    "wrong",
    [
        -1,
        10_000,
        1.0,
        0.0,
        float("nan"),
        float("inf"),
        True,
        False,
        None,
        "1",
        np.float64(1.0),
        np.bool_(True),
        np.array([1]),
        np.int64(-1),
    ],
    ids=repr,
)
def test_what_is_no_offered_number_is_refused(short, short_tables, wrong) -> None:
    factory = at_question(short, short_tables, 1, 3)
    question, now = factory.advance(), factory.now_min
    with pytest.raises(IllegalAnswer):
        factory.answer(wrong)
    assert factory.advance() is question
    assert factory.now_min == now
    factory.answer(1)  # and the factory can go on
    assert factory.advance() is not question


def test_one_past_the_last_order_is_refused_and_the_last_is_taken(short, short_tables) -> None:
    factory = at_question(short, short_tables, 1, 3)
    question = factory.advance()
    with pytest.raises(IllegalAnswer, match="out of range"):
        factory.answer(len(question.table) + 1)
    factory.answer(len(question.table))
    assert factory.log().tables["decisions"]["order"][-1] == question.orders[-1]


def test_a_refused_answer_leaves_no_trace_in_the_log(short, short_tables) -> None:
    factory = at_question(short, short_tables, 1, 3)
    with pytest.raises(IllegalAnswer):
        factory.answer(-1)
    assert factory.log().tables["decisions"]["serial"].tolist() == [0, 1, 2]


def test_an_answer_without_a_question_is_refused(short, short_tables) -> None:
    with pytest.raises(IllegalAnswer, match="no decision is pending"):
        Factory(short, 1, tables=short_tables).answer(1)


def test_an_answer_is_taken_once(short, short_tables) -> None:
    factory = at_question(short, short_tables, 1, 3)
    factory.answer(1)
    with pytest.raises(IllegalAnswer, match="no decision is pending"):
        factory.answer(1)


@pytest.mark.parametrize("kind", [int, np.int64, np.int32, np.uint8])
def test_whole_numbers_of_any_kind_are_taken(short, short_tables, kind) -> None:
    factory = at_question(short, short_tables, 1, 3)
    factory.answer(kind(1))


def test_every_offered_answer_is_accepted_and_no_other(short, short_tables) -> None:
    holds = set()
    for number in range(0, 7, 2):
        legal = at_question(short, short_tables, 1, number).advance().legal()
        for answer in range(legal.shape[0]):
            factory = at_question(short, short_tables, 1, number)
            if legal[answer]:
                factory.answer(answer)
            else:
                with pytest.raises(IllegalAnswer):
                    factory.answer(answer)
        holds.add(bool(legal[0]))
    assert True in holds


def test_a_hold_is_refused_when_nothing_else_can_come(small, small_tables) -> None:
    factory = Factory(small, 1, tables=small_tables)
    refused = 0
    for question in step_through(factory, Edd()):
        if not question.can_hold:
            assert not question.legal()[0]
            with pytest.raises(IllegalAnswer, match="hold is refused"):
                factory.answer(0)
            refused += 1
    assert refused > 0


@pytest.mark.parametrize("cutting_rule", ["edd", "agent"])
def test_one_answer_is_always_legal_and_one_choice_is_no_question(cutting_rule) -> None:
    scenario = load_scenario("small", overrides={"flow.cutting_rule": cutting_rule})
    seen = questions(Factory(scenario, 1), Random(seed=4))
    assert len(seen) > 30
    for question in seen:
        legal = question.legal()
        assert legal.shape == (len(question.table) + 1,)
        assert legal.sum() >= 2
        assert len(question.table) == question.orders.shape[0] >= 1
    assert [q.serial for q in seen] == list(range(len(seen)))
    assert {q.kind for q in seen} == (
        {"dispatch", "cutting"} if cutting_rule == "agent" else {"dispatch"}
    )


def test_questions_show_numbers_only(small, small_tables) -> None:
    for question in questions(Factory(small, 1, tables=small_tables), Edd()):
        assert np.isfinite(question.table.data).all()
        for view in (question.lines, question.site):
            for name in view.__slots__:
                assert np.isfinite(getattr(view, name)).all(), name
