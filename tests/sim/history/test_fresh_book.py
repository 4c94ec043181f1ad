"""Books after the luck was renewed: what is known stays, what nobody knows of is drawn anew."""

from __future__ import annotations

import pytest

from factory_env import Factory
from factory_env.sim.history.fresh_book import books

AT = 12 * 1440.0


@pytest.fixture(scope="module")
def first(small, small_tables):
    return Factory(small, 5, tables=small_tables).book.orders


def test_without_a_renewal_there_is_the_first_book_with_names_of_its_luck(
    first, small_tables
) -> None:
    (only,) = books(first, [], small_tables, 5)
    assert [o.order_id for o in only] == [o.order_id for o in first]
    assert [o.luck_id for o in only] == list(range(len(first)))


def test_known_orders_keep_place_name_and_luck(first, small_tables) -> None:
    old, new = books(first, [(AT, 9)], small_tables, 5)
    known = [o for o in old if o.booked_min <= AT]
    assert 0 < len(known) < len(old)
    assert list(new[: len(known)]) == known


def test_unknown_orders_are_others_with_new_names_and_new_luck(first, small_tables) -> None:
    old, new = books(first, [(AT, 9)], small_tables, 5)
    fresh = [o for o in new if o.booked_min > AT]
    assert fresh
    assert not {o.luck_id for o in fresh} & {o.luck_id for o in old}
    assert not {o.order_id for o in fresh} & {o.order_id for o in old}
    assert len({o.order_id for o in new}) == len(new)
    gone = [(o.release_min, o.quantity) for o in old if o.booked_min > AT]
    assert [(o.release_min, o.quantity) for o in fresh] != gone


def test_the_same_seed_draws_the_same_book_and_another_another(first, small_tables) -> None:
    assert books(first, [(AT, 9)], small_tables, 5) == books(first, [(AT, 9)], small_tables, 5)
    assert books(first, [(AT, 9)], small_tables, 5) != books(first, [(AT, 10)], small_tables, 5)


def test_each_renewal_goes_on_from_the_book_before(first, small_tables) -> None:
    later = AT + 7 * 1440.0
    _, once, twice = books(first, [(AT, 9), (later, 10)], small_tables, 5)
    known = [o for o in once if o.booked_min <= later]
    assert list(twice[: len(known)]) == known
    assert len({o.luck_id for o in twice}) == len(twice)
