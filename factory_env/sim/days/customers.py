"""Customers change their minds: quantity, due date, cancellation (domain reference: disruptions).

Every morning each order that is known and not shipped may be changed, once in its life. The
chance of a morning is the chance of a lifetime spread over the days from booking to due date.
The luck is hashed by order and day, so policies share it and a fork can draw it anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.sim.days.amendments import Amendments
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
PIECES = 10  # quantities stay whole tens


class Customers:
    """What customers do on a morning."""

    def __init__(self, world: World, amendments: Amendments) -> None:
        self._world = world
        self._amendments = amendments
        changes = world.scenario.disruptions.changes
        self.may_change = changes.share + changes.cancel_share > 0.0
        self._touched = np.zeros(len(world.book), dtype=np.bool_)

    def morning(self, day: int) -> None:
        """Whoever changes an order today says so."""
        if not self.may_change:
            return
        world = self._world
        book, changes = world.book, world.scenario.disruptions.changes
        now = world.env.now
        life = np.maximum((book.due_min - book.booked_min) / MIN_PER_DAY, 1.0)
        open_ = (
            ~self._touched
            & (book.booked_min <= now)
            & (now < book.due_min)
            & np.isinf(world.ledger.shipped_min)
        )
        luck = _uniforms(world.streams.key("customers", day), book.luck, 3)
        turn = luck[:, 0] * life
        for order in np.flatnonzero(open_ & (turn < changes.share + changes.cancel_share)):
            self._touched[order] = True
            if turn[order] < changes.cancel_share:
                for part in book.parts(int(order)):
                    self._touched[part] = True
                    self._amendments.cancel(part)
            else:
                self._change(int(order), float(luck[order, 1]), float(luck[order, 2]))

    def _change(self, order: int, kind: float, size: float) -> None:
        """Another quantity if it is not cut yet and the coin falls so, else another date."""
        world = self._world
        book, changes = world.book, world.scenario.disruptions.changes
        if kind < 0.5 and self._amendments.is_uncut(order):
            old = int(book.quantity[order])
            factor = 1.0 + changes.quantity_spread * (2.0 * size - 1.0)
            new = max(PIECES, round(old * factor / PIECES) * PIECES)
            self._amendments.set_quantity(order, new)
            return
        low, high = changes.due_days
        days = round(low + size * (high - low))
        for part in book.parts(order):
            self._touched[part] = True
            # never before tomorrow: a customer cannot want it yesterday
            due = max(book.due_min[part] + days * MIN_PER_DAY, world.env.now + MIN_PER_DAY)
            book.set_due(part, float(np.ceil(due / MIN_PER_DAY) * MIN_PER_DAY))
            if book.release_min[part] <= world.env.now:
                world.ledger.watch(part, world.env.now)
        world.recorder.event("due date", world.env.now, order=order, amount=float(days))


@compiled
def _uniforms(key: np.uint64, names: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """``n`` uniforms for each name, the same whatever other names there are; (names, n)."""
    out = np.empty((names.shape[0], n))
    for i in range(names.shape[0]):
        for j in range(n):
            out[i, j] = uniform_at(key, names[i] * n + j)
    return out
