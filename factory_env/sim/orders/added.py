"""Orders that are added to a running factory: as the book holds them before anybody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from zlib import crc32

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.changes import AddOrder, Change
from factory_env.domain.order import Order
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.more_orders import more_orders
from factory_env.sim.orders.parts import split_orders
from factory_env.sim.plant.tables import PlantTables

FIRST_OWN: Final = 1 << 32  # names of luck below are positions in a book


def added_orders(
    changes: Iterable[Change], tables: PlantTables, streams: Streams, shifts: ShiftTable
) -> tuple[Order, ...]:
    """Orders of the changes, in their order, large ones in parts.

    None is known, and none has fabric, before its change; its luck is named by its id, so that it
    meets the same luck in every book.
    """
    changes = tuple(changes)
    orders = [
        replace(
            change.order,
            booked_min=change.at_min,
            release_min=max(change.order.release_min, change.at_min),
        )
        for change in changes
        if isinstance(change, AddOrder)
    ]
    orders += more_orders(changes, tables, streams, shifts)
    return tuple(
        replace(order, luck_id=FIRST_OWN + crc32(order.order_id.encode()))
        for order in split_orders(orders, tables)
    )
