"""A book of a few orders of the small plant's first styles."""

from __future__ import annotations

from typing import Any

from factory_env import Scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.collection import season_styles


def order_at(style_id: str, **changes: Any) -> Order:
    """100 pieces at 10 USD, due after 20 days."""
    plain: dict[str, Any] = {
        "order_id": "A",
        "style_id": style_id,
        "quantity": 100,
        "release_min": 0.0,
        "due_min": 20 * 1440.0,
        "price_usd": 10.0,
        "priority": 1.0,
        "customer": "one",
    }
    return Order(**plain | changes)


def small_book(scenario: Scenario, *orders: dict[str, Any]) -> Book:
    """One order for each mapping of what differs from a plain one."""
    styles = season_styles(scenario, Streams(0))
    shifts = ShiftTable(scenario.calendar, 100)
    given = [order_at(styles[0].style_id, **changes) for changes in orders]
    return Book(given, styles, scenario, shifts)
