"""One sentence runs a scenario; its loop can be stopped at each question."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, simulate
from factory_env.logfile import fingerprint
from factory_env.sim.run import Factories, play, step_through


@pytest.fixture(scope="module")
def one_run(short, short_tables) -> str:
    return fingerprint(simulate(short, Edd(), 3, tables=short_tables))


def test_simulating_is_playing_a_factory_to_its_end(short, short_tables, one_run) -> None:
    assert fingerprint(play(Factory(short, 3, tables=short_tables), Edd())) == one_run


def test_who_steps_through_sees_every_question_before_its_answer(
    short, short_tables, one_run
) -> None:
    factory = Factory(short, 3, tables=short_tables)
    seen = 0
    for question in step_through(factory, Edd()):
        assert factory.is_asking
        assert len(factory.past.answers) == question.serial == seen
        seen += 1
    assert seen >= 10
    assert fingerprint(factory.log()) == one_run


def test_whoever_leaves_the_loop_leaves_the_question_unanswered(
    short, short_tables, one_run
) -> None:
    factory = Factory(short, 3, tables=short_tables)
    for question in step_through(factory, Edd()):
        if question.serial == 4:
            break
    assert factory.is_asking
    assert len(factory.past.answers) == 4
    assert fingerprint(play(factory, Edd())) == one_run


def test_runs_of_one_scenario_share_their_line_balances(short, one_run) -> None:
    make = Factories(short)
    first, second = make(1), make(3)
    assert first.tables is second.tables
    assert fingerprint(play(second, Edd())) == one_run


def test_factories_hand_on_what_they_were_told(short, short_tables) -> None:
    make = Factories(short, tables=short_tables, record_operations=True)
    book = make(1).book.orders[:4]
    factory = make(1, orders=book)
    assert factory.tables is short_tables
    assert len(factory.book) == 4
    log = play(factory, Edd())
    assert len(log.tables["operations"]["order"]) > 100


def test_a_given_book_is_the_whole_work(short, short_tables) -> None:
    book = Factory(short, 3, tables=short_tables).book.orders[:3]
    log = simulate(short, Edd(), 9, orders=book, tables=short_tables)
    assert len(log.tables["orders"]["order"]) == 3
    assert log.finished


def test_tables_of_another_scenario_are_not_taken(short, short_tables) -> None:
    other = load_scenario("small", overrides={"horizon_days": 12, "demand.days": 9})
    assert Factory(other, 1, tables=short_tables).tables is not short_tables
