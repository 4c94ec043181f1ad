"""Large orders come in parts: whole colour lots that lines may take one by one, or side by side.

Each line that takes a part pays its own change and learning; the parts of an order are shipped
together (domain reference, section 1). A part is an order in every other respect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from factory_env.domain.order import Order
from factory_env.sim.plant.tables import PlantTables


def colour_lots(pieces: int, colours: int) -> list[int]:
    """Pieces of each colour lot, as equal as can be."""
    return [pieces * (i + 1) // colours - pieces * i // colours for i in range(colours)]


def split_orders(orders: Sequence[Order], tables: PlantTables) -> tuple[Order, ...]:
    """The same work with orders above ``flow.split_days`` line days cut into parts.

    A part holds one or more whole colour lots; an order of one colour is split by pieces.
    """
    limit = tables.scenario.flow.split_days
    if limit <= 0.0:
        return tuple(orders)
    days = {
        s.style_id: float(d) for s, d in zip(tables.styles, tables.ideal_piece_days, strict=True)
    }
    found: list[Order] = []
    for order in orders:
        parts = ceil(order.quantity * days[order.style_id] / limit - 1e-9)
        parts = min(parts, order.colours if order.colours > 1 else order.quantity)
        if parts <= 1 or order.parent:
            found.append(order)
        else:
            found += _parts(order, parts)
    return tuple(found)


def _parts(order: Order, parts: int) -> list[Order]:
    lots = colour_lots(order.quantity, max(order.colours, parts))
    shares = np.array_split(np.array(lots), parts)
    return [
        replace(
            order,
            order_id=f"{order.order_id}/{i + 1}",
            parent=order.order_id,
            quantity=int(share.sum()),
            colours=share.shape[0] if order.colours > 1 else 1,
        )
        for i, share in enumerate(shares)
    ]


def part_groups(orders: Sequence[Order]) -> list[int]:
    """For each order the position of the first order that is shipped with it."""
    first: dict[str, int] = {}
    return [first.setdefault(o.parent or f"\0{i}", i) for i, o in enumerate(orders)]
