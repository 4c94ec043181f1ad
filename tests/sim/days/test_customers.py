"""What customers do on a morning: at most one change in an order's life, by the luck of its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from factory_env.domain.disruptions import OrderChanges
from factory_env.domain.order import Order
from factory_env.sim.days.customers import Customers
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.world import new_world
from tests.laws.tiny_plant import DAY, line, order, product, scenario

TEE = product("tee", [1.0])


class Amended:
    """Writes down what is asked of it, and changes the book's quantity."""

    def __init__(self, world, *, uncut: bool = True) -> None:
        self._world = world
        self._uncut = uncut
        self.cancelled: list[int] = []
        self.quantities: list[tuple[int, int]] = []

    def is_uncut(self, order: int) -> bool:
        return self._uncut

    def cancel(self, order: int) -> None:
        self.cancelled.append(order)

    def set_quantity(self, order: int, pieces: int) -> None:
        self.quantities.append((order, pieces))


def house(changes: OrderChanges, orders: Sequence[Order], *, uncut: bool = True):
    toy = scenario([line("only", 1, tee=1.0)], [TEE], days=60)
    toy = toy.replace(disruptions=replace(toy.disruptions, changes=changes))
    recorder = Recorder(operations=False)
    world = new_world(toy, 1, recorder, orders=orders, tables=None, inspector=None)
    amended = Amended(world, uncut=uncut)
    return world, amended, Customers(world, amended)


def many(count: int, **changes) -> list[Order]:
    plain = [order(str(i), "tee-01", 100, 30.0, 1.0, release_days=20.0) for i in range(count)]
    return [replace(o, **changes) for o in plain]


def mornings(world, customers: Customers, days: int) -> None:
    for day in range(days):
        world.env.run(until=day * DAY + 1.0)
        customers.morning(day)


def test_without_changes_nobody_is_heard() -> None:
    world, amended, customers = house(OrderChanges(share=0.0, cancel_share=0.0), many(50))
    mornings(world, customers, 31)
    assert not amended.cancelled
    assert not amended.quantities
    assert not world.recorder.events


def test_over_its_life_an_order_is_cancelled_with_the_share_of_the_scenario() -> None:
    world, amended, customers = house(OrderChanges(share=0.0, cancel_share=0.4), many(1_000))
    mornings(world, customers, 31)
    assert len(set(amended.cancelled)) == len(amended.cancelled)  # once in its life
    # the chance of a morning is 0.4 / 31: 31 mornings that all spare it leave exp(-0.4)
    assert len(amended.cancelled) / 1_000 == pytest.approx(1.0 - np.exp(-0.4), abs=0.05)


def test_parts_of_an_order_are_cancelled_together() -> None:
    parts = [replace(o, parent=f"P{i // 2}") for i, o in enumerate(many(200))]
    world, amended, customers = house(OrderChanges(share=0.0, cancel_share=0.3), parts)
    mornings(world, customers, 31)
    assert amended.cancelled
    gone = set(amended.cancelled)
    assert all((o ^ 1) in gone for o in gone)  # neighbours share a parent


def test_only_what_is_uncut_gets_another_quantity_and_it_stays_a_whole_ten() -> None:
    rules = OrderChanges(share=0.9, cancel_share=0.0, quantity_spread=0.5)
    world, amended, customers = house(rules, many(400))
    mornings(world, customers, 31)
    pieces = [n for _, n in amended.quantities]
    assert len(pieces) > 50
    assert all(n % 10 == 0 and 50 <= n <= 150 for n in pieces)
    assert min(pieces) < 100 < max(pieces)
    world, amended, customers = house(rules, many(400), uncut=False)
    mornings(world, customers, 31)
    assert not amended.quantities


def test_a_due_date_moves_within_limits_and_never_into_the_past() -> None:
    rules = OrderChanges(share=0.9, cancel_share=0.0, due_days=(-20.0, 5.0))
    world, _, customers = house(rules, many(300), uncut=False)
    before = world.book.due_min.copy()
    moved: dict[int, float] = {}
    for day in range(29):
        world.env.run(until=day * DAY + 1.0)
        customers.morning(day)
        for kind, _, at, minute, _, _ in world.recorder.events[len(moved) :]:
            assert kind == "due date"
            assert world.book.due_min[at] >= minute + DAY
            moved[at] = world.book.due_min[at]
    assert len(moved) > 100
    days = np.array([(due - before[at]) / DAY for at, due in moved.items()])
    assert days.min() >= -20.0
    assert days.max() <= 5.0


def test_orders_unknown_late_or_shipped_are_left_alone() -> None:
    rules = OrderChanges(share=0.0, cancel_share=0.99)
    unknown = many(100, booked_min=5 * DAY)
    world, amended, customers = house(rules, unknown)
    mornings(world, customers, 5)
    assert not amended.cancelled
    world, amended, customers = house(rules, many(100))
    world.ledger.shipped_min[:] = 0.0
    mornings(world, customers, 20)
    assert not amended.cancelled
    world, amended, customers = house(rules, many(100, due_min=2 * DAY))
    world.env.run(until=3 * DAY)
    customers.morning(3)
    assert not amended.cancelled
