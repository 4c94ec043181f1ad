"""Rows of a series file: the column's numbers and the times beside them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.series import Clock, Floats, SeriesFormat
from factory_env.door.series_hours import SAMPLE, clock_column, join_times
from factory_env.door.series_moments import ends_of_hours, is_end_name, read_moments
from factory_env.door.series_report import Report
from factory_env.door.series_times import (
    TIME_HINT,
    clock_of,
    is_possible,
    minutes,
    parse_time,
    wall_reader,
    zone_in_name,
    zone_of,
)
from factory_env.door.tables.moments import Form, read_moment
from factory_env.door.tables.number_column import Decimal, agree_decimal, read_numbers
from factory_env.door.tables.table import BLANK, Table

MOST_STEP_MIN: Final = 44_640.0  # a month
_MORE_BLANKS: Final = frozenset({"n/e", "n.a.", "no data", "missing", "-999", "-9999", "-9999.0"})
_TIME_WORDS: Final = (
    ("time", "date"),
    ("datum", "zeit", "mtu", "valid_from", "hourutc", "hour_utc", "fecha", "heure", "tarih"),
    ("begin", "start", "from", "von", "interval", "period", "hour"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a series; arrays have shape (rows,)."""

    minute: NDArray[np.int64]  # of the wall clock, since 1970
    instant: NDArray[np.int64]  # equal for duplicates only
    value: Floats  # NaN = none
    is_wall: bool  # times of a wall clock without offsets: one hour a year occurs twice


def column_at(table: Table, name: str, report: Report) -> int | None:
    """Position of the column ``name``; capitals and blanks around it do not matter."""
    plain = [cell.strip().casefold() for cell in table.header]
    wanted = name.strip().casefold()
    if plain.count(wanted) == 1:
        return plain.index(wanted)
    near = difflib.get_close_matches(wanted, plain, n=1)
    right = f"did you mean {table.header[plain.index(near[0])]!r}? " if near else ""
    got = "several of that name" if wanted in plain else "none of that name"
    right += "columns: " + ", ".join(cell[:60] for cell in table.header[:40])
    report.wrong(name, "must be a column of the file", got, right)
    return None


def time_name(table: Table, wanted: str) -> str:
    """The column of times: ``wanted``, or the first whose name says so, or that holds dates."""
    if wanted:
        return wanted
    for words in _TIME_WORDS:
        for at, cell in enumerate(table.header):
            if any(word in cell.casefold() for word in words) and _holds_times(table, at):
                return cell
    by_name = (c for c in table.header if "time" in c.casefold() or "date" in c.casefold())
    by_cells = (c for at, c in enumerate(table.header) if c and _holds_times(table, at))
    return next(by_name, next(by_cells, ""))


def _holds_times(table: Table, at: int) -> bool:
    cells = [text for text in table.column(at)[:5] if text]
    return bool(cells) and not any(_is_no_time(text) for text in cells)


def _is_no_time(text: str) -> bool:
    text = text.partition(" - ")[0]
    if not isinstance(parse_time(text), str):
        return False
    written = read_moment(text)
    return isinstance(written, str) or written.form is Form.NUMBER


def numbers(table: Table, at: int, how: SeriesFormat, report: Report) -> tuple[Floats, str]:
    """A column's numbers, NaN where it is blank or says so; and the unit beside the digits."""
    texts = ["" if t.casefold() in _MORE_BLANKS else t for t in table.column(at)]
    decimal: Decimal | None = how.decimal or None
    others: Decimal | None = "point" if table.delimiter == "," else None
    if others is None:
        rest = [table.column(i) for i in range(len(table.header)) if i != at]
        others = agree_decimal(rest[:20])
    column = read_numbers(texts, decimal=decimal, others=others)
    name, lines = table.header[at], [line for line, _ in table.rows]
    odd = [(lines[i], repr(texts[i][:60])) for i in column.wrong]
    report.wrong_cells(name, "must be a number or blank", odd, "e.g. 12.5")
    if column.unclear:
        got = f"{texts[column.unclear[0]]!r} and {len(column.unclear) - 1} more"
        rule = "must say whether its mark is of thousands or of a fraction"
        report.wrong(name, rule, got, "decimal: point, or decimal: comma")
    units = Counter(
        u for u, t in zip(column.unit_of, texts, strict=True) if t.casefold() not in BLANK
    )
    if len(units) > 1:
        got = ", ".join(f"{n} x {unit or 'none'!r}" for unit, n in units.most_common(4))
        report.wrong(name, "must have one unit beside the numbers", got, "one unit, in the name")
    return column.values, next(iter(units), "")


def untimed(value: Floats, start: str, step_min: float, report: Report) -> Rows | None:
    """Rows of a file without times; the first is at the wall time ``start``."""
    begin = parse_time(start)
    if isinstance(begin, str) or begin.tzinfo is not None or not is_possible(begin):
        report.wrong("start", "must be a wall time", f"{start[:60]!r}: {begin}", TIME_HINT)
        return None
    if not 1.0 <= step_min <= MOST_STEP_MIN:
        rule = f"must be 1 to {MOST_STEP_MIN:g} min"
        report.wrong("step_min", rule, f"{step_min:g}", "minutes from row to row, e.g. 60")
        return None
    minute = minutes(begin) + (np.arange(len(value)) * step_min).astype(np.int64)
    return Rows(minute, minute, value, False)


def timed(
    table: Table, at: int | None, value: Floats, how: SeriesFormat, zone: tzinfo, report: Report
) -> Rows | None:
    """Rows with their times; None where a time cannot be read."""
    joined = join_times(table, at, report)
    if at is None and joined is None:
        return None
    name = table.header[at] if at is not None else "time"
    texts = joined if joined is not None else table.column(at or 0)
    column = read_moments(texts, how.dates or None)
    report.notes += [f"{name}: {note}" for note in column.notes]
    if column.is_unsettled:
        rule, got = "must say which number is the day", f"{texts[0]!r}: a date with slashes"
        report.wrong(name, rule, got, "dates: dmy, or dates: mdy")
        return None
    odd = [
        (line, f"{text[:60]!r}: {cell}")
        for (line, _), text, cell in zip(table.rows, texts, column.cells, strict=True)
        if isinstance(cell, str)
    ]
    report.wrong_cells(name, "must be a time", odd, TIME_HINT)
    moments = [cell for cell in column.cells if isinstance(cell, datetime)]
    naive = sum(moment.tzinfo is None for moment in moments)
    if 0 < naive < len(moments):
        got = f"{naive} of {len(moments)} without"
        report.wrong(name, "must all have Z or an offset, or none", got, TIME_HINT)
    if report.problems:
        return None
    clock = clock_of(name) if how.clock == "auto" else how.clock
    return _rows(name, moments, value, clock, zone, report, ends=_ends(table, name, texts, joined))


def _ends(table: Table, name: str, texts: Sequence[str], joined: Sequence[str] | None) -> str:
    """Why the times are the ends of their rows; "" = they begin them."""
    if ends_of_hours(texts):
        return "24:00 and no 0:00"
    if joined is None:  # spans are read at their beginnings
        has_spans = any(" - " in text or " \u2013 " in text for text in texts[:SAMPLE])
        return f"the name {name!r}" if is_end_name(name) and not has_spans else ""
    own = clock_column(table, name)
    if own is None or not is_end_name(table.header[own]):
        return ""
    clocks = table.column(own)[:SAMPLE]  # numbers of hours were moved when they were joined
    return f"the name {table.header[own]!r}" if all(":" in text for text in clocks) else ""


def _rows(
    name: str,
    moments: Sequence[datetime],
    value: Floats,
    clock: Clock,
    zone: tzinfo,
    report: Report,
    *,
    ends: str,
) -> Rows:
    is_naive = bool(moments) and moments[0].tzinfo is None
    own = zone_of(zone_in_name(name)) if is_naive and zone_in_name(name) else zone
    if not isinstance(own, str) and not _is_same_clock(moments, own, zone):
        moments = _on_clock(moments, own)
        report.notes.append(f"{name}: the clock of {own}, moved to that of {zone}")
    elif is_naive:
        of_zone = "" if clock == "utc" else f" of {zone}"
        report.notes.append(f"{name}: read as {clock} time{of_zone}")
    read = wall_reader(clock, zone)
    minute, instant = np.array([read(m) for m in moments], dtype=np.int64).reshape(-1, 2).T
    if ends:
        step = int(np.median(np.diff(np.sort(instant)))) if len(instant) > 1 else 60
        report.notes.append(f"{name}: {ends}, so times are the ends of their {step} min")
        minute, instant = minute - step, instant - step
    order = np.argsort(instant, kind="stable")
    is_wall = is_naive and clock == "wall"
    return Rows(minute[order], instant[order], np.asarray(value)[order], is_wall)


def _is_same_clock(moments: Sequence[datetime], own: tzinfo, zone: tzinfo) -> bool:
    """Do both zones show the same hours, whatever their names are?"""
    return own == zone or all(
        moment.replace(tzinfo=own).utcoffset() == moment.replace(tzinfo=zone).utcoffset()
        for moment in moments
    )


def _on_clock(moments: Sequence[datetime], own: tzinfo) -> list[datetime]:
    """Wall times with their zone; what comes a second time is the later of both."""
    past: set[datetime] = set()
    placed = []
    for moment in moments:
        placed.append(moment.replace(tzinfo=own, fold=int(moment in past)))
        past.add(moment)
    return placed
