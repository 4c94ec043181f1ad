"""Customers order more often, or less, for a while."""

from __future__ import annotations

import numpy as np

from factory_env.domain.changes import MoreDemand
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.changes.add_order import hide
from factory_env.sim.days.reach import Reach
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.orders.more_orders import is_more


def begin(change: MoreDemand, reach: Reach) -> None:
    """The run's own orders stay, and others come; or some are cancelled the minute they come."""
    book = reach.world.book
    if change.factor >= 1.0:
        more = [i for i, o in enumerate(book.orders) if is_more(o)]
        hide([i for i in more if change.from_min <= book.booked_min[i] < change.to_min], reach)
        return
    own = np.arange(book.first_added)
    booked = book.booked_min[own]
    key = reach.world.streams.key("less demand")
    for order in own[(booked >= change.from_min) & (booked < change.to_min)].tolist():
        first = int(book.first_part[order])  # parts are ordered together
        if uniform_at(key, int(book.luck[first])) >= change.factor:
            _refuse(order, float(book.booked_min[order]), reach)


def _refuse(order: int, minute: float, reach: Reach) -> None:
    reach.at(minute, lambda: reach.amendments.cancel(order))


PLUG = Cause(kind=MoreDemand, begin=begin)
