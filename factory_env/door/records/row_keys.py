"""What a row of daily records is about: its department, its team and its day."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.columns import KEY
from factory_env.door.records.faults import Faults
from factory_env.door.tables.day_column import Moment, read_days
from factory_env.door.tables.moments import NO_DATE, Form
from factory_env.door.tables.table import BLANK, TableFormat, quote

SEWING: Final = "sewing"
FINISHING: Final = "finishing"
OTHER: Final = "of another department"  # the cause of a row that no fit misses
_SEWING: Final = frozenset({"sweing", "sewing", "sew", "stitching", "sewing line", "sewing floor"})
_FINISHING: Final = frozenset({"finishing", "finish", "packing", "finishing/packing"})
_OTHERS: Final = frozenset(
    {"cutting", "embroidery", "printing", "washing", "laundry", "ironing", "quality", "store"}
)
_RULE: Final = "must say which number is the day"
_RIGHT: Final = f"write YYYY-MM-DD, or {KEY}.dates=dmy or {KEY}.dates=mdy"


def read_departments(texts: Sequence[str] | None, faults: Faults) -> NDArray[np.str_]:
    """``sewing``, ``finishing`` or "" for every row; without a column all are of sewing."""
    if texts is None:
        return np.full(len(faults.lines), SEWING)
    names = []
    for row, text in enumerate(texts):
        word = text.casefold()
        name = SEWING if word in _SEWING else FINISHING if word in _FINISHING else ""
        names.append(name)
        if not name:
            reason = f"{quote(text)} is neither sewing (sweing) nor finishing"
            faults.leave(row, "department", reason, OTHER if word in _OTHERS else "is unknown")
    return np.array(names, dtype=np.str_)


def read_teams(texts: Sequence[str], faults: Faults) -> list[str]:
    """Names of teams, each in the way it is written first; "" = none, and reported."""
    first: dict[str, str] = {}
    names = []
    for row, text in enumerate(texts):
        name = "" if text.casefold() in BLANK else text.removesuffix(".0")
        if not name:
            faults.leave(row, "team", "not given")
        names.append(first.setdefault(" ".join(name.casefold().split()), name))
    return names


def number_styles(texts: Sequence[str] | None, rows: int) -> NDArray[np.int64]:
    """A number for each name of a style, in the order in which they come; 0 without a column."""
    if texts is None:
        return np.zeros(rows, dtype=np.int64)
    known: dict[str, int] = {}
    names = (" ".join(text.casefold().split()) for text in texts)
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


def rank_team(name: str) -> tuple[tuple[int, int, str], ...]:
    """For sorting: Line 2 comes before Line 10."""
    parts = re.split(r"(\d+)", " ".join(name.casefold().split()))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p)


def read_record_days(texts: Sequence[str], how: TableFormat, faults: Faults) -> NDArray[np.int64]:
    """Days since 1 January of year 1; 0 = no day, and reported."""
    (column,) = read_days([texts], how.dates)
    faults.notes += [f"date: {note}" for note in column.notes]
    odd = [row for row, cell in enumerate(column.cells) if isinstance(cell, str)]
    if column.is_unsettled and odd:
        rest = f"; {len(odd) - 1} more like it" if len(odd) > 1 else ""
        got = f"{quote(texts[odd[0]])}: {column.cells[odd[0]]}{rest}"
        faults.refuse(faults.lines[odd[0]], "date", _RULE, got, _RIGHT)
        odd = []
    if column.form is Form.NUMBER:
        got = f"day numbers, e.g. {texts[0]}"
        faults.refuse(faults.lines[0], "date", "must hold dates", got, "write YYYY-MM-DD")
    mixed = 0
    for row in odd:
        reason = str(column.cells[row]).partition(";")[0]
        mixed += "most rows" in reason
        if reason == NO_DATE:
            reason = "is no date; write YYYY-MM-DD"
        joint = " " if reason.startswith("is ") else ": "
        said = f"{quote(texts[row])}{joint}{reason}" if texts[row] else "not given"
        faults.leave(row, "date", said, reason)
    if mixed:
        faults.notes.append(f"mixed date styles: {mixed} rows are not written as most are")
    days = [math.floor(c.days) if isinstance(c, Moment) else 0 for c in column.cells]
    return np.array(days, dtype=np.int64)
