"""A record is lived again answer by answer; the first difference is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, step_through
from factory_env.errors import ArtifactError
from factory_env.sim.history.replay import Past, Renewal


@pytest.fixture(scope="module")
def past(short, short_tables) -> Past:
    """A run under EDD after some answers."""
    factory = Factory(short, 2, tables=short_tables)
    for number, _ in enumerate(step_through(factory, Edd())):
        if number == 6:
            break
    return factory.past


def test_a_past_is_lived_again_to_its_last_answer(past, short_tables) -> None:
    again = Factory.of(past, tables=short_tables)
    assert len(again.past.answers) == len(past.answers) == 6
    assert again.now_min == past.answers[-1].now_min


def renamed(past: Past, **changes) -> Past:
    """The same with another third answer."""
    rows = list(past.answers)
    rows[2] = replace(rows[2], **changes)
    return replace(past, answers=tuple(rows))


def test_a_question_that_is_not_the_recorded_one_is_told_with_its_number(
    past, short_tables
) -> None:
    with pytest.raises(ArtifactError, match=r"question 2 .* but the record holds question 2"):
        Factory.of(renamed(past, now_min=past.answers[2].now_min + 1.0), tables=short_tables)


def test_an_answer_that_is_not_offered_is_told(past, short_tables) -> None:
    values = {**past.answers[2].values, "answer": 999}
    with pytest.raises(ArtifactError, match="differs from the record"):
        Factory.of(renamed(past, values=values), tables=short_tables)


def test_more_answers_than_questions_are_told(short, short_tables) -> None:
    factory = Factory(short, 2, tables=short_tables)
    for _ in step_through(factory, Edd()):
        pass
    whole = factory.past
    longer = replace(whole, answers=(*whole.answers, whole.answers[-1]))
    with pytest.raises(ArtifactError, match="nothing is asked any more"):
        Factory.of(longer, tables=short_tables)


def test_a_renewal_at_a_question_comes_after_the_first_instant_of_its_minute() -> None:
    at_the_clock = Renewal(fresh_seed=1, at_min=100.0, answers=0, is_asked=False)
    at_a_question = replace(at_the_clock, is_asked=True)
    assert at_the_clock.is_before(100.0)
    assert not at_a_question.is_before(100.0)
    assert at_a_question.is_before(100.1)
    assert not at_the_clock.is_before(99.9)


def test_a_renewal_is_timed_if_the_clock_went_on_after_the_last_answer(past) -> None:
    last = past.answers[-1].now_min
    count = len(past.answers)
    later = Renewal(fresh_seed=1, at_min=last + 5.0, answers=count, is_asked=False)
    assert later.is_timed(past.answers)
    assert not replace(later, at_min=last).is_timed(past.answers)
    assert not replace(later, is_asked=True).is_timed(past.answers)
    assert replace(later, answers=0, at_min=1.0).is_timed(past.answers)
