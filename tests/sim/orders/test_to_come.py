"""Counts of orders by how far they have come, group by group."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, play
from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.orders.to_come import ToCome

WOVEN, KNIT = (FABRIC_GROUPS.index(name) for name in ("woven", "knit"))


@pytest.fixture
def book(small, small_tables):
    """The drawn book of a run that has not begun."""
    return Factory(small, 3, tables=small_tables).book


@pytest.fixture
def groups(book, small_tables) -> list[int]:
    return small_tables.group_of[book.style].tolist()


def test_a_group_brings_and_readies_until_its_last_order(book, groups, small_tables) -> None:
    counts = ToCome(book, small_tables)
    knit = [o for o, group in enumerate(groups) if group == KNIT]
    for order in knit:
        assert counts.may_bring(KNIT)
        counts.arrive(order)
    assert not counts.may_bring(KNIT)
    assert counts.may_bring(WOVEN)
    for order in knit:
        assert counts.may_ready(KNIT)
        counts.make_ready(order)
    assert not counts.may_ready(KNIT)
    assert counts.in_house == len(knit)
    assert counts.left == len(book)


def test_shipped_and_cancelled_orders_are_not_left(book, groups, small_tables) -> None:
    counts = ToCome(book, small_tables)
    counts.arrive(0)
    counts.make_ready(0)
    counts.ship()
    counts.arrive(1)
    counts.drop(1, is_here=True, is_ready=False)
    counts.drop(2, is_here=False, is_ready=False)
    assert (counts.in_house, counts.shipped, counts.left) == (0, 1, len(book) - 3)
    # 0 to 2 are accounted for: the others alone can still come, and be ready
    for order in range(3, len(book)):
        group = groups[order]
        assert counts.may_bring(group)
        assert counts.may_ready(group)
        counts.arrive(order)
        counts.make_ready(order)
    assert not any(counts.may_bring(g) or counts.may_ready(g) for g in (WOVEN, KNIT))


def test_another_book_can_be_expected(book, groups, small_tables) -> None:
    counts = ToCome(book, small_tables)
    first_knit, first_woven = groups.index(KNIT), groups.index(WOVEN)
    only_knit = [book.orders[first_knit]]
    counts.expect(only_knit, instead_of=book.orders)
    assert not counts.may_bring(WOVEN)
    counts.arrive(first_knit)
    counts.make_ready(first_knit)
    assert not counts.may_bring(KNIT)
    assert not counts.may_ready(KNIT)
    counts.expect([book.orders[first_woven]], instead_of=[])
    assert counts.may_bring(WOVEN)
    assert counts.left == len(book)  # who is in the book stays in it


def test_nothing_is_left_when_everything_is_shipped(small, small_tables) -> None:
    factory = Factory(small.replace(horizon_days=120), 3, tables=small_tables)
    log = play(factory, Edd())
    shipped = int(np.isfinite(log.tables["orders"]["shipped_min"]).sum())
    assert factory.finished
    assert factory.shipped == shipped == len(factory.book)
