"""A past lived again: up to a minute, with fresh luck from there, and with renewals on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, play
from factory_env.errors import BranchError
from factory_env.sim.history.fork import check_minute, relive, renewed_now
from factory_env.sim.history.replay import Past
from tests.play import fingerprint

DAY = 1440.0


@pytest.fixture(scope="module")
def lived(small, small_tables) -> Factory:
    factory = Factory(small, 5, tables=small_tables)
    play(factory, Edd())
    return factory


def maker(past: Past, tables):
    """Makes runs of a past, and keeps them."""
    made: list[Factory] = []

    def make(orders):
        made.append(Factory(past.scenario, past.seed, orders=orders, tables=tables))
        return made[-1]

    return make, made


def test_all_answers_bring_the_run_to_its_last_question_and_the_same_log(lived) -> None:
    past = lived.past
    make, made = maker(past, lived.tables)
    again = relive(past, make)
    assert made == [again]
    assert all(a.is_same(b) for a, b in zip(again.past.answers, past.answers, strict=True))
    assert fingerprint(play(again, Edd())) == fingerprint(lived.log())


def test_answers_given_in_the_minute_are_left_to_the_new_policy(lived) -> None:
    past = lived.past
    minute = past.answers[len(past.answers) // 2].now_min
    again = relive(past, maker(past, lived.tables)[0], minute)
    assert again.now_min == minute
    assert all(row.now_min < minute for row in again.past.answers)
    assert len(again.past.answers) == sum(row.now_min < minute for row in past.answers)


def test_fresh_luck_exchanges_the_orders_that_nobody_has_heard_of(lived) -> None:
    past = lived.past
    make, made = maker(past, lived.tables)
    again = relive(past, make, 12 * DAY, fresh_seed=77)
    assert len(made) == 2  # one to read the run's own book, one with what it will hear of
    known = [o.order_id for o in lived.book.orders if o.booked_min <= 12 * DAY]
    assert [o.order_id for o in again.book.orders[: len(known)]] == known
    assert [r.fresh_seed for r in again.past.renewals] == [77]
    unknown = [o for o in again.book.orders if o.booked_min > 12 * DAY]
    assert unknown != [o for o in lived.book.orders if o.booked_min > 12 * DAY]
    # whatever is still to come is what the fresh book says
    assert again.to_come.left == len(again.book) - again.shipped


def test_fresh_luck_needs_a_minute(lived) -> None:
    past = lived.past
    with pytest.raises(BranchError, match="must begin at a minute"):
        relive(past, maker(past, lived.tables)[0], fresh_seed=3)


def test_a_given_book_is_kept_when_the_luck_is_fresh(short, short_tables) -> None:
    book = tuple(Factory(short, 5, tables=short_tables).book.orders)
    factory = Factory(short, 5, tables=short_tables, orders=book)
    play(factory, Edd())
    again = factory.fork(at_min=4 * DAY, fresh_seed=8)
    assert tuple(again.book.orders) == book
    assert again.past.orders == book


def test_a_minute_outside_the_past_is_refused() -> None:
    check_minute(0.0, 10.0)
    check_minute(10.0, 10.0)
    for wrong in (-1.0, 10.5, float("nan")):
        with pytest.raises(BranchError, match=r"has come to minute 10"):
            check_minute(wrong, 10.0)


def test_luck_renewed_now_comes_after_the_renewals_before(lived) -> None:
    past = renewed_now(lived.past, 4, 100.0, is_asked=True)
    past = renewed_now(past, 5, 200.0, is_asked=False)
    assert [r.fresh_seed for r in past.renewals] == [4, 5]
    assert past.renewals[1].at_min == 200.0
    assert past.renewals[0].answers == len(lived.past.answers)
    assert replace(past, renewals=()) == lived.past


def test_a_fork_of_a_fork_with_fresh_luck_equals_itself_lived_again(lived) -> None:
    fork = lived.fork(at_min=12 * DAY, fresh_seed=11)
    log = play(fork, Edd())
    again = Factory.of(fork.past, tables=lived.tables)
    assert fingerprint(play(again, Edd())) == fingerprint(log)
    release = [x.tables["orders"]["release_min"] for x in (log, lived.log())]
    assert not np.array_equal(*(minutes[minutes > 20 * DAY] for minutes in release))
