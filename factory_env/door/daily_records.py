"""The door for a factory's daily records: one row per day, department and team, CSV or Excel in.

Columns as in the UCI set "Productivity Prediction of Garment Employees" (its spelling ``sweing``
and trailing blanks included), or as factories keep them: pieces, SMV, operators and hours
(`records.columns.SYNONYMS`). A row that cannot be used is left out and listed with its line and
the reason; a file that loses a third of its rows, and what makes a fit impossible, is an
`InputError` with every problem found, one line for one cause.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.columns import (
    LOOKED_AT,
    NAMES,
    SYNONYMS,
    check_columns,
    note_columns,
)
from factory_env.door.records.faults import Faults
from factory_env.door.records.left_out import LeftOut
from factory_env.door.records.numbers import RANGE, read_record_numbers
from factory_env.door.records.productivity import Measured, measure
from factory_env.door.records.record_set import Records, Rows
from factory_env.door.records.row_keys import (
    FINISHING,
    OTHER,
    SEWING,
    number_styles,
    rank_team,
    read_departments,
    read_record_days,
    read_teams,
)
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import AS_IT_SAYS, Table, TableFormat, match_columns

MIN_TEAMS: Final = 2  # between one team and itself there is no spread
MIN_DAYS: Final = 20  # working days; learning takes about ten
MOST_LOST: Final = 1 / 3  # of the rows: what is left would be another factory
MAX_ROWS: Final = 200_000  # fifty teams in ten years
_OUTLIERS: Final = (("wip", 5000.0, "pieces"), ("incentive", 500.0, ""))  # as its README names
_Floats = NDArray[np.float64]


def read_daily_records(
    path: str | Path,
    until: date | None = None,
    how: TableFormat = AS_IT_SAYS,
    shift_min: float | None = None,
) -> Records:
    """Read and check daily records.

    Parameters
    ----------
    path
        A CSV file or a workbook; ``records.xlsx#Sheet`` names a sheet.
    until
        The last day that is used; all if not given.
    how
        What the file does not say by itself.
    shift_min
        Minutes of a shift, for records that say nothing about hours.

    Raises
    ------
    InputError
        If no fit is possible: the file cannot be read, columns are missing, a third of the rows
        is of no use, fewer than two sewing teams or twenty working days are left. It lists what
        was left out, too.
    """
    table = read_table(path, names=NAMES, skip=how.skip, max_rows=MAX_ROWS)
    return _Reader(table, until, how, shift_min).read()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """Every row as far as it can be read; arrays of shape (rows,)."""

    department: NDArray[np.str_]
    team: Sequence[str]
    day: NDArray[np.int64]
    style: NDArray[np.int64]
    measured: Measured
    values: Mapping[str, _Floats]

    def value(self, name: str) -> _Floats:
        """Numbers of a column; NaN if it is not there."""
        nothing = np.full(self.day.shape, math.nan)
        return self.values.get(name, nothing)


class _Reader:
    """Checks one file."""

    def __init__(
        self, table: Table, until: date | None, how: TableFormat, shift_min: float | None
    ) -> None:
        width = len(table.header)
        rows = [(line, cells) for line, cells in table.rows if len(cells) == width]
        self._cells = [cells for _, cells in rows]
        self._faults = Faults(table.where, [line for line, _ in rows])
        self._faults.problems += table.problems
        self._faults.notes += table.notes
        self._faults.left_out += [
            LeftOut(
                line=line,
                column="row",
                reason=f"{len(cells)} cells under {width} columns",
                cause="another number of cells than columns",
            )
            for line, cells in table.rows
            if len(cells) != width
        ]
        self._table = table
        self._until = until
        self._how = how
        self._shift_min = shift_min

    def read(self) -> Records:
        """The records, or every problem of them."""
        faults = self._faults
        at = self._columns()
        faults.raise_if_hopeless()
        days = self._days(at)
        faults.raise_if_hopeless()
        keep = self._keep(days)
        sewing, teams = self._rows(keep & (days.department == SEWING), days)
        finishing, _ = self._rows(keep & (days.department == FINISHING), days)
        working = np.unique(np.concatenate([sewing.day, finishing.day]))
        self._check_enough(sewing, teams)
        faults.raise_if_hopeless()
        faults.notes += [*_note_calendar(sewing, teams, working), *self._note_outliers(keep, days)]
        return Records(
            teams=tuple(teams),
            sewing=sewing,
            finishing=finishing,
            working_days=working,
            left_out=tuple(sorted(faults.left_out, key=lambda item: item.line)),
            notes=tuple(faults.notes),
        )

    def _columns(self) -> Mapping[str, int]:
        columns = match_columns(self._table.header, SYNONYMS, self._how.columns)
        self._faults.notes += note_columns(columns)
        for problem in check_columns(self._table, columns, self._how.columns):
            self._faults.refuse(self._table.header_line, *problem)
        return columns.at

    def _days(self, at: Mapping[str, int]) -> _Days:
        """All rows, column by column; what is wrong is reported."""
        faults = self._faults
        texts = {name: [row[i] for row in self._cells] for name, i in at.items()}
        department = read_departments(texts.get("department"), faults)
        team = read_teams(texts["team"], faults)
        day = read_record_days(texts["date"], self._how, faults)
        odd: list[tuple[int, str, str, str]] = []
        numeric = {name: cells for name, cells in texts.items() if name in RANGE}
        header = {name: self._table.header[at[name]] for name in numeric}
        numbers = read_record_numbers(numeric, header, self._how, lambda *item: odd.append(item))
        measured = measure(numbers.values, self._shift_min)
        faults.notes += [*numbers.notes, *measured.notes]
        for row, name, *problem in numbers.problems:
            if name in LOOKED_AT:
                faults.notes.append(f"{name}: {', '.join(problem)}; this column is not used")
            else:
                faults.refuse(faults.lines[row], name, *problem)
        if measured.problem is not None:
            faults.refuse(self._table.header_line, *measured.problem)
        for row, name, reason, cause in odd:
            is_used = name in measured.used or name == "over_time"
            if is_used or cause != "not given":
                faults.leave(row, name, reason, cause, is_row=is_used or cause == "is negative")
        return _Days(
            department=department,
            team=team,
            day=day,
            style=number_styles(texts.get("style"), len(self._cells)),
            measured=measured,
            values=numbers.values,
        )

    def _keep(self, days: _Days) -> NDArray[np.bool_]:
        """Which rows are used: sound, not after the last day, the first of team and day."""
        faults = self._faults
        lost = faults.lost_lines
        sound = np.array([line not in lost for line in faults.lines], dtype=np.bool_)
        sound &= np.isfinite(days.measured.productivity)
        if self._until is not None:
            late = sound & (days.day > self._until.toordinal())
            if late.any():
                faults.notes.append(f"{late.sum()} rows after {self._until} are not used")
            sound &= ~late
        first: dict[tuple[str, int, str], int] = {}
        for row in np.flatnonzero(sound).tolist():
            key = (str(days.department[row]), int(days.day[row]), days.team[row])
            line = first.setdefault(key, faults.lines[row])
            if line != faults.lines[row]:
                reason = f"team {days.team[row]} has a row of this day on line {line}"
                faults.leave(row, "team", reason, "team has two rows of one day")
                sound[row] = False
        return sound

    def _rows(self, keep: NDArray[np.bool_], days: _Days) -> tuple[Rows, list[str]]:
        """The rows of one department by team and day, and its teams."""
        teams = sorted({days.team[i] for i in np.flatnonzero(keep).tolist()}, key=rank_team)
        position = {name: i for i, name in enumerate(teams)}
        team = np.array([position.get(name, -1) for name in days.team], dtype=np.int64)
        at = np.flatnonzero(keep)
        at = at[np.lexsort((days.day[at], team[at]))]
        measured = days.measured
        rows = Rows(
            line=np.array(self._faults.lines, dtype=np.int64)[at],
            day=days.day[at],
            team=team[at],
            productivity=measured.productivity[at],
            target=measured.target[at],
            smv_min=measured.smv_min[at],
            workers=days.values["no_of_workers"][at],
            overtime_min=measured.overtime_min[at],
            wip=days.value("wip")[at],
            style=days.style[at],
        )
        return rows, teams

    def _check_enough(self, sewing: Rows, teams: list[str]) -> None:
        faults, line = self._faults, self._table.header_line
        lost = faults.lost_lines - {i.line for i in faults.left_out if i.cause == OTHER}
        if len(lost) > MOST_LOST * len(self._table.rows):
            got = f"{len(lost)} of {len(self._table.rows)}"
            faults.refuse(
                line, "file", "must lose less than a third of its rows", got, "see the rows below"
            )
        if not len(sewing):
            rule = "must hold sewing rows that can be read"
            faults.refuse(line, "file", rule, "none", "see the rows left out")
            return
        if len(teams) < MIN_TEAMS:
            rule = f"at least {MIN_TEAMS} sewing teams are needed"
            got = f"team {', '.join(teams)} only"
            faults.refuse(line, "team", rule, got, "the records of all teams")
        count = int(np.unique(sewing.day).shape[0])
        if count < MIN_DAYS:
            rule = f"at least {MIN_DAYS} working days are needed"
            faults.refuse(line, "date", rule, f"{count}", "a longer file, or a later until=")

    def _note_outliers(self, keep: NDArray[np.bool_], days: _Days) -> Iterator[str]:
        lines = np.array(self._faults.lines, dtype=np.int64)
        for name, limit, unit in _OUTLIERS:
            for department in (SEWING, FINISHING):
                high = keep & (days.department == department) & (days.value(name) > limit)
                if high.any():
                    shown = ", ".join(map(str, lines[high][:10]))
                    shown += " ..." if high.sum() > 10 else ""
                    above = f"{name} above {limit:g} {unit}".strip()
                    yield (
                        f"{high.sum()} {department} rows with {above} (lines {shown}): outliers; "
                        "the fit does not use this column"
                    )
        made = days.measured.productivity[keep & (days.department == SEWING)]
        if made.size and np.ptp(made) < 1e-6:
            yield (
                f"productivity is {made[0]:g} in every row, as plans are: no form of the day and "
                "no learning can be seen in it"
            )


def _note_calendar(sewing: Rows, names: list[str], working: NDArray[np.int64]) -> Iterator[str]:
    first, last = int(working[0]), int(working[-1])
    open_days = set(working.tolist())
    rest = [d for d in range(7) if not any(day % 7 == d for day in open_days)]
    weekday = [date.fromordinal(7 + d).strftime("%A") for d in range(7)]
    if rest:
        yield "no work on " + ", ".join(f"{weekday[d]}s" for d in rest)
    gaps = [d for d in range(first, last) if d not in open_days and d % 7 not in rest]
    if gaps:
        shown = ", ".join(date.fromordinal(d).isoformat() for d in gaps[:8])
        more = f" and {len(gaps) - 8} more" if len(gaps) > 8 else ""
        yield f"days without any row, taken as days off: {shown}{more}"
    lacking = [
        f"team {name} {n}"
        for i, name in enumerate(names)
        if (n := int(np.unique(working).shape[0] - (sewing.team == i).sum())) > 0
    ]
    if lacking:
        yield "working days without a row: " + ", ".join(lacking)
