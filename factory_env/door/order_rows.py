"""Reads the rows of an order book field by field and reports what is wrong with each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from factory_env.domain.product import Style
from factory_env.door.order_days import ISO_HINT, Day, parse_day
from factory_env.door.styles.book_styles import BookStyles
from factory_env.errors import Problem, wrong

COLUMNS: Final = (
    "order_id",
    "style",
    "quantity",
    "release",
    "due",
    "price",
    "priority",
    "customer",
)
PRODUCT: Final = "product"  # beside or instead of the style
MAX_QUANTITY: Final = 1_000_000
MAX_PRICE_USD: Final = 10_000.0
MAX_PRIORITY: Final = 1_000.0


@dataclass(slots=True)
class Row:
    """What is readable of a row; None = wrong, and reported."""

    line: int
    order_id: str
    style: Style | None
    quantity: float | None
    release: Day | None
    due: Day | None
    price: float | None
    priority: float | None
    customer: str


class RowReader:
    """Turns cells into `Row`s; ``problems`` grows with everything that is wrong."""

    def __init__(self, path: Path, styles: BookStyles, *, decimal_comma: bool) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._styles = styles
        self._days: dict[str, Day | str] = {}  # a book repeats its days
        self._decimal_comma = decimal_comma
        self._first_line: dict[str, int] = {}

    def row(self, line: int, cells: list[str], at: Mapping[str, int], width: int) -> Row | None:
        if len(cells) != width:
            self.say(
                line,
                "row",
                f"must have {width} fields, as the header",
                f"{len(cells)}",
                "quote fields that hold the delimiter",
            )
            return None
        text = {name: cells[position].strip() for name, position in at.items()}
        order_id = self._order_id(line, text.get("order_id"))
        return Row(
            line,
            order_id,
            self._styles.style(line, order_id, text.get("style"), text.get("product")),
            self._pieces(line, text),
            self._day(line, "release", text.get("release")),
            self._day(line, "due", text.get("due")),
            self._number(line, "price", text, 0.0, MAX_PRICE_USD),
            self._number(line, "priority", text, 0.0, MAX_PRIORITY),
            text.get("customer", ""),
        )

    def _order_id(self, line: int, text: str | None) -> str:
        order_id = text or ""
        if text is not None and not order_id:
            self.say(line, "order_id", "must be given", "nothing", "a name of its own")
        elif order_id and (first := self._first_line.setdefault(order_id, line)) != line:
            self.say(
                line,
                "order_id",
                "must be unique",
                f"{order_id!r}, also in line {first}",
                "another id",
            )
        return order_id

    def _pieces(self, line: int, text: Mapping[str, str]) -> float | None:
        quantity = self._number(line, "quantity", text, 1.0, MAX_QUANTITY)
        if quantity is not None and not quantity.is_integer():
            self.say(
                line,
                "quantity",
                "must be whole pieces",
                repr(text["quantity"]),
                "e.g. 1200, without thousands marks",
            )
        return quantity

    def _number(
        self, line: int, field: str, text: Mapping[str, str], low: float, high: float
    ) -> float | None:
        """A number above 0, from ``low`` to ``high``."""
        raw = text.get(field)
        if raw is None:
            return None
        typed = raw.replace(",", ".") if self._decimal_comma and raw.count(",") == 1 else raw
        try:
            number = float(typed) if "_" not in typed else math.nan
        except ValueError:
            number = math.nan
        if math.isnan(number) or math.isinf(number):
            right = "e.g. 1200" if field == "quantity" else "e.g. 4.50"
            if "," in raw:
                right += ", without thousands marks and with a decimal point"
            self.say(line, field, "must be a number", repr(raw) if raw else "nothing", right)
            return None
        if not (number > 0 and low <= number <= high):
            rule = f"must be {'from 1' if low else 'more than 0'} to {high:,.0f}"
            right = "correct the number" if number > high else "a positive number"
            self.say(line, field, rule, repr(raw), right)
            return None
        return number

    def _day(self, line: int, field: str, raw: str | None) -> Day | None:
        if raw is None:
            return None
        typed = raw.replace(",", ".") if self._decimal_comma and raw.count(",") == 1 else raw
        day = self._days.get(typed)
        if day is None:
            day = self._days[typed] = parse_day(typed)
        if isinstance(day, str):
            self.say(line, field, "must be a day", f"{raw!r}: {day}", ISO_HINT)
            return None
        return day

    def say(self, line: int, field: str, rule: str, got: str, right: str) -> None:
        """Report a problem of one line."""
        self.problems.append(wrong(f"{self._path}:{line}", field, rule, got, right))
