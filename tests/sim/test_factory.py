"""The running factory as its users see it: questions, answers, readings, the end."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, play, step_through
from factory_env.errors import IllegalAnswer
from tests.camera import Camera

DAY = 1440.0


@pytest.fixture
def factory(short, short_tables) -> Factory:
    return Factory(short, 3, tables=short_tables)


def test_there_is_nothing_to_answer_before_a_question(factory) -> None:
    with pytest.raises(IllegalAnswer, match="no decision is pending"):
        factory.answer(1)


def test_a_question_is_asked_until_it_is_answered(factory) -> None:
    question = factory.advance()
    assert factory.is_asking
    assert factory.advance() is question
    with pytest.raises(IllegalAnswer):
        factory.answer(10_000)
    assert factory.advance() is question
    row = factory.answer(1)
    assert row.serial == question.serial == 0
    assert factory.past.answers == (row,)
    assert not factory.is_asking


def test_a_question_asked_again_is_the_same_question_anew(factory) -> None:
    question = factory.advance()
    factory.ask_again()
    again = factory.advance()
    assert again is not question
    assert (again.serial, again.now_min, again.asker) == (0, question.now_min, question.asker)


def test_readings_at_the_first_question(factory) -> None:
    factory.advance()
    assert factory.free_in_min.shape == (len(factory.lines),)
    assert (factory.free_in_min >= 0.0).all()
    assert factory.shipped == 0
    assert not factory.finished
    assert not factory.is_over
    assert factory.site is None
    assert factory.projected_cost_usd >= factory.cost_usd
    assert sum(factory.cost_parts_usd.values()) == pytest.approx(factory.cost_usd)


def test_reading_changes_nothing(short, short_tables, factory) -> None:
    plain = play(Factory(short, 3, tables=short_tables), Edd())
    for _ in step_through(factory, Edd()):
        assert factory.scheduled_cost_usd((2.0, 1.0, 0.1, 0.0, 1e9)) >= factory.cost_usd
        factory.log()
    assert factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-12)


def test_at_the_horizon_nothing_is_asked_and_open_orders_are_charged(short, short_tables) -> None:
    class Holds:
        def choose(self, decision) -> int:
            return 0 if decision.can_hold else 1

    factory = Factory(short.replace(horizon_days=3), 3, tables=short_tables)
    log = play(factory, Holds())
    assert factory.is_over
    assert not factory.finished
    assert not log.finished
    assert factory.now_min == factory.horizon_min == 3 * DAY
    assert factory.advance() is None
    cost = factory.cost_usd
    assert factory.projected_cost_usd == factory.scheduled_cost_usd((1.0,) * 5) == cost
    assert log.cost_usd["lateness"] > 0.0
    factory.advance()
    assert factory.cost_usd == cost  # settled once


def test_a_factory_ends_with_its_last_order(short, short_tables) -> None:
    book = Factory(short, 3, tables=short_tables).book.orders[:2]
    factory = Factory(short, 3, orders=book, tables=short_tables)
    log = play(factory, Edd())
    assert factory.finished
    assert factory.shipped == 2
    assert factory.now_min == np.nanmax(log.tables["orders"]["shipped_min"])


def test_an_inspector_can_be_given(short, short_tables) -> None:
    inspector = Camera()
    factory = Factory(short, 3, tables=short_tables, inspector=inspector)
    assert factory.world.inspector is inspector
    factory.advance()
    assert factory.fork().world.inspector is inspector


def test_a_watcher_is_told_of_everybody_who_comes_and_goes(factory) -> None:
    in_house = []
    factory.watch(lambda place, more, now: in_house.append(more) if place == "house" else None)
    play(factory, Edd())
    assert sum(in_house) == factory.to_come.in_house
    assert in_house.count(-1) == factory.shipped > 0


def test_a_fork_goes_its_own_way(factory) -> None:
    for question in step_through(factory, Edd()):
        if question.serial == 5:
            break
    fork = factory.fork()
    assert fork.advance().serial == 5
    fork.answer(1)
    assert len(fork.past.answers) == 6
    assert len(factory.past.answers) == 5
    back = factory.fork(at_min=0.0)
    assert back.past.answers == ()
