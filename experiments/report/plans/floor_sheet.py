"""The floor of a run at a minute as a table, which ``floor=`` reads back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from experiments.command.run_folder import write_text
from experiments.report.tables.files import csv_text, write_workbook
from experiments.report.tables.sheet import Column, Sheet
from factory_env.domain.floor_state import FloorState, LineNow, SewnNow
from factory_env.door.floor_door import COLUMNS
from factory_env.door.run_moments import say_run_minute

WORKBOOK, TABLE = "floor.xlsx", "floor.csv"


def write_floor(
    floor: FloorState, lines: Sequence[str], first_day: date | None, folder: Path
) -> list[Path]:
    """``floor.xlsx`` and ``floor.csv``; returns the files."""
    rows = list(_FloorRows(lines, first_day).rows(floor))
    columns = tuple(Column(name) for name in COLUMNS)
    cells = [[row.get(name, "") for name in COLUMNS] for row in rows]
    sheet = Sheet(name="Floor", columns=columns, rows=cells)
    write_workbook([sheet], folder, WORKBOOK)
    write_text(folder / TABLE, csv_text(sheet))
    return [folder / WORKBOOK, folder / TABLE]


class _FloorRows:
    """Rows by name of column; numbers as texts, so that none is rounded."""

    def __init__(self, lines: Sequence[str], first_day: date | None) -> None:
        self._lines = lines
        self._first_day = first_day

    def rows(self, floor: FloorState) -> Iterator[dict[str, Any]]:
        """All rows: the minute, lines, orders as they go through the house."""
        yield {"place": "now", "since": self._when(floor.at_min)}
        for line in floor.lines:
            yield from self._line(line)
        for sewn in floor.sewn:
            yield self._sewn(sewn)
        for lot in floor.lots:
            yield {
                "place": "lot",
                "order": lot.order_id,
                "lot": lot.number,
                "room": lot.place,
                "times_min": _exact(lot.times_min),
            }
        for cutting in floor.cutting:
            times = [part for end in cutting.ends_min for part in end]
            yield {"place": "cutting", "order": cutting.order_id, "times_min": _exact(times)}
        for cut in floor.cut:
            yield {"place": "cut", "order": cut.order_id, "since": self._when(cut.ready_wall_min)}
        for late in floor.late:
            when = self._when(late.release_wall_min)
            yield {"place": "late", "order": late.order_id, "since": when}
        for order in floor.shipped:
            yield {"place": "shipped", "order": order}

    def _line(self, now: LineNow) -> Iterator[dict[str, Any]]:
        name = self._lines[now.line]
        yield {
            "place": "line",
            "line": name,
            "style": now.style_id or "",
            "learned": _number(now.learned),
            "present": "" if now.present is None else f"{100.0 * now.present!r}%",
            "planned_min": _number(now.free_shift_min),
        }
        for style in now.remembered:
            yield {
                "place": "knows",
                "line": name,
                "style": style.style_id,
                "learned": _number(style.share),
                "since": self._when(style.left_wall_min),
            }

    def _sewn(self, now: SewnNow) -> dict[str, Any]:
        return {
            "place": "sewing",
            "line": self._lines[now.line],
            "order": now.order_id,
            "left": now.left,
            "since": self._when(now.taken_wall_min),
            "cut_since": self._when(now.ready_wall_min),
            "began_min": _number(now.began_min),
            "setup_min": _number(now.setup_min),
            "share": _number(now.share),
            "planned_min": _number(now.end_shift_min),
            "free_min": _exact(now.free_min or ()),
        }

    def _when(self, wall_min: float | None) -> str:
        return "" if wall_min is None else say_run_minute(max(wall_min, 0.0), self._first_day)


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def _exact(values: Sequence[float]) -> str:
    return " ".join(repr(float(value)) for value in values)
