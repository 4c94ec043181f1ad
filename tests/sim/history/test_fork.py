"""Living a past again: refusals, and what is written into it. That forks equal is a law."""

from __future__ import annotations

import pytest

from factory_env import Factory
from factory_env.errors import BranchError
from factory_env.sim.history.fork import check_minute, relive, renewed_now
from factory_env.sim.history.replay import Past

DAY = 1440.0


@pytest.mark.parametrize("minute", [-1.0, 5 * DAY + 1.0])
def test_only_minutes_of_the_past_can_be_gone_back_to(minute) -> None:
    with pytest.raises(BranchError, match=r"fork at 0 to 7200"):
        check_minute(minute, 5 * DAY)


@pytest.mark.parametrize("minute", [0.0, 100.0, 5 * DAY])
def test_the_first_and_the_present_minute_are_of_the_past(minute) -> None:
    check_minute(minute, 5 * DAY)


def test_fresh_luck_needs_a_minute(short) -> None:
    with pytest.raises(BranchError, match="fresh luck must begin at a minute"):
        relive(Past(scenario=short, seed=1), lambda orders: Factory(short, 1), fresh_seed=3)


def test_luck_that_is_renewed_now_stands_behind_the_answers_given(short) -> None:
    past = Past(scenario=short, seed=1)
    once = renewed_now(past, 9, 100.0, is_asked=True)
    [renewal] = once.renewals
    assert (renewal.fresh_seed, renewal.at_min, renewal.answers) == (9, 100.0, 0)
    assert renewal.is_asked
    assert len(renewed_now(once, 10, 200.0, is_asked=False).renewals) == 2
    assert past.renewals == ()


def test_a_run_is_made_once_for_its_own_luck_and_twice_where_a_book_is_renewed(
    short, short_tables
) -> None:
    made = []

    def make(orders):
        made.append(orders)
        return Factory(short, 1, orders=orders, tables=short_tables)

    assert relive(Past(scenario=short, seed=1), make, 0.0).now_min == 0.0
    assert made == [None]
    made.clear()
    run = relive(Past(scenario=short, seed=1), make, 0.0, fresh_seed=4)
    assert made[0] is None
    assert len(made[1]) == len(run.book)
    # lines that could hold in the first book can hold now: as much is still to come
    assert run.to_come.may_bring(0)


def test_orders_that_were_given_are_not_drawn_anew(short, short_tables) -> None:
    given = tuple(Factory(short, 1, tables=short_tables).book.orders[:5])
    past = Past(scenario=short, seed=1, orders=given)
    run = relive(
        past,
        lambda orders: Factory(short, 1, orders=orders, tables=short_tables),
        0.0,
        fresh_seed=4,
    )
    assert tuple(o.order_id for o in run.book.orders) == tuple(o.order_id for o in given)
