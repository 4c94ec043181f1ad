"""The order book of a run as arrays, so that a decision never loops over orders in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.orders.parts import part_groups


class Book:
    """Facts of all orders, position by position; shape (n,) each. Customers may change them."""

    def __init__(
        self,
        orders: Sequence[Order],
        styles: Sequence[Style],
        scenario: Scenario,
        shifts: ShiftTable,
        first_added: int | None = None,
    ) -> None:
        position = {s.style_id: i for i, s in enumerate(styles)}
        self.orders = list(orders)
        # where those begin that changes of the run add; the others are its own
        self.first_added = len(orders) if first_added is None else first_added
        self._shifts = shifts
        self._extra_cut = scenario.flow.extra_cut
        self.style = np.array([position[o.style_id] for o in orders], dtype=np.int64)
        quantity = np.array([o.quantity for o in orders], dtype=np.float64)
        self.quantity = quantity
        self.cut = np.ceil(quantity * (1.0 + self._extra_cut) - 1e-9)
        self.value_usd = np.array([o.value_usd for o in orders])
        self.weight_usd = np.array([o.value_usd * o.priority for o in orders])
        kg = [styles[i].product.weight_kg for i in self.style]
        self.weight_kg = quantity * np.array(kg, dtype=np.float64)  # of the whole order
        self.is_rush = np.array([float(o.is_rush) for o in orders])
        self.due_min = np.array([o.due_min for o in orders])
        self.due_shift = shifts.shift_at_many(self.due_min)
        self.release_min = np.array([o.release_min for o in orders])
        self.release_shift = shifts.shift_at_many(self.release_min)
        self.booked_min = np.array([o.booked_min for o in orders])
        # what names an order's luck: its position, unless a fork has moved it
        self.luck = np.array([i if o.luck_id < 0 else o.luck_id for i, o in enumerate(orders)])
        self.first_part = np.array(part_groups(orders), dtype=np.int64)  # shipped together
        # shift time since which the order can be chosen for sewing; set by the cutting room
        self.ready_shift = np.full(len(self.orders), np.inf)

    def __len__(self) -> int:
        return len(self.orders)

    def parts(self, order: int) -> list[int]:
        """Positions of all parts of the customer's order, itself if it is whole."""
        return [int(o) for o in np.flatnonzero(self.first_part == self.first_part[order])]

    def set_quantity(self, order: int, pieces: int) -> None:
        """The customer wants another quantity; not cut yet."""
        old = self.orders[order]
        self._exchange(order, replace(old, quantity=pieces, colours=min(old.colours, pieces)))
        self.weight_kg[order] *= pieces / self.quantity[order]
        self.quantity[order] = pieces
        self.cut[order] = np.ceil(pieces * (1.0 + self._extra_cut) - 1e-9)

    def set_due(self, order: int, due_min: float) -> None:
        """The customer wants it on another day."""
        self._exchange(order, replace(self.orders[order], due_min=due_min))
        self.due_min[order] = due_min
        self.due_shift[order] = self._shifts.shift_at(due_min)

    def set_priority(self, order: int, priority: float) -> None:
        """The customer matters more, or less, than before."""
        self._exchange(order, replace(self.orders[order], priority=priority))

    def set_release(self, order: int, release_min: float) -> None:
        """The fabric will come at another minute."""
        self.release_min[order] = release_min
        self.release_shift[order] = self._shifts.shift_at(release_min)

    def time_anew(self) -> None:
        """The shifts to come are others than before: days are so many minutes of them away."""
        self.due_shift[:] = self._shifts.shift_at_many(self.due_min)
        self.release_shift[:] = self._shifts.shift_at_many(self.release_min)

    def _exchange(self, order: int, new: Order) -> None:
        self.orders[order] = new
        self.value_usd[order] = new.value_usd
        self.weight_usd[order] = new.value_usd * new.priority
