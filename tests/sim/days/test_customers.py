"""Customers change their minds: how often, whose orders, and into what."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.sim.days.customers import Customers
from factory_env.sim.world import World
from tests.sim.orders.small_book import order_at
from tests.sim.small_world import small_world

DAY = 1440.0
N = 400


class Told:
    """Keeps what it is told; nothing is cut unless said so."""

    def __init__(self, world: World, is_uncut: bool) -> None:
        self.world, self._is_uncut = world, is_uncut
        self.cancelled: list[int] = []
        self.quantity: dict[int, int] = {}

    def is_uncut(self, order: int) -> bool:
        return self._is_uncut

    def cancel(self, order: int) -> None:
        self.cancelled.append(order)

    def set_quantity(self, order: int, pieces: int) -> None:
        self.quantity[order] = pieces


def world_of(share: float, cancel_share: float, *, parts: bool = False, seed: int = 1) -> World:
    """Orders of 100 pieces, booked at 0 and due on day 20, as pairs of parts if asked for."""
    changes = {"share": share, "cancel_share": cancel_share, "quantity_spread": 0.2}
    overrides = {f"disruptions.changes.{k}": v for k, v in changes.items()}
    overrides["disruptions.changes.due_days"] = [-3.0, 5.0]
    scenario = load_scenario("small", overrides=overrides)
    style = small_world(scenario, []).tables.styles[0].style_id
    orders = [
        order_at(style, order_id=f"o{i}", parent=f"p{i // 2}" if parts else "") for i in range(N)
    ]
    return small_world(scenario, orders, seed=seed)


def live(world: World, days: int, *, is_uncut: bool = True) -> Told:
    """So many mornings."""
    told = Told(world, is_uncut)
    customers = Customers(world, told)
    for day in range(days):
        customers.morning(day)
        world.env.run(until=(day + 1) * DAY)
    return told


def test_a_calm_world_has_no_mornings_worth_a_look() -> None:
    world = world_of(0.0, 0.0)
    told = live(world, 5)
    assert not Customers(world, told).may_change
    assert told.cancelled == []
    assert (world.book.due_min == 20 * DAY).all()


def test_a_lifes_chance_is_spread_over_its_mornings() -> None:
    # 1/20 of 0.4 on each of twenty mornings: 1 - 0.98 ** 20 = 0.332, of 400 orders
    told = live(world_of(0.0, 0.4), 20)
    assert len(told.cancelled) == pytest.approx(0.332 * N, abs=4 * np.sqrt(0.332 * 0.668 * N))


def test_nobody_changes_an_order_twice_nor_after_its_date() -> None:
    world = world_of(0.0, 1.0)
    told = live(world, 30)
    assert len(told.cancelled) == len(set(told.cancelled))
    assert told.cancelled == live(world_of(0.0, 1.0), 20).cancelled  # day 20 is the date


def test_the_same_luck_comes_under_the_same_seed_only() -> None:
    one, same, other = (live(world_of(0.0, 0.4, seed=s), 20).cancelled for s in (1, 1, 2))
    assert one == same != other


def test_an_order_that_has_left_is_left_alone() -> None:
    world = world_of(0.0, 1.0)
    world.ledger.shipped_min[:] = 0.0
    assert live(world, 20).cancelled == []


def test_parts_of_an_order_are_cancelled_together() -> None:
    told = live(world_of(0.0, 0.4, parts=True), 20)
    assert told.cancelled
    assert told.cancelled[0::2] == [order - 1 for order in told.cancelled[1::2]]


def test_what_is_uncut_changes_its_quantity_or_its_date() -> None:
    world = world_of(1.0, 0.0)
    told = live(world, 20)
    changed = np.flatnonzero(world.book.due_min != 20 * DAY)
    # 1 - 0.95 ** 20 = 0.642 of 400 orders, half of them by quantity
    assert len(told.quantity) == pytest.approx(0.321 * N, abs=4 * np.sqrt(0.321 * 0.679 * N))
    assert not set(told.quantity) & set(changed.tolist())
    assert set(told.quantity.values()) <= {80, 90, 100, 110, 120}  # whole tens within a fifth
    assert {80, 120} <= set(told.quantity.values())


def test_another_date_is_a_midnight_within_the_range_and_not_before_tomorrow() -> None:
    world = world_of(1.0, 0.0)
    told = live(world, 20, is_uncut=False)
    assert not told.quantity  # what is cut keeps its quantity
    due = world.book.due_min / DAY
    assert (due == np.round(due)).all()
    assert set(due.astype(int)) == set(range(17, 26))
    events = [e for e in world.recorder.events if e[0] == "due date"]
    for _, _, order, start, _, amount in events:
        assert due[order] * DAY >= start + DAY
        assert due[order] >= 20 + amount
