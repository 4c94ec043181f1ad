"""The order book as arrays: what is derived, and what a customer may change."""

from __future__ import annotations

import dataclasses

import pytest

from factory_env import load_scenario
from tests.sim.orders.small_book import small_book

DAY = 1440.0


def test_an_order_is_cut_with_its_extra_rounded_up() -> None:
    # 3 % more of 101 is 104.03, of 100 exactly 103
    scenario = load_scenario("small", overrides={"flow.extra_cut": 0.03})
    book = small_book(scenario, {"quantity": 101}, {"quantity": 100})
    assert book.cut.tolist() == [105.0, 103.0]
    assert book.quantity.tolist() == [101.0, 100.0]


def test_value_weight_and_urgency_follow_from_the_orders(small) -> None:
    book = small_book(small, {}, {"priority": 2.0, "is_rush": True, "price_usd": 12.0})
    assert book.value_usd.tolist() == [1000.0, 1200.0]
    assert book.weight_usd.tolist() == [1000.0, 2400.0]
    assert book.is_rush.tolist() == [0.0, 1.0]
    assert book.weight_kg[0] == 100 * small.library.products[0].weight_kg
    assert len(book) == 2


def test_a_customer_who_wants_fewer_pieces_changes_every_figure_that_depends_on_them() -> None:
    # 2 % more are cut: 51 of 50
    scenario = load_scenario("small", overrides={"flow.extra_cut": 0.02})
    book = small_book(scenario, {"colours": 60})
    whole_kg = book.weight_kg[0]
    book.set_quantity(0, 50)
    assert (book.quantity[0], book.cut[0], book.value_usd[0]) == (50.0, 51.0, 500.0)
    assert book.weight_kg[0] == pytest.approx(whole_kg / 2)
    assert (book.orders[0].quantity, book.orders[0].colours) == (50, 50)


def test_another_date_is_another_shift_minute(small) -> None:
    # default: eight hours a day from 8:00, six days a week, from a Monday on
    book = small_book(small, {"due_min": 2 * DAY})
    day = small.calendar.shift_min
    assert book.due_shift[0] == pytest.approx(2 * day)
    book.set_due(0, 3 * DAY)
    assert (book.due_min[0], book.orders[0].due_min) == (3 * DAY, 3 * DAY)
    assert book.due_shift[0] == pytest.approx(3 * day)


def test_late_fabric_moves_the_release_but_not_what_the_customer_was_told(small) -> None:
    book = small_book(small, {})
    given = dataclasses.replace(book.orders[0])
    book.set_release(0, DAY)
    assert book.release_min[0] == DAY
    assert book.release_shift[0] == pytest.approx(small.calendar.shift_min)
    assert book.orders[0] == given


def test_parts_of_an_order_know_each_other_and_a_whole_one_only_itself(small) -> None:
    book = small_book(small, {"parent": "A"}, {}, {"parent": "A"})
    assert [book.parts(o) for o in range(3)] == [[0, 2], [1], [0, 2]]


def test_luck_is_named_by_the_position_unless_a_fork_has_moved_the_order(small) -> None:
    assert small_book(small, {}, {"luck_id": 0}, {}).luck.tolist() == [0, 0, 2]


def test_nothing_is_ready_for_sewing_at_first(small) -> None:
    assert small_book(small, {}, {}).ready_shift.tolist() == [float("inf")] * 2
