"""A column of points in time: spans, orders of day and month, hours in a column of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from factory_env.door.series_times import MOST_OFFSET, YEARS, is_possible, parse_time, zone_of
from factory_env.door.tables.day_column import Moment, Order, read_days
from factory_env.door.tables.moments import Form, read_moment
from factory_env.door.tables.table import fold_name

ENOUGH: Final = 0.5  # of the cells in the plain form: then the others are mistakes
DAY_MIN: Final = 1440.0
_SPAN = re.compile(r"^(.*\S)\s+[-\u2013]\s+(\S.*)$")
_YEAR_FIRST = re.compile(r"\s*\d{4}")
_END_OF_DAY = re.compile(r"[T\s]24:00(:00)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """A column of points in time; a text stands where a cell could not be read, and says why."""

    cells: tuple[datetime | str, ...]
    is_unsettled: bool = False  # nothing says which number is the day
    notes: tuple[str, ...] = ()


def read_moments(texts: Sequence[str], order: Order | None = None) -> Moments:
    """The points in time of a column; of spans their beginnings.

    Parameters
    ----------
    order
        Of day and month, as the user says.
    """
    begins = [_SPAN.sub(r"\1", text) for text in texts]
    notes = ["spans of time, read at their beginnings"] if begins != list(texts) else []
    cells = [_plain_time(text) for text in begins]
    good = sum(isinstance(cell, datetime) for cell in cells)
    is_open = not begins or not _YEAR_FIRST.match(begins[0])
    if good < ENOUGH * len(cells) or (order and is_open):
        column = read_days([begins], order)[0]
        if column.is_unsettled:
            return Moments(cells=tuple(cells), is_unsettled=True)
        kept = [note for note in column.notes if not note.startswith("times with a zone")]
        notes += kept
        cells = [_as_time(cell, text) for cell, text in zip(column.cells, begins, strict=True)]
    elif good < len(cells):  # 24:00, an hour of one digit: no ISO times, but clear
        cells = [_clear_time(c, text) for c, text in zip(cells, begins, strict=True)]
    limits = f"must lie between {YEARS[0]} and {YEARS[1]}"
    checked = (c if isinstance(c, str) or is_possible(c) else limits for c in cells)
    return Moments(cells=tuple(checked), notes=tuple(notes))


_END_NAME = re.compile(
    r"(?:^|_)(?:he|to|bis|end|ends|ending|ended|ende|until)(?:_|$)|(?:hour|interval|period|time)end"
)


def is_end_name(column: str) -> bool:
    """Does a column's name say that its times end their rows?

    >>> [is_end_name(c) for c in ("Hour Ending", "interval_end", "HE", "time", "Endpoint time")]
    [True, True, True, False, False]
    """
    return bool(_END_NAME.search(fold_name(column)))


def ends_of_hours(texts: Sequence[str]) -> bool:
    """Do the times of a column end their rows? It has a 24:00, and no 0:00."""
    return any(_END_OF_DAY.search(t) for t in texts) and not any(
        re.search(r"[T\s]0?0:00(:00)?$", t) for t in texts
    )


def _plain_time(text: str) -> datetime | str:
    try:
        return parse_time(text)
    except (OverflowError, ArithmeticError):
        return "no such time"


def _clear_time(cell: datetime | str, text: str) -> datetime | str:
    """A cell in another form than most, if that leaves no choice; else what is wrong with it."""
    if isinstance(cell, datetime):
        return cell
    written = read_moment(text)
    if isinstance(written, str) or written.form not in (Form.ISO, Form.NAMED):
        return cell
    return _as_time(read_days([[text, text]])[0].cells[0], text)


def _as_time(cell: Moment | str, text: str) -> datetime | str:
    if isinstance(cell, str):
        return cell
    day = int(cell.days)
    written = read_moment(text)
    since = 0.0 if isinstance(written, str) else (written.time_min or 0.0)
    if since == DAY_MIN and cell.has_time:
        since = 0.0  # 24:00: the day is the next one already
    try:
        moment = datetime.fromordinal(day) + timedelta(minutes=since)
    except (ValueError, OverflowError):
        return "no such day"
    zone = "" if isinstance(written, str) else written.zone
    if not zone:
        return moment
    clock = zone_of(zone)
    offset = None if isinstance(clock, str) else clock.utcoffset(None)
    if isinstance(clock, str) or (offset is not None and abs(offset) > MOST_OFFSET):
        return f"no such zone: {zone}"
    return moment.replace(tzinfo=clock)
