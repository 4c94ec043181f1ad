"""One row of a floor: its cells read one by one, with everything that is wrong reported."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from factory_env.domain.order import Order
from factory_env.domain.ports import Bools
from factory_env.door.order_findings import Findings
from factory_env.door.run_moments import FORMS, read_run_minute
from factory_env.door.tables.table import quote

SHARE: Final = "write 80% or 0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorGround:
    """What a floor is checked against."""

    lines: Sequence[str]
    operators: Sequence[int]  # of each line
    orders: Sequence[Order]  # of the run, parts of large ones one by one
    cut: Sequence[int]  # pieces of each order, extra cut included
    styles: Mapping[str, int]  # style id -> position
    can_sew: Bools  # (lines, styles)
    rooms: Mapping[str, Sequence[str]]  # style id -> rooms that its pieces go through, in order
    tables: int  # of the cutting room
    first_day: date | None
    end_min: float  # of the run


class FloorCells:
    """Reads cells of one row; a value that is wrong is reported, and None."""

    def __init__(
        self, ground: FloorGround, findings: Findings, line: int, cells: Mapping[str, str]
    ) -> None:
        self.file_line = line
        self._ground = ground
        self._findings = findings
        self._cells = cells

    def text(self, name: str) -> str:
        """One cell; "" = empty, or there is no such column."""
        return self._cells.get(name, "").strip().removeprefix("'")

    def say(self, name: str, rule: str, got: str, right: str) -> None:
        """Report a problem of the row."""
        self._findings.say(self.file_line, name, rule, got, right)

    def line(self) -> int | None:
        """Number of the line."""
        names, text = self._ground.lines, self.text("line")
        for number, name in enumerate(names):
            if name.casefold() == text.casefold():
                return number
        self.say("line", "must be a line of the plant", quote(text), f"lines: {', '.join(names)}")
        return None

    def orders(self) -> list[int]:
        """Positions of the order, or of all its parts."""
        orders, text = self._ground.orders, self.text("order")
        places = [i for i, order in enumerate(orders) if text in (order.order_id, order.parent)]
        if text and places:
            return places
        names = [order.order_id for order in orders]
        near = difflib.get_close_matches(text, names, n=1)
        right = f"did you mean {near[0]}?" if near else "an order of the book"
        self.say("order", "must be an order of the run", quote(text), right)
        return []

    def order(self) -> int | None:
        """Position of one order, or of one part."""
        places = self.orders()
        if len(places) > 1:
            names = [self._ground.orders[i].order_id for i in places]
            rule = "comes in parts here: must be one of them"
            self.say("order", rule, quote(self.text("order")), ", ".join(names))
            return None
        return places[0] if places else None

    def style(self) -> str | None:
        """A style of the season."""
        text = self.text("style")
        if not text:
            return None
        if text not in self._ground.styles:
            near = difflib.get_close_matches(text, self._ground.styles, n=1)
            right = f"did you mean {near[0]}?" if near else "a style of the season"
            self.say("style", "must be a style of the run", quote(text), right)
            return None
        return text

    def number(self, name: str, most: float = math.inf, right: str = "a number") -> float | None:
        """A number from 0 to ``most``; None also where nothing is said."""
        text = self.text(name)
        if not text:
            return None
        value = _float(text)
        if value is None or not 0.0 <= value <= most:
            rule = "must be 0 or more" if most == math.inf else f"must be 0 to {most:,.10g}"
            self.say(name, rule, quote(text), right)
            return None
        return value

    def share(self, name: str) -> float | None:
        """A share: 0.8 or 80%."""
        text = self.text(name)
        if not text:
            return None
        percent = text.endswith("%")
        value = _float(text.removesuffix("%").strip())
        if value is not None and percent:
            value /= 100.0
        if value is None or not 0.0 <= value <= 1.0:
            self.say(name, "must be a share from 0 to 1", quote(text), SHARE)
            return None
        return value

    def present(self, line: int) -> float | None:
        """Share of a line's operators, from heads or a percentage."""
        if self.text("present").endswith("%"):
            return self.share("present")
        operators = self._ground.operators[line]
        right = f"{self._ground.lines[line]} has {operators} operators; or a share, e.g. 93%"
        heads = self.number("present", float(operators), right)
        return None if heads is None else heads / operators

    def minute(self, name: str) -> float | None:
        """Wall minute of a point in time."""
        text = self.text(name)
        if not text:
            return None
        minute = read_run_minute(text, self._ground.first_day)
        if isinstance(minute, str):
            self.say(name, "must be a day and a time", f"{quote(text)}: {minute}", FORMS)
            return None
        return minute

    def read_any(self, name: str) -> float | None:
        """Any number; None also where nothing is said."""
        text = self.text(name)
        value = _float(text) if text else None
        if text and value is None:
            self.say(name, "must be a number", quote(text), "as simulate.py writes it")
        return value

    def numbers(self, name: str, count: int | None = None) -> tuple[float, ...] | None:
        """Numbers with blanks between them."""
        text = self.text(name)
        if not text:
            return None
        values = [_float(part) for part in text.split()]
        numbers = tuple(value for value in values if value is not None)
        if len(numbers) < len(values) or (count is not None and len(numbers) != count):
            rule = "must be numbers" if count is None else f"must be {count} numbers"
            self.say(name, rule, quote(text), "as simulate.py writes them, or leave it empty")
            return None
        return numbers


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
