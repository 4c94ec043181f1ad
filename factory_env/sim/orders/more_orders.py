"""Orders of customers who order more often than the demand of the scenario says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.changes import Change, MoreDemand
from factory_env.domain.order import Order
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.demand import draw_orders, style_mixes
from factory_env.sim.plant.tables import PlantTables

MARK: Final = "M"  # of their ids: M1-O0001 is the first order of the first book drawn beside


def is_more(order: Order) -> bool:
    """Does it come from more demand?"""
    return order.order_id.startswith(MARK) and "-O" in order.order_id


def more_orders(
    changes: Iterable[Change], tables: PlantTables, streams: Streams, shifts: ShiftTable
) -> list[Order]:
    """What is ordered beside the run's own book, which stays as it is.

    Whole books are drawn beside it with luck of their own and the same fashion; of the last one as
    many orders are kept as the factor asks for.
    """
    orders: list[Order] = []
    for change in changes:
        if isinstance(change, MoreDemand) and change.factor > 1.0:
            orders += _beside(change, tables, streams, shifts)
    return orders


def _beside(
    change: MoreDemand, tables: PlantTables, streams: Streams, shifts: ShiftTable
) -> list[Order]:
    kept: list[Order] = []
    more, copy = change.factor - 1.0, 0
    while more > 0.0:
        copy += 1
        own = Streams(int(streams.key("more demand", copy)))
        book = draw_orders(tables, own, shifts, tables.derive(style_mixes), [(-np.inf, streams)])
        luck = own.generator("kept").random(len(book))
        kept += [
            replace(order, order_id=f"{MARK}{copy}-{order.order_id}")
            for order, u in zip(book, luck.tolist(), strict=True)
            if change.from_min <= order.booked_min < change.to_min and u < more
        ]
        more -= 1.0
    return kept
