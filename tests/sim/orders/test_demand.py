"""The order stream: load, rush orders, sizes and dates as the scenario says."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.demand import draw_orders, planned_days, style_mixes

SEEDS = 150


@pytest.fixture(scope="module")
def books(small, small_tables):
    """Order books of many seeds."""
    shifts = ShiftTable(small.calendar, small.calendar.calendar_days(60) + 1)
    mixes = style_mixes(small_tables)
    return [draw_orders(small_tables, Streams(s), shifts, mixes) for s in range(SEEDS)]


@pytest.mark.parametrize(("group", "lines"), [("knit", 2), ("woven", 1)])
def test_the_mean_load_over_seeds_is_the_stated_one(small, small_tables, books, group, lines):
    styles = [s.style_id for s in small_tables.styles]
    loads = []
    for book in books:
        days = [
            planned_days(small_tables, styles.index(o.style_id), np.array([float(o.quantity)]))[0]
            for o in book
            if small_tables.styles[styles.index(o.style_id)].product.fabric_group == group
        ]
        # fabric of 45 working days and three of backlog
        loads.append(sum(days) / (lines * 48.0))
    error = np.std(loads, ddof=1) / np.sqrt(SEEDS)
    assert error < 0.03
    assert np.mean(loads) == pytest.approx(small.demand.load, abs=4 * error)


def test_one_order_in_ten_is_a_rush_order(books) -> None:
    rush = np.array([o.is_rush for book in books for o in book])
    assert rush.mean() == pytest.approx(0.10, abs=4 * np.sqrt(0.09 / rush.size))
    for order in (o for book in books for o in book):
        assert order.priority == (2.0 if order.is_rush else 1.0)


def test_sizes_are_whole_tens_within_the_limits(small, small_tables, books) -> None:
    styles = [s.style_id for s in small_tables.styles]
    mixes = style_mixes(small_tables)
    per_piece = {
        styles[p]: float(d)
        for mix in mixes.values()
        for p, d in zip(mix.positions, mix.piece_days, strict=True)
    }
    sizes = []
    for order in (o for book in books for o in book):
        assert order.quantity >= 600
        assert order.quantity % 10 == 0
        # at most three line days, or the least size where that is more; sizes are rounded
        assert order.quantity <= max(3.0 / per_piece[order.style_id], 600.0) + 5.0
        sizes.append(order.quantity)
    assert np.unique(sizes).size > 100


def test_due_dates_are_midnights_at_least_a_day_after_the_fabric(books) -> None:
    for order in (o for book in books for o in book):
        assert order.due_min >= order.release_min + 1440.0
        assert order.due_min % 1440.0 == 0.0 or order.due_min == order.release_min + 1440.0
        assert 7 * 1440.0 <= order.release_min - order.booked_min <= 15 * 1440.0


def test_fabric_comes_in_shift_hours_of_the_demand_days(books, small) -> None:
    last = small.calendar.calendar_days(45) * 1440.0
    for order in (o for book in books for o in book):
        assert 0.0 <= order.release_min < last
        minute = order.release_min % 1440.0
        assert order.release_min == 0.0 or 480.0 <= minute <= 1020.0


def test_orders_are_numbered_by_release(books) -> None:
    for book in books[:20]:
        assert [o.order_id for o in book] == [f"O{i + 1:04d}" for i in range(len(book))]
        assert [o.release_min for o in book] == sorted(o.release_min for o in book)


def test_products_take_their_share_of_the_work(small, small_tables, books) -> None:
    days: dict[str, float] = {}
    styles = {s.style_id: (i, s) for i, s in enumerate(small_tables.styles)}
    for order in (o for book in books for o in book):
        i, style = styles[order.style_id]
        work = float(planned_days(small_tables, i, np.array([float(order.quantity)]))[0])
        days[style.product.name] = days.get(style.product.name, 0.0) + work
    knit = sum(days[p] for p in ("tee", "polo", "pullover"))
    for product in ("tee", "polo", "pullover"):
        assert days[product] / knit == pytest.approx(small.demand.mix[product], abs=0.04)
