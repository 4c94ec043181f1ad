"""A customer order: so many pieces of one style in one colour, due on a day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. Times are wall minutes since the run's first midnight."""

    order_id: str
    style_id: str
    quantity: int  # pieces the customer wants
    release_min: float  # fabric is in the house: cutting may begin
    due_min: float  # must have left the house
    price_usd: float  # per piece
    priority: float  # multiplies the lateness penalty (1 = ordinary customer)
    customer: str
    is_rush: bool = False
    is_repeat: bool = False  # of a style whose sales are known
    booked_min: float = 0.0  # known to the planner from here on
    colours: int = 1  # colour lots, of nearly equal size
    parent: str = ""  # the customer's order, if this is a part of one; parts are shipped together
    luck_id: int = -1  # names its luck; -1 = its position in the book

    @property
    def value_usd(self) -> float:
        """What the whole order is worth [USD]."""
        return self.quantity * self.price_usd
