"""The order book of a run as arrays, so that a decision never loops over orders in Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario


class Book:
    """Static facts of all orders, position by position; shape (n,) each."""

    def __init__(
        self,
        orders: Sequence[Order],
        styles: Sequence[Style],
        scenario: Scenario,
        shifts: ShiftTable,
    ) -> None:
        position = {s.style_id: i for i, s in enumerate(styles)}
        self.orders = tuple(orders)
        self.style = np.array([position[o.style_id] for o in orders], dtype=np.int64)
        quantity = np.array([o.quantity for o in orders], dtype=np.float64)
        self.quantity = quantity
        self.cut = np.ceil(quantity * (1.0 + scenario.flow.extra_cut) - 1e-9)
        self.value_usd = np.array([o.value_usd for o in orders])
        self.weight_usd = np.array([o.value_usd * o.priority for o in orders])
        self.is_rush = np.array([float(o.is_rush) for o in orders])
        self.due_min = np.array([o.due_min for o in orders])
        self.due_shift = shifts.shift_at_many(self.due_min)
        self.release_min = np.array([o.release_min for o in orders])
        self.release_shift = shifts.shift_at_many(self.release_min)
        self.booked_min = np.array([o.booked_min for o in orders])
        # shift time since which the order can be chosen for sewing; set by the cutting room
        self.ready_shift = np.full(len(self.orders), np.inf)

    def __len__(self) -> int:
        return len(self.orders)
