"""A customer orders something that nobody has heard of before."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.domain.changes import AddOrder
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: AddOrder, reach: Reach) -> None:
    """It stands in the book from the first minute on, but nobody expects it before its own."""
    hide(reach.parts(change.order.order_id), reach)


def hide(orders: Sequence[int], reach: Reach) -> None:
    """Nobody expects orders, by position, before they are booked."""
    for order in orders:
        _hide_one(order, reach)


def _hide_one(order: int, reach: Reach) -> None:
    world = reach.world
    row = [world.book.orders[order]]

    def announce() -> None:
        world.to_come.expect(row, instead_of=[])
        world.recorder.event("order added", world.env.now, order=order)

    world.to_come.expect([], instead_of=row)
    reach.at(float(world.book.booked_min[order]), announce)


PLUG = Cause(kind=AddOrder, begin=begin)
