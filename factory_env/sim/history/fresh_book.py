"""The order book after the luck was renewed: known orders stay, unknown ones are drawn anew.

A fork that must not be clairvoyant may not meet the orders that the run has not heard of yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.demand import draw_orders, style_mixes
from factory_env.sim.orders.fashion import History
from factory_env.sim.orders.parts import split_orders
from factory_env.sim.plant.tables import PlantTables

Book = tuple[Order, ...]


def books(
    first: Sequence[Order],
    renewals: Iterable[tuple[float, int]],
    tables: PlantTables,
    first_seed: int,
) -> list[Book]:
    """The first book, and the one after each renewal (minute, fresh seed)."""
    found = [tuple(replace(order, luck_id=i) for i, order in enumerate(first))]
    scenario = tables.scenario
    shifts = ShiftTable(scenario.calendar, scenario.calendar_days + 1)
    history = [(-inf, Streams(first_seed))]
    for at_min, fresh_seed in renewals:
        history.append((at_min, Streams(fresh_seed)))
        found.append(_renewed(found[-1], history, tables, shifts))
    return found


def _renewed(book: Book, history: History, tables: PlantTables, shifts: ShiftTable) -> Book:
    """Orders known at ``at_min`` with the names of their luck, and then unknown ones.

    The arrival streams have no memory, so the orders that another seed's run would not know at
    that minute are as good a future as any. Drawn books are in order of release: whatever has
    come in before that minute keeps its position.
    """
    at_min, streams = history[-1]
    known = [order for order in book if order.booked_min <= at_min]
    mixes = tables.derive(style_mixes)
    drawn = draw_orders(tables, streams, shifts, mixes, history)
    unknown = [order for order in drawn if order.booked_min > at_min]
    free = max((order.luck_id for order in book), default=-1) + 1
    named = [replace(o, order_id=f"O{free + i + 1:04d}") for i, o in enumerate(unknown)]
    fresh = split_orders(named, tables)
    return (*known, *(replace(order, luck_id=free + i) for i, order in enumerate(fresh)))
