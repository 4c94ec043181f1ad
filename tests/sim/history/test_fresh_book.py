"""A book whose future is drawn anew: who is known stays, whoever is not yet known is another."""

from __future__ import annotations

import pytest

from factory_env import Factory
from factory_env.domain.order import Order
from factory_env.sim.history.fresh_book import books

DAY = 1440.0


@pytest.fixture(scope="module")
def first(small, small_tables) -> tuple[Order, ...]:
    return tuple(Factory(small, 5, tables=small_tables).book.orders)


def test_without_a_renewal_the_book_stays_and_luck_is_named_by_position(
    first, small_tables
) -> None:
    [only] = books(first, [], small_tables, 5)
    assert [o.luck_id for o in only] == list(range(len(first)))
    assert [o.order_id for o in only] == [o.order_id for o in first]


def test_what_is_known_at_the_minute_keeps_its_place_and_the_rest_is_new(
    first, small_tables
) -> None:
    at_min = 20 * DAY
    before, after = books(first, [(at_min, 77)], small_tables, 5)
    known = [o for o in before if o.booked_min <= at_min]
    assert 0 < len(known) < len(before)
    assert list(after[: len(known)]) == known
    fresh = after[len(known) :]
    assert fresh
    assert all(o.booked_min > at_min for o in fresh)
    assert not {o.order_id for o in fresh} & {o.order_id for o in before}


def test_no_two_orders_of_a_book_share_their_luck(first, small_tables) -> None:
    for book in books(first, [(15 * DAY, 77), (25 * DAY, 78)], small_tables, 5):
        assert len({o.luck_id for o in book}) == len(book)


def test_the_fresh_seed_alone_decides_what_comes(first, small_tables) -> None:
    one, same, other = (books(first, [(20 * DAY, s)], small_tables, 5)[-1] for s in (77, 77, 78))
    assert one == same
    assert one != other


def test_after_the_last_order_is_known_nothing_changes(first, small_tables) -> None:
    at_min = max(o.booked_min for o in first)
    before, after = books(first, [(at_min, 77)], small_tables, 5)
    assert after[: len(before)] == before
