"""Numbers of daily records: whatever marks and percent signs they have, within limits of sense."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.columns import KEY
from factory_env.door.records.units import scale_units, share_overtime
from factory_env.door.tables.number_column import Decimal, NumberColumn, agree_decimal, read_numbers
from factory_env.door.tables.table import TableFormat, name_unit, quote

Floats = NDArray[np.float64]
# column -> lowest, highest, what would be right; the lowest itself is allowed where it is 0
RANGE: Final = {
    "targeted_productivity": (0.0, 2.0, "a share, e.g. 0.75"),
    "actual_productivity": (0.0, 2.0, "a share, e.g. 0.75"),
    "smv": (0.1, 500.0, "minutes per piece, e.g. 22.5"),
    "no_of_workers": (1.0, 2000.0, "persons, e.g. 57"),
    "over_time": (0.0, 1e6, "minutes, 0 or more"),
    "pieces": (0.0, 1e6, "pieces, 0 or more"),
    "target_pieces": (0.0, 1e6, "pieces, 0 or more"),
    "produced_minutes": (0.0, 1e7, "minutes, 0 or more"),
    "produced_hours": (0.0, 1e5, "hours, 0 or more"),
    "attended_minutes": (1.0, 1e7, "minutes of the whole team"),
    "attended_hours": (0.1, 1e5, "hours of the whole team"),
    "hours": (0.5, 24.0, "hours of one person, e.g. 8"),
    "minutes": (0.0, 1e7, "minutes, 0 or more"),
    "wip": (0.0, 1e7, "pieces, 0 or more"),
    "incentive": (0.0, 1e7, "0 or more"),
    "idle_time": (0.0, 1e6, "minutes, 0 or more"),
    "idle_men": (0.0, 2000.0, "persons, 0 or more"),
    "no_of_style_change": (0.0, 50.0, "a count, 0 or more"),
}
SHARES: Final = ("targeted_productivity", "actual_productivity")
MOST_SHARE: Final = 1.5  # of standard: no factory's best day has 1.5 percent
_WHOLE: Final = ("wip", "over_time", "pieces", "target_pieces", "produced_minutes", "minutes")
Leave = Callable[[int, str, str, str], None]  # row, column, reason, cause


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers by column, shape (rows,); NaN = of no use, and reported, or blank."""

    values: Mapping[str, Floats]
    problems: tuple[tuple[int, str, str, str, str], ...]  # row, field, rule, got, right
    notes: tuple[str, ...]


def read_record_numbers(
    texts: Mapping[str, Sequence[str]],
    headers: Mapping[str, str],
    how: TableFormat,
    leave: Leave,
) -> Numbers:
    """The numbers of the columns that are there.

    Parameters
    ----------
    texts, headers
        Cells and names in the file, by our names.
    leave
        Called with what cannot be used.
    """
    shared = agree_decimal(list(texts.values()))
    values: dict[str, Floats] = {}
    problems: list[tuple[int, str, str, str, str]] = []
    notes: list[str] = []
    units: dict[str, Sequence[str]] = {}
    for name, cells in texts.items():
        column = read_numbers(cells, decimal=how.decimal, others=shared, is_whole=name in _WHOLE)
        if column.unclear:
            problems.append(_ask(name, cells, column.unclear))
        if column.settled:
            notes.append(_note_settled(name, cells, column, how, shared))
        for i in column.wrong:
            right = RANGE[name][2]
            leave(i, name, f"{quote(cells[i])} is not a number; {right}", "is not a number")
        for i in np.flatnonzero(column.is_blank).tolist():
            leave(i, name, "not given", "not given")
        numbers, note = column.values.copy(), ""
        if name in SHARES:
            numbers, note = _as_share(name, numbers, column.unit_of, headers[name])
        else:
            numbers, note = scale_units(name, numbers, column.unit_of, headers[name])
        if note:
            notes.append(note)
        units[name] = column.unit_of
        values[name] = _within(name, numbers, cells, leave)
    if "over_time" in values and "no_of_workers" in values:
        values["over_time"], note, problem = share_overtime(
            values["over_time"],
            values["no_of_workers"],
            units["over_time"],
            headers["over_time"],
        )
        notes += [note] if note else []
        problems += [(0, "over_time", *problem)] if problem else []
    return Numbers(values, tuple(problems), tuple(notes))


def _as_share(name: str, numbers: Floats, units: Sequence[str], header: str) -> tuple[Floats, str]:
    """Shares of 1, where a percent sign, the header or all values say that they are percents."""
    of_header = name_unit(header) == "%"
    percent = np.array([of_header or unit == "%" for unit in units])
    note = f"{name}: percents are read as shares" if percent.any() else ""
    known = numbers[np.isfinite(numbers)]
    if of_header and "%" not in units and known.size and known.max() <= MOST_SHARE:
        note = f"{name}: under {header!r} no value is above {MOST_SHARE:g}, so they are shares"
        return numbers, note
    lowest, highest, _ = RANGE[name]
    if not percent.any() and known.size and np.quantile(known, 0.1) > highest > lowest:
        percent = np.full(numbers.shape, True)
        note = f"{name}: hardly a value is a share, so they are read as percents"
    return np.where(percent, numbers / 100.0, numbers), note


def _within(name: str, numbers: Floats, cells: Sequence[str], leave: Leave) -> Floats:
    low, high, right = RANGE[name]
    odd = np.flatnonzero((numbers < low) | (numbers > high))
    for i in odd.tolist():
        is_negative = numbers[i] < 0
        what = "is negative" if is_negative else f"is not within {low:g} to {high:g}"
        leave(i, name, f"{cells[i][:60]} {what}; {right}", what)
    numbers[odd] = math.nan
    return numbers


def _ask(name: str, cells: Sequence[str], rows: Sequence[int]) -> tuple[int, str, str, str, str]:
    first = rows[0]
    rest = f"; {len(rows) - 1} more like it" if len(rows) > 1 else ""
    rule = "must say whether its mark stands for thousands"
    right = f"{KEY}.decimal=point or {KEY}.decimal=comma"
    return first, name, rule, f"{quote(cells[first])}{rest}", right


def _note_settled(
    name: str,
    cells: Sequence[str],
    column: NumberColumn,
    how: TableFormat,
    shared: Decimal | None,
) -> str:
    row = column.settled[0]
    why = "the column's other cells" if column.decimal else f"the other columns' decimal {shared}"
    why = f"{KEY}.decimal={how.decimal}" if how.decimal else why
    return f"{name}: {cells[row]!r} is read as {column.values[row]:g}, by {why}"
