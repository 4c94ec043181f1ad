"""The door for a planner's own plan: a CSV file or a workbook in, checked steps out.

Columns: order and line; if wanted sequence, start, end, pinned and passes. Other columns stay
unread. ``simulate.py`` writes such a plan of every run.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from factory_env.domain.line_plan import PlanStep
from factory_env.domain.order import Order
from factory_env.domain.ports import Bools
from factory_env.door.order_findings import Findings
from factory_env.door.run_moments import FORMS, read_run_minute
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import Table, match_columns, quote
from factory_env.errors import InputError

NO_LINE: Final = "none"  # in the column line: no line begins the order
SYNONYMS: Final[Mapping[str, Sequence[str]]] = {
    "order": ("order_id", "order_no", "order_number", "po", "po_no", "po_number", "auftrag"),
    "line": ("line_no", "line_name", "sewing_line", "team", "module", "linie"),
    "sequence": ("seq", "place", "position", "pos", "rank", "sequence_no", "reihenfolge"),
    "start": ("planned_start", "start_date", "start_time", "begin", "from", "not_before"),
    "end": ("planned_end", "end_date", "end_time", "finish", "until"),
    "pinned": ("fixed", "frozen", "locked", "firm", "is_pinned"),
    "passes": (),
}
NAMES: Final = tuple({word for name, words in SYNONYMS.items() for word in (name, *words)})
YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "pinned"})
NO: Final = frozenset({"no", "n", "false", "0", "", "nein"})
MAX_STEPS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGround:
    """What a plan is checked against."""

    lines: Sequence[str]
    orders: Sequence[Order]  # of the run, parts of large ones one by one
    can_sew: Bools  # (lines, orders)
    first_day: date | None
    end_min: float  # of the run
    gone: Collection[str] = ()  # orders that have left the house before it: their rows say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of the plan as far as it can be read."""

    file_line: int
    orders: tuple[int, ...]  # positions of the order's parts
    line: int | None  # None = wrong, and reported
    place: float | None
    start_min: float | None
    end_min: float | None
    is_pinned: bool
    passes: int


def read_plan(path: str | Path, ground: PlanGround) -> tuple[PlanStep, ...]:
    """The steps of a plan, line by line in their sequence.

    Raises
    ------
    InputError
        With every problem of every row, by file and line.
    """
    table = read_table(path, names=NAMES, max_rows=MAX_STEPS)
    return _Reader(table, ground).read()


class _Reader:
    """Checks a plan as a whole."""

    def __init__(self, table: Table, ground: PlanGround) -> None:
        self._table = table
        self._ground = ground
        self._findings = Findings(table.where)
        self._findings.problems += table.problems
        self._say = self._findings.say
        self._columns = match_columns(table.header, SYNONYMS)
        self._lines = {name.casefold(): i for i, name in enumerate(ground.lines)}
        self._orders: dict[str, list[int]] = {}
        for i, order in enumerate(ground.orders):
            self._orders.setdefault(order.order_id, []).append(i)
            if order.parent:
                self._orders.setdefault(order.parent, []).append(i)

    def read(self) -> tuple[PlanStep, ...]:
        """The steps, or every problem of the plan."""
        header = ", ".join(self._table.header[:40])
        for name in ("order", "line"):
            if name not in self._columns.at:
                right = "columns: order, line, and if wanted sequence, start, end, pinned"
                self._say(self._table.header_line, name, "must be a column", header, right)
        rows = [] if self._findings.problems else [self._row(*row) for row in self._table.rows]
        if not self._table.rows:
            self._say(self._table.header_line, "file", "must hold orders", "none", "a row an order")
        self._check_twice(rows)
        steps = [step for line in self._by_line(rows).values() for step in line]
        if self._findings.problems:
            raise InputError(self._findings.problems)
        return tuple(steps)

    def _row(self, file_line: int, cells: list[str]) -> _Row:
        def text(name: str) -> str:
            at = self._columns.at.get(name)
            return cells[at].strip() if at is not None and at < len(cells) else ""

        orders = self._find_order(file_line, text("order"))
        return _Row(
            file_line=file_line,
            orders=orders,
            line=self._find_line(file_line, text("line"), orders),
            place=self._number(file_line, "sequence", text("sequence")),
            start_min=self._minute(file_line, "start", text("start")),
            end_min=self._minute(file_line, "end", text("end")),
            is_pinned="pinned" not in self._columns.at
            or self._read_pinned(file_line, text("pinned")),
            passes=int(self._number(file_line, "passes", text("passes")) or 0),
        )

    def _find_order(self, file_line: int, name: str) -> tuple[int, ...]:
        parts = self._orders.get(name, self._orders.get(name.removeprefix("'")))
        if parts is None and name in self._ground.gone:
            return ()
        if parts is None:
            near = difflib.get_close_matches(name, self._orders, n=1)
            right = f"did you mean {near[0]}?" if near else "an order of the book"
            self._say(file_line, "order", "must be an order of the run", quote(name), right)
            return ()
        return tuple(parts)

    def _find_line(self, file_line: int, name: str, orders: tuple[int, ...]) -> int | None:
        ground = self._ground
        if name.casefold() == NO_LINE:
            return -1
        line = self._lines.get(name.casefold())
        if line is None:
            right = f"lines: {', '.join(ground.lines)}; or {NO_LINE}, to leave the order out"
            self._say(file_line, "line", "must be a line of the plant", quote(name), right)
        elif not all(ground.can_sew[line, order] for order in orders):
            order = ground.orders[orders[0]]
            able = [
                n for n, can in zip(ground.lines, ground.can_sew[:, orders[0]], strict=True) if can
            ]
            rule = f"must be able to sew {order.style_id}"
            self._say(file_line, "line", rule, quote(name), f"lines that can: {', '.join(able)}")
        return line

    def _number(self, file_line: int, field: str, text: str) -> float | None:
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0.0 <= value < 1e9:
            self._say(file_line, field, "must be a number, 0 or more", quote(text), "e.g. 1")
            return None
        return value

    def _minute(self, file_line: int, field: str, text: str) -> float | None:
        if not text:
            return None
        minute = read_run_minute(text, self._ground.first_day)
        if isinstance(minute, str):
            self._say(
                file_line, field, "must be a day and a time", f"{quote(text)}: {minute}", FORMS
            )
            return None
        if field == "start" and not 0.0 <= minute < self._ground.end_min:
            days = f"day 0 to {self._ground.end_min / 1440.0:g}"
            self._say(file_line, field, f"must lie within the run ({days})", quote(text), FORMS)
            return None
        return minute

    def _read_pinned(self, file_line: int, text: str) -> bool:
        word = text.casefold()
        if word not in YES | NO:
            self._say(file_line, "pinned", "must be yes or no", quote(text), "yes: the line waits")
        return word in YES

    def _check_twice(self, rows: Sequence[_Row]) -> None:
        """No order, and no part of one, stands in two rows."""
        first: dict[int, int] = {}
        for row in rows:
            again = [order for order in row.orders if order in first]
            if again:
                name = self._ground.orders[again[0]].order_id
                got = f"{name}, which stands in line {first[again[0]]}, too"
                self._say(row.file_line, "order", "must stand in one row", got, "one row an order")
            for order in row.orders:
                first.setdefault(order, row.file_line)

    def _by_line(self, rows: Sequence[_Row]) -> dict[int, list[PlanStep]]:
        """The steps of each line, its rows by sequence, else by start, else as they stand."""
        lines: dict[int, list[_Row]] = {}
        for row in rows:
            if row.line is not None:
                lines.setdefault(row.line, []).append(row)
        return {line: self._in_sequence(line, mine) for line, mine in lines.items()}

    def _in_sequence(self, line: int, rows: list[_Row]) -> list[PlanStep]:
        if line >= 0:
            self._check_places(line, rows)
            if all(row.place is not None for row in rows):
                rows = sorted(rows, key=lambda row: row.place or 0.0)
            elif all(row.start_min is not None for row in rows):
                rows = sorted(rows, key=lambda row: row.start_min or 0.0)
            self._check_starts(rows)
        steps: list[PlanStep] = []
        for row in rows:
            steps += [self._step(row, order, line) for order in row.orders]
        return [replace(step, place=i + 1) for i, step in enumerate(steps)]

    def _check_places(self, line: int, rows: Sequence[_Row]) -> None:
        """A line's places are all said or all left out, and no two orders have one."""
        name = self._ground.lines[line]
        seen: dict[float, int] = {}
        without = [row.file_line for row in rows if row.place is None]
        if without and len(without) < len(rows):
            right = "a number in every row of the line, or in none"
            self._say(
                without[0], "sequence", f"must be said for all orders of {name}", "nothing", right
            )
        for row in rows:
            if row.place is not None and row.place in seen:
                got = f"{row.place:g}, as line {seen[row.place]}"
                self._say(
                    row.file_line, "sequence", f"must be another one on {name}", got, "1, 2, 3"
                )
            elif row.place is not None:
                seen[row.place] = row.file_line

    def _check_starts(self, rows: Sequence[_Row]) -> None:
        """No pinned order starts before one that stands ahead of it."""
        latest, ahead = -1.0, 0
        for row in rows:
            if row.start_min is None or not row.is_pinned:
                continue
            if row.start_min < latest:
                got = f"an earlier one than that of line {ahead}, which is sewn before"
                right = "change start or sequence"
                self._say(row.file_line, "start", "must come in the line's sequence", got, right)
            latest, ahead = max(latest, row.start_min), row.file_line

    def _step(self, row: _Row, order: int, line: int) -> PlanStep:
        known = self._ground.orders[order]
        return PlanStep(
            order_id=known.order_id,
            order=order,
            line=line,
            place=0,
            start_min=row.start_min,
            end_min=row.end_min,
            is_pinned=row.is_pinned,
            passes=row.passes,
            booked_min=known.booked_min,
        )
