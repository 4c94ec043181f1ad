"""How far the orders have come: which are still to come, in the house, shipped, or left to do.

Whoever asks "may more work come?" asks here, by fabric group; whoever moves an order says so here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factory_env.domain.order import Order
from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.orders.book import Book
from factory_env.sim.plant.tables import PlantTables


class ToCome:
    """Counts of orders; the order's position in the book names it.

    A group is its place in `FABRIC_GROUPS`.
    """

    def __init__(self, book: Book, tables: PlantTables) -> None:
        self._group_of_style = {
            style.style_id: group
            for style, group in zip(tables.styles, tables.group_of.tolist(), strict=True)
        }
        self._group: list[int] = tables.group_of[book.style].tolist()
        counts: list[int] = np.bincount(self._group, minlength=len(FABRIC_GROUPS)).tolist()
        self._unreleased = counts  # fabric to come
        self._unready = counts.copy()  # fabric to come or on the cutting table
        self._here: set[int] = set()  # fabric has come, be it shipped or cancelled since
        self.in_house = 0  # fabric here, and not yet shipped
        self.shipped = 0
        self.left = len(book)  # neither shipped nor cancelled

    def may_bring(self, group: int) -> bool:
        """Is fabric of a group's orders still to come?"""
        return self._unreleased[group] > 0

    def may_ready(self, group: int) -> bool:
        """Is there an order of the group that no line can choose yet?"""
        return self._unready[group] > 0

    def has_come(self, order: int) -> bool:
        """Has its fabric come?"""
        return order in self._here

    def arrive(self, order: int) -> None:
        """Its fabric is in the house."""
        self._unreleased[self._group[order]] -= 1
        self._here.add(order)
        self.in_house += 1

    def make_ready(self, order: int) -> None:
        """It is cut."""
        self._unready[self._group[order]] -= 1

    def ship(self) -> None:
        """An order has left the house."""
        self.in_house -= 1
        self.shipped += 1
        self.left -= 1

    def drop(self, order: int, *, is_here: bool, is_ready: bool) -> None:
        """Nobody wants it any more."""
        if is_here:
            self.in_house -= 1
        else:
            self._unreleased[self._group[order]] -= 1
        if not is_ready:
            self._unready[self._group[order]] -= 1
        self.left -= 1

    def expect(self, orders: Sequence[Order], instead_of: Sequence[Order]) -> None:
        """Expect as much work to come as if the book held other orders.

        Whether work may still come is known before the work is: a replay must expect what the
        run expected, or lines that could hold then would not be asked now.
        """
        for book, sign in ((orders, 1), (instead_of, -1)):
            for order in book:
                group = self._group_of_style[order.style_id]
                self._unready[group] += sign
                self._unreleased[group] += sign
