"""The door for a user's order book: a CSV file or a workbook in, checked orders out.

Columns: order_id, style, quantity, release, due, price, priority, customer, and product beside or
instead of style; names that other programs give them are known (`order_columns.SYNONYMS`), and
price, priority and customer may lack. A column settles its own way of writing numbers and days;
where it does not, the book is refused with the key that does. Days are day numbers or dates. Dates
count from the Monday on or before the earliest release. `examples/orders.csv` is an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.order_columns import NAMES, SYNONYMS, check_columns, note_columns
from factory_env.door.order_days import (
    day_text,
    end_min,
    first_monday,
    is_numbered,
    read_book_days,
    start_min,
)
from factory_env.door.order_findings import Findings
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.door.order_lots import add_up, find_colours, group_rows
from factory_env.door.order_rows import Row, find_orders, name_orders, report_broken
from factory_env.door.order_sizes import add_sizes, compare_sizes, find_sizes
from factory_env.door.order_terms import ask_quantity, find_units, leave_ended
from factory_env.door.order_values import read_values
from factory_env.door.styles.book_styles import BookStyles
from factory_env.door.tables.day_column import Moment
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import Columns, Table, match_columns
from factory_env.errors import InputError, Problem
from factory_env.units import MIN_PER_DAY

MAX_DAYS: Final = 730.0  # two years: a longer book is a mistyped year
MAX_ORDERS: Final = 100_000  # of one run: some ten million pieces, years of a large plant
PRIORITY: Final = 1.0  # of every order, where no column says it


NUMBERS: Final = ("quantity", "price", "priority")
DAYS: Final = ("release", "due")


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
    how: BookFormat = AS_THE_BOOK_SAYS,
) -> OrderBook:
    """Read and check a user's order book.

    Parameters
    ----------
    path
        A CSV file or a workbook; ``book.xlsx#Sheet`` names a sheet.
    styles
        The season's styles. A style that is none of them is one of its own (`BookStyles`).
    horizon_days
        Calendar days of the run: no order may be released later. Two years if not given, for
        callers that let the run grow with the book.
    how
        What the book does not say by itself.

    Raises
    ------
    InputError
        With every problem of every row, by file and line.
    """
    table = read_table(path, names=NAMES, skip=how.skip, max_rows=MAX_ORDERS)
    return _Reader(scenario, styles, table, how).read(horizon_days)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of the orders, with their lines and the positions of the columns."""

    lines: list[int]
    at: Mapping[str, int]
    rows: list[list[str]]

    def text(self, name: str, row: int) -> str | None:
        """One cell; None = there is no such column."""
        return self.rows[row][self.at[name]] if name in self.at else None

    def column(self, position: int) -> list[str]:
        """All cells of a column."""
        return [cells[position] for cells in self.rows]


class _Reader:
    """Checks a file as a whole."""

    def __init__(
        self, scenario: Scenario, styles: Sequence[Style], table: Table, how: BookFormat
    ) -> None:
        self._styles = BookStyles(scenario.plant, scenario.library, styles)
        self._findings = Findings(table.where)
        self._findings.problems += table.problems
        self._say = self._findings.say
        self._table = table
        self._how = how
        self._rush_priority = scenario.demand.rush_priority

    def read(self, horizon_days: float | None) -> OrderBook:
        """The book, or every problem of it."""
        rows = self._rows()
        days = [day for row in rows for day in (row.release, row.due) if day is not None]
        numbered = is_numbered(days)
        origin, monday = (0, None) if numbered or not days else self._origin(rows)
        last_day = MAX_DAYS if horizon_days is None else horizon_days
        self._windows(rows, origin, last_day, earliest=-MAX_DAYS if numbered else 0.0)
        if problems := self._findings.problems:
            raise InputError(sorted(problems, key=_line_number))
        return OrderBook(
            orders=tuple(self._order(row, origin) for row in rows),
            styles=tuple(self._styles.own.values()),
            first_day=monday,
            notes=(*self._findings.notes, *self._styles.notes()),
        )

    def _rows(self) -> list[Row]:
        """Every order as far as it can be read; what is wrong is reported."""
        columns = self._columns()
        kept = find_orders(self._table, columns, self._findings)
        kept = leave_ended(kept, columns, self._findings)
        if not self._table.rows and not self._table.problems:
            self._say(1, "file", "must hold orders", "a header only", "one row per order")
        report_broken(kept, columns, self._findings)
        cells = _Cells([line for line, _ in kept], columns.at, [texts for _, texts in kept])
        groups = group_rows(kept, columns, self._how, self._findings)
        heads = name_orders([kept[group[0]] for group in groups], columns, self._findings)
        names = {i: name for g, name in zip(groups, heads, strict=True) for i in g}
        ids = [names[i] for i in range(len(kept))]
        styles = [
            self._styles.style(line, ids[i], cells.text("style", i), cells.text("product", i))
            for i, line in enumerate(cells.lines)
        ]
        numbers, days = self._numbers(cells), self._days(cells)
        for finding in self._styles.problems():
            self._say(*finding)
        nothing: list[None] = [None] * len(kept)
        usual = [PRIORITY] * len(kept)
        rows = [
            Row(
                line=line,
                order_id=ids[i],
                style=styles[i],
                quantity=numbers.get("quantity", nothing)[i],
                release=days.get("release", nothing)[i],
                due=days.get("due", nothing)[i],
                price=numbers.get("price", nothing)[i],
                priority=numbers.get("priority", usual)[i],
                customer=cells.text("customer", i) or "",
            )
            for i, line in enumerate(cells.lines)
        ]
        colours = find_colours(self._table.header, kept, columns)
        return add_up(rows, groups, colours, self._findings)

    def _columns(self) -> Columns:
        """Where the columns are; which lack is reported, what else was noticed is noted."""
        how = self._how
        columns = match_columns(self._table.header, SYNONYMS, how.columns)
        table = add_sizes(self._table, columns, how, self._findings)
        sizes = () if table is self._table else find_sizes(columns.unused)
        self._table = table
        columns = match_columns(table.header, SYNONYMS, how.columns)
        unused = tuple(name for name in columns.unused if name not in sizes)
        told = replace(columns, unused=unused)
        self._findings.notes += [*note_columns(told), *table.notes]
        has_release = how.release is not None
        for problem in check_columns(table, columns, how.columns, has_release=has_release):
            self._say(table.header_line, *problem)
        ask_quantity(table, columns, how.columns, self._findings)
        compare_sizes(table, columns, how, self._findings)
        return columns

    def _numbers(self, cells: _Cells) -> dict[str, list[float | None]]:
        used = set(cells.at.values())
        others = [cells.column(i) for i in range(len(self._table.header)) if i not in used]
        texts = {name: cells.column(cells.at[name]) for name in NUMBERS if name in cells.at}
        headers = {name: self._table.header[cells.at[name]] for name in texts}
        beside = self._units(cells)
        return read_values(texts, headers, others, cells.lines, self._how, self._findings, beside)

    def _units(self, cells: _Cells) -> dict[str, Sequence[str]]:
        """Units of the numbers that stand in columns of their own."""
        beside = {}
        for name, column in (("quantity", "unit"), ("price", "currency")):
            if column in cells.at:
                header = self._table.header[cells.at[column]]
                units = find_units(cells.column(cells.at[column]), header)
                if units is None:
                    self._findings.note(f"{header!r} holds no units of pieces: it is not used")
                else:
                    beside[name] = units
        return beside

    def _days(self, cells: _Cells) -> dict[str, list[Moment | None]]:
        texts = {name: cells.column(cells.at[name]) for name in DAYS if name in cells.at}
        if self._how.release is not None and "release" not in texts:
            texts = {"release": [self._how.release] * len(cells.lines), **texts}
            self._findings.note(f"release: {self._how.release} for every order")
        return read_book_days(texts, cells.lines, self._how, self._findings)

    def _origin(self, rows: list[Row]) -> tuple[int, date]:
        """The ordinal of day 0, and its date."""
        days = [r.release for r in rows if r.release is not None]
        days = days or [r.due for r in rows if r.due is not None]
        days.sort(key=lambda d: d.days)
        limit = days[len(days) // 2].days - MAX_DAYS  # one mistyped year must not move all others
        monday = first_monday(next(d for d in days if d.days >= limit))
        return monday.toordinal(), monday

    def _windows(self, rows: list[Row], origin: int, last_day: float, *, earliest: float) -> None:
        """Report releases and due days that lie outside the run or each other."""
        turned: list[tuple[int, str]] = []
        for row in rows:
            if row.release is None or row.due is None:
                continue
            begin, end = row.release.days - origin, end_min(row.due, origin) / MIN_PER_DAY
            if begin >= end:
                turned.append((row.line, f"{day_text(row.due)} (release {day_text(row.release)})"))
            if begin < earliest:
                rule = f"must be within {MAX_DAYS:g} days of the others"
                self._say(row.line, "release", rule, day_text(row.release), "check the year")
            elif begin >= last_day:
                rule = f"must be before the run ends (day {last_day:g})"
                got = f"{day_text(row.release)} (day {begin:g})"
                self._say(row.line, "release", rule, got, "an earlier day")
            elif end > last_day + MAX_DAYS:
                rule = f"must be within {MAX_DAYS:g} days of the run"
                got = f"{day_text(row.due)} (day {end:g})"
                self._say(row.line, "due", rule, got, "check the year")
        rule = "must not be before the release"
        self._findings.say_rows("due", rule, turned, "a later day")

    def _order(self, row: Row, origin: int) -> Order:
        # nothing is None here: whatever is wrong was reported, and the report raised
        assert row.style is not None
        assert row.quantity is not None
        assert row.release is not None
        assert row.due is not None
        assert row.priority is not None
        return Order(
            order_id=row.order_id,
            style_id=row.style.style_id,
            quantity=int(row.quantity),
            release_min=start_min(row.release, origin),
            due_min=end_min(row.due, origin),
            price_usd=row.style.product.price_usd if row.price is None else row.price,
            priority=row.priority,
            customer=row.customer,
            colours=row.colours,
            is_rush=row.priority >= self._rush_priority,
        )


def _line_number(problem: Problem) -> int:
    line = problem.where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0
