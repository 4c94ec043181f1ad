"""The door for a user's order book: a CSV file in, checked orders out, all errors at once.

Columns: order_id, style, quantity, release, due, price, priority, customer, and product beside or
instead of style. Days are
day numbers, YYYY-MM-DD or DD.MM.YYYY (with dots the day comes first everywhere; slashes are
refused because they do not say which comes first), one way per file. Dates count from the Monday
on or before the earliest release. `examples/orders.csv` is an example.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.csv_text import CsvText, read_csv
from factory_env.door.order_days import (
    Day,
    DayStyle,
    end_min,
    first_monday,
    main_style,
    start_min,
)
from factory_env.door.order_rows import COLUMNS, PRODUCT, Row, RowReader
from factory_env.door.styles.book_styles import PRODUCT_COLUMNS, BookStyles
from factory_env.errors import InputError, Problem
from factory_env.units import MIN_PER_DAY

MAX_DAYS: Final = 730.0  # two years: a longer book is a mistyped year


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    """A user's orders, and what the reader noticed."""

    orders: tuple[Order, ...]
    styles: tuple[Style, ...]  # of its own, for `Scenario.with_styles`
    first_day: date | None  # the Monday that is day 0, if the book has dates
    notes: tuple[str, ...]  # oddities that are no errors


def read_order_book(
    path: str | Path,
    scenario: Scenario,
    styles: Sequence[Style],
    *,
    horizon_days: float | None = None,
) -> OrderBook:
    """Read and check a user's order book.

    Parameters
    ----------
    styles
        The season's styles. A style that is none of them is one of its own (`BookStyles`).
    horizon_days
        Calendar days of the run: no order may be released later. Two years if not given, for
        callers that let the run grow with the book.

    Raises
    ------
    InputError
        With every problem of every row, by file and line.
    """
    path = Path(path)
    table = read_csv(path)
    return _Reader(path, scenario, styles, table).read(horizon_days)


class _Reader:
    """Checks a file as a whole."""

    def __init__(
        self, path: Path, scenario: Scenario, styles: Sequence[Style], table: CsvText
    ) -> None:
        is_comma = table.delimiter != ","
        self._styles = BookStyles(scenario.plant, scenario.library, styles)
        self._rows = RowReader(path, self._styles, decimal_comma=is_comma)
        self._rows.problems += table.problems
        self._say = self._rows.say
        self._table = table
        self._rush_priority = scenario.demand.rush_priority

    def read(self, horizon_days: float | None) -> OrderBook:
        """The book, or every problem of it."""
        table = self._table
        at, notes = self._columns(table)
        if not table.rows and not table.problems:
            self._say(1, "file", "must hold orders", "a header only", "one row per order")
        read = (self._rows.row(line, cells, at, len(table.header)) for line, cells in table.rows)
        rows = [row for row in read if row is not None]
        for finding in self._styles.problems():
            self._say(*finding)
        style = main_style(d for r in rows for d in (r.release, r.due) if d is not None)
        self._one_style(rows, style)
        origin, monday = self._origin(rows, style)
        self._windows(rows, style, origin, MAX_DAYS if horizon_days is None else horizon_days)
        if self._rows.problems:
            raise InputError(sorted(self._rows.problems, key=_line_number))
        orders = tuple(self._order(row, origin) for row in rows)
        return OrderBook(
            orders=orders,
            styles=tuple(self._styles.own.values()),
            first_day=monday,
            notes=notes + self._styles.notes(),
        )

    def _columns(self, table: CsvText) -> tuple[dict[str, int], tuple[str, ...]]:
        """Position of every column, and a note on those that nobody asked for."""
        names = [cell.casefold().replace(" ", "_") for cell in table.header]
        at: dict[str, int] = {name: names.index(name) for name in COLUMNS if name in names}
        product = next((name for name in PRODUCT_COLUMNS if name in names), None)
        used = {*at, product}
        if product is not None:
            at[PRODUCT] = names.index(product)
        extra = [cell for name, cell in zip(names, table.header, strict=True) if name not in used]
        for name in COLUMNS:
            if name == "style" and name not in at and product is not None:
                continue  # orders that name their product only
            if name not in at:
                near = difflib.get_close_matches(name, extra, n=1)
                right = f"rename {near[0]!r}?" if near else f"columns: {', '.join(COLUMNS)}"
                got = ", ".join(table.header)
                self._say(1, name, "the column must be there", got, right)
            elif names.count(name) > 1:
                self._say(1, name, "must be one column", f"{names.count(name)}", "rename the other")
        note = f"columns not used: {', '.join(map(repr, extra))}"
        return at, (note,) if extra else ()

    def _one_style(self, rows: list[Row], style: DayStyle | None) -> None:
        for row in rows:
            for field, day in (("release", row.release), ("due", row.due)):
                if day is not None and day.style is not style:
                    assert style is not None
                    self._say(
                        row.line,
                        field,
                        "all days of a file must be written one way",
                        day.style.value,
                        f"{style.value}, as most rows",
                    )

    def _origin(self, rows: list[Row], style: DayStyle | None) -> tuple[int, date | None]:
        """The ordinal of day 0, and its date."""
        if style is None or style is DayStyle.NUMBER:
            return 0, None
        days = [r.release for r in rows if r.release is not None and r.release.style is style]
        days = days or [r.due for r in rows if r.due is not None and r.due.style is style]
        days.sort(key=lambda d: d.days)
        limit = days[len(days) // 2].days - MAX_DAYS  # one mistyped year must not move all others
        monday = first_monday(next(d for d in days if d.days >= limit))
        return monday.toordinal(), monday

    def _windows(
        self, rows: list[Row], style: DayStyle | None, origin: int, last_day: float
    ) -> None:
        earliest = -MAX_DAYS if style is DayStyle.NUMBER else 0.0
        for row in rows:
            if row.release is None or row.due is None:
                continue
            if row.release.style is not style or row.due.style is not style:
                continue
            begin, end = row.release.days - origin, end_min(row.due, origin) / MIN_PER_DAY
            if begin >= end:
                got = f"{_text(row.due)} (release {_text(row.release)})"
                self._say(row.line, "due", "must not be before the release", got, "a later day")
            if begin < earliest:
                self._say(
                    row.line,
                    "release",
                    f"must be within {MAX_DAYS:g} days of the others",
                    _text(row.release),
                    "check the year",
                )
            elif begin >= last_day:
                self._say(
                    row.line,
                    "release",
                    f"must be before the run ends (day {last_day:g})",
                    f"{_text(row.release)} (day {begin:g})",
                    "an earlier day",
                )
            elif end > last_day + MAX_DAYS:
                self._say(
                    row.line,
                    "due",
                    f"must be within {MAX_DAYS:g} days of the run",
                    f"{_text(row.due)} (day {end:g})",
                    "check the year",
                )

    def _order(self, row: Row, origin: int) -> Order:
        # nothing is None here: whatever is wrong was reported, and the report raised
        assert row.style is not None
        assert row.quantity is not None
        assert row.release is not None
        assert row.due is not None
        assert row.price is not None
        assert row.priority is not None
        return Order(
            order_id=row.order_id,
            style_id=row.style.style_id,
            quantity=int(row.quantity),
            release_min=start_min(row.release, origin),
            due_min=end_min(row.due, origin),
            price_usd=row.price,
            priority=row.priority,
            customer=row.customer,
            is_rush=row.priority >= self._rush_priority,
        )


def _text(day: Day) -> str:
    if day.style is DayStyle.NUMBER:
        return f"day {day.days:g}"
    return date.fromordinal(math.floor(day.days)).isoformat()


def _line_number(problem: Problem) -> int:
    line = problem.where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0
