"""The door for a floor as it stands today: a CSV file or a workbook in, a checked state out.

A row says what stands where; the column ``place`` says what kind of row it is (`PLACES`). What the
floor does not say is as usual; ``simulate.py floor_at=`` writes one with everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from factory_env.domain.floor_state import FloorState
from factory_env.door.floor_cells import FloorCells, FloorGround
from factory_env.door.floor_rows import FloorRows
from factory_env.door.order_findings import Findings
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import Table, match_columns, quote
from factory_env.errors import InputError

PLACES: Final = {
    "now": "the minute of the floor, in the column since",
    "line": "a line: style in hand, share of it learned, people present",
    "knows": "a style that a line has left, the share learned of it, and since when",
    "sewing": "an order on a line, and its pieces that have not come off it",
    "finished": "an order off its line, and its pieces that are not packed",
    "cut": "an order that waits for a line",
    "cutting": "an order that is being cut, and its pieces that are not",
    "late": "an order whose fabric has not come as promised, and when it will",
    "shipped": "an order that has left the house, or is cancelled",
    "lot": "a transfer lot between line and carton; written by simulate.py",
}
COLUMNS: Final = (
    "place",
    "line",
    "order",
    "style",
    "left",
    "learned",
    "present",
    "since",
    "cut_since",
    "began_min",
    "setup_min",
    "share",
    "planned_min",
    "free_min",
    "lot",
    "room",
    "times_min",
)
SYNONYMS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(COLUMNS, ()),
    "place": ("what", "where", "status"),
    "line": ("line_no", "line_name", "sewing_line", "team", "module"),
    "order": ("order_id", "order_no", "po", "po_no", "po_number"),
    "left": ("pieces_left", "balance", "open_pieces"),
    "present": ("people", "people_present", "operators", "heads"),
}
NAMES: Final = tuple({word for name, words in SYNONYMS.items() for word in (name, *words)})
MAX_ROWS: Final = 100_000


def read_floor_file(path: str | Path, ground: FloorGround) -> FloorState:
    """The floor of a file.

    Raises
    ------
    InputError
        With every problem of every row, by file and line.
    """
    table = read_table(path, names=NAMES, max_rows=MAX_ROWS)
    return _Reader(table, ground).read()


class _Reader:
    """Checks a floor as a whole."""

    def __init__(self, table: Table, ground: FloorGround) -> None:
        self._table = table
        self._ground = ground
        self._findings = Findings(table.where)
        self._findings.problems += table.problems
        self._columns = match_columns(table.header, SYNONYMS)

    def read(self) -> FloorState:
        """The floor, or every problem of it."""
        rows = self._rows()
        floor = FloorRows(self._ground, self._find_minute(rows))
        readers: dict[str, Callable[[FloorCells], None]] = {
            "line": floor.read_line,
            "knows": floor.read_knows,
            "sewing": floor.read_sewn,
            "finished": floor.read_sewn,
            "cut": floor.read_cut,
            "cutting": floor.read_cutting,
            "late": floor.read_late,
            "shipped": floor.read_shipped,
        }
        for row in rows:
            if row.text("place").casefold() in readers:
                readers[row.text("place").casefold()](row)
        for row in rows:
            if row.text("place").casefold() == "lot":
                floor.read_lot(row)
        for row in rows:
            if row.text("place").casefold() == "line":
                floor.check_style(row)
        if self._findings.problems:
            raise InputError(self._findings.problems)
        return floor.state()

    def _rows(self) -> list[FloorCells]:
        at, known = self._columns.at, ", ".join(PLACES)
        if "place" not in at:
            header = ", ".join(self._table.header[:40])
            right = f"a column place with one of {known}"
            self._findings.say(self._table.header_line, "place", "must be a column", header, right)
            raise InputError(self._findings.problems)
        rows = []
        for line, cells in self._table.rows:
            texts = {name: cells[i] for name, i in at.items() if i < len(cells)}
            row = FloorCells(self._ground, self._findings, line, texts)
            if row.text("place").casefold() in PLACES:
                rows.append(row)
            else:
                row.say("place", "must be a kind of row", quote(row.text("place")), known)
        return rows

    def _find_minute(self, rows: Sequence[FloorCells]) -> float | None:
        """The floor's minute."""
        nows = [row for row in rows if row.text("place").casefold() == "now"]
        if len(nows) != 1:
            got = "none" if not nows else f"{len(nows)}, the second in line {nows[1].file_line}"
            right = "a row: place now, since 2026-03-05 10:00 (or day 3 10:00)"
            line = nows[1].file_line if nows else self._table.header_line
            self._findings.say(line, "now", "must be said once", got, right)
            return None
        minute, end_min = nows[0].minute("since"), self._ground.end_min
        if minute is None and not nows[0].text("since"):
            nows[0].say("since", "must be the floor's minute", "nothing", "e.g. 2026-03-05 10:00")
        if minute is not None and not 0.0 <= minute < end_min:
            rule = f"must lie within the run, day 0 to {end_min / 1440.0:g}"
            nows[0].say("since", rule, quote(nows[0].text("since")), "the book begins and ends it")
        return minute
