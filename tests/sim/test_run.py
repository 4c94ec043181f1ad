"""The one loop that plays a policy, and the maker of runs that shares line balances."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from agents.rules.random import Random
from factory_env import Factories, Factory, load_scenario, play, simulate, step_through
from tests.play import fingerprint


def test_playing_is_simulating(short, short_tables) -> None:
    log = play(Factory(short, 3, tables=short_tables), Edd())
    assert fingerprint(log) == fingerprint(simulate(short, Edd(), 3))


def test_whoever_leaves_the_loop_leaves_the_present_question_unanswered(
    short, short_tables
) -> None:
    factory = Factory(short, 3, tables=short_tables)
    for question in step_through(factory, Random(seed=1)):
        if question.serial == 4:
            break
    assert factory.is_asking
    assert factory.advance() == question
    assert len(factory.past.answers) == 4


def test_every_question_is_handed_out_before_it_is_answered(short, short_tables) -> None:
    factory = Factory(short, 3, tables=short_tables)
    answered = [
        (question.serial, len(factory.past.answers)) for question in step_through(factory, Edd())
    ]
    assert len(answered) > 5
    assert all(serial == count for serial, count in answered)
    assert factory.is_over


def test_runs_of_one_maker_share_their_tables_and_are_the_runs_of_the_factory(short) -> None:
    make = Factories(short, record_operations=True)
    first, second = make(1), make(2)
    assert first.tables is second.tables
    expected = simulate(short, Edd(), 2, record_operations=True)
    log = play(second, Edd())
    assert fingerprint(log) == fingerprint(expected)
    assert log.tables["operations"]["order"].shape[0] > 0


def test_a_season_of_other_styles_gets_tables_of_its_own() -> None:
    make = Factories(load_scenario("small", demand="drawn"))
    first, second = make(1), make(2)
    assert first.tables.styles != second.tables.styles
    assert first.tables is not second.tables


def test_a_given_book_is_used(short) -> None:
    book = Factory(short, 1).book.orders[:3]
    factory = Factories(short)(1, orders=book)
    assert list(factory.book.orders) == list(book)


@pytest.mark.parametrize("nobody", ["edd", None])
def test_what_can_answer_nothing_is_no_policy(short, short_tables, nobody) -> None:
    # else the house would run everything, and the figures would be taken for the policy's
    with pytest.raises(TypeError, match="must have one of the methods answer, choose"):
        simulate(short, nobody, 1, tables=short_tables)
