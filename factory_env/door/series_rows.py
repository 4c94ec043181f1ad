"""Rows of a series file: the column's numbers and the times beside them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.series import Clock, Floats
from factory_env.door.csv_text import CsvText
from factory_env.door.series_times import (
    TIME_HINT,
    clock_of,
    minutes,
    parse_time,
    wall_reader,
)
from factory_env.errors import Problem, wrong

SHOWN: Final = 5  # rows that a message lists
_BLANK: Final = ("", "na", "n/a", "nan", "null", "-")
_Cell = tuple[int, str]  # line of the file and text


@dataclass(slots=True)
class Report:
    """What is wrong with a file, and what had to be done to read it."""

    where: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, name: str, rule: str, got: str, right: str, line: int = 0) -> None:
        where = f"{self.where}:{line}" if line else self.where
        self.problems.append(wrong(where, name, rule, got, right))

    def wrong_cells(self, name: str, rule: str, cells: Sequence[_Cell], right: str) -> None:
        """A problem for each of the first cells, and one for all others."""
        for line, got in cells[:SHOWN]:
            self.wrong(name, rule, got, right, line)
        if len(cells) > SHOWN:
            self.wrong(name, rule, f"{len(cells) - SHOWN} more rows like these", right)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a series; arrays have shape (rows,)."""

    minute: NDArray[np.int64]  # of the wall clock, since 1970
    instant: NDArray[np.int64]  # equal for duplicates only
    value: Floats  # NaN = none
    is_wall: bool  # times of a wall clock without offsets: one hour a year occurs twice


def column_at(text: CsvText, name: str, report: Report) -> int | None:
    """Position of the column ``name``; capitals and blanks around it do not matter."""
    plain = [cell.strip().lower() for cell in text.header]
    wanted = name.strip().lower()
    if plain.count(wanted) == 1:
        return plain.index(wanted)
    near = difflib.get_close_matches(wanted, plain, n=1)
    right = f"did you mean {text.header[plain.index(near[0])]!r}? " if near else ""
    got = "several of that name" if wanted in plain else "none of that name"
    right += "columns: " + ", ".join(text.header)
    report.wrong(name, "must be a column of the file", got, right)
    return None


def time_name(text: CsvText, wanted: str) -> str:
    """The column of times: ``wanted``, or the first whose name holds time or date; or none."""
    return wanted or next(
        (c for c in text.header if "time" in c.lower() or "date" in c.lower()), ""
    )


def numbers(text: CsvText, at: int, report: Report) -> Floats:
    """A column's numbers; NaN where it is blank or says so."""
    values, odd = [], list[_Cell]()
    for line, fields in text.rows:
        cell = fields[at].strip() if at < len(fields) else ""
        number = _number(cell, text.delimiter)
        if math.isinf(number):
            odd.append((line, repr(cell)))
        values.append(number)
    report.wrong_cells(text.header[at], "must be a number or blank", odd, "e.g. 12.5")
    return np.array(values)


def _number(cell: str, delimiter: str) -> float:
    """NaN if blank, infinite if it is no number."""
    if cell.lower() in _BLANK:
        return math.nan
    if delimiter == ";" and "," in cell and "." not in cell:
        cell = cell.replace(",", ".")
    try:
        return float(cell)
    except ValueError:
        return math.inf


def untimed(value: Floats, start: str, step_min: float, report: Report) -> Rows | None:
    """Rows of a file without times; the first is at the wall time ``start``."""
    begin = parse_time(start)
    if isinstance(begin, str) or begin.tzinfo is not None:
        report.wrong("start", "must be a wall time", f"{start!r}: {begin}", TIME_HINT)
        return None
    minute = minutes(begin) + (np.arange(len(value)) * step_min).astype(np.int64)
    return Rows(minute, minute, value, False)


def timed(
    text: CsvText, at: int, value: Floats, clock: Clock, zone: tzinfo, report: Report
) -> Rows:
    """Rows with their times; where a time cannot be read, the rows are of no use."""
    name = text.header[at]
    clock = clock_of(name) if clock == "auto" else clock
    moments, odd = list[datetime](), list[_Cell]()
    for line, fields in text.rows:
        cell = fields[at] if at < len(fields) else ""
        moment = parse_time(cell)
        if isinstance(moment, str):
            odd.append((line, f"{cell!r}: {moment}"))
        else:
            moments.append(moment)
    report.wrong_cells(name, "must be a time", odd, TIME_HINT)
    naive = sum(moment.tzinfo is None for moment in moments)
    if 0 < naive < len(moments):
        report.wrong(
            name,
            "must all have Z or an offset, or none",
            f"{naive} of {len(moments)} without",
            TIME_HINT,
        )
    if naive:
        of_zone = "" if clock == "utc" else f" of {zone}"
        report.notes.append(f"{name}: read as {clock} time{of_zone}")
    read = wall_reader(clock, zone)
    minute, instant = np.array([read(m) for m in moments], dtype=np.int64).reshape(-1, 2).T
    return Rows(minute, instant, value, bool(naive) and clock == "wall")
