"""A customer orders something that nobody has heard of before."""

from __future__ import annotations

from factory_env.domain.changes import AddOrder
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: AddOrder, reach: Reach) -> None:
    """It stands in the book from the first minute on, but nobody expects it before its own."""
    world = reach.world
    parts = reach.parts(change.order.order_id)
    orders = [world.book.orders[part] for part in parts]

    def announce() -> None:
        world.to_come.expect(orders, instead_of=[])
        for part in parts:
            world.recorder.event("order added", world.env.now, order=part)

    world.to_come.expect([], instead_of=orders)
    reach.at(change.at_min, announce)


PLUG = Cause(kind=AddOrder, begin=begin)
