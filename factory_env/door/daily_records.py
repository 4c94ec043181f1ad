"""The door for a factory's daily records: one row per day, department and team, CSV in.

Columns as in the UCI set "Productivity Prediction of Garment Employees" (its spelling ``sweing``
and trailing blanks included). A row that cannot be used is left out and listed with its line and
the reason; what makes a fit impossible is an `InputError` with every problem found.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.csv_text import CsvText, read_csv
from factory_env.door.record_days import DayReader
from factory_env.errors import InputError, Problem, wrong

NEEDED: Final = (
    "date",
    "department",
    "team",
    "targeted_productivity",
    "smv",
    "over_time",
    "no_of_workers",
    "actual_productivity",
)
LOOKED_AT: Final = ("wip", "incentive", "idle_time", "idle_men", "no_of_style_change")
KNOWN: Final = (*NEEDED, *LOOKED_AT, "quarter", "day")
MIN_TEAMS: Final = 2  # between one team and itself there is no spread
MIN_DAYS: Final = 20  # working days; learning takes about ten
_DEPARTMENTS: Final = {"sweing": "sewing", "sewing": "sewing", "finishing": "finishing"}
_BLANK: Final = ("", "na", "n/a", "nan", "null", "-")
# column -> lowest, highest, what would be right; the lowest itself is allowed where it is 0
_RANGE: Final = {
    "targeted_productivity": (0.0, 2.0, "a share, e.g. 0.75"),
    "actual_productivity": (0.0, 2.0, "a share, e.g. 0.75"),
    "smv": (0.1, 500.0, "minutes per piece, e.g. 22.5"),
    "no_of_workers": (1.0, 2000.0, "persons, e.g. 57"),
    "over_time": (0.0, 1e6, "minutes, 0 or more"),
    "wip": (0.0, 1e7, "pieces, 0 or more"),
    "incentive": (0.0, 1e7, "0 or more"),
    "idle_time": (0.0, 1e6, "minutes, 0 or more"),
    "idle_men": (0.0, 2000.0, "persons, 0 or more"),
    "no_of_style_change": (0.0, 50.0, "a count, 0 or more"),
}
_Row = tuple[int, int, str, dict[str, float]]  # line, day, team, numbers by column
_OUTLIERS: Final = (("wip", 5000.0, "pieces"), ("incentive", 500.0, ""))  # as its README names


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something of the file that is not used."""

    line: int  # of the file; 1 = the header
    column: str
    reason: str
    is_row: bool = True  # the whole row; otherwise this value only

    def __str__(self) -> str:
        what = "row" if self.is_row else "value"
        return f"line {self.line}: {what} left out: {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Team-days of one department, by team and day. Arrays of shape (n,)."""

    line: NDArray[np.int64]  # of the file
    day: NDArray[np.int64]  # days since 1 January of year 1
    team: NDArray[np.int64]  # position in Records.teams
    productivity: NDArray[np.float64]  # delivered, share of standard
    target: NDArray[np.float64]
    smv_min: NDArray[np.float64]
    workers: NDArray[np.float64]
    overtime_min: NDArray[np.float64]  # of the whole team
    wip: NDArray[np.float64]  # pieces; NaN = not given

    def __len__(self) -> int:
        return int(self.day.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A factory's daily records, checked."""

    teams: tuple[str, ...]  # of the sewing department
    sewing: Rows
    finishing: Rows
    working_days: NDArray[np.int64]  # days on which anybody worked, rising
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    @property
    def rows_left_out(self) -> int:
        """Rows of the file that are not used."""
        return len({item.line for item in self.left_out if item.is_row})


def read_daily_records(path: str | Path, until: date | None = None) -> Records:
    """Read and check daily records.

    Parameters
    ----------
    until
        The last day that is used; all if not given.

    Raises
    ------
    InputError
        If no fit is possible: the file cannot be read, columns are missing, fewer than two
        sewing teams or twenty working days are left. It lists what was left out, too.
    """
    path = Path(path)
    return _Reader(path, read_csv(path), until).read()


class _Reader:
    """Checks one file."""

    def __init__(self, path: Path, table: CsvText, until: date | None) -> None:
        self._path = path
        self._table = table
        self._until = until
        self._fatal: list[Problem] = list(table.problems)
        self._left: list[LeftOut] = []
        self._notes: list[str] = []
        self._seen: dict[tuple[str, int, str], int] = {}
        self._after = 0

    def read(self) -> Records:
        """The records, or every problem of them."""
        at = self._columns()
        self._fail_if_hopeless()
        column = at["date"]
        days = DayReader([row[column] for _, row in self._table.rows if column < len(row)])
        self._notes += days.notes
        found: dict[str, list[_Row]] = {"sewing": [], "finishing": []}
        for line, cells in self._table.rows:
            row = self._row(line, cells, at, days)
            if row is not None:
                found[row[0]].append(row[1])
        names = sorted({r[2] for r in found["sewing"]}, key=_team_order)
        sewing = _rows(found["sewing"], names)
        others = sorted({r[2] for r in found["finishing"]}, key=_team_order)
        finishing = _rows(found["finishing"], others)
        working = np.unique(np.concatenate([sewing.day, finishing.day]))
        self._enough(sewing, names)
        self._fail_if_hopeless()
        self._calendar_notes(sewing, names, working)
        self._outlier_notes(found)
        if self._after:
            self._notes.append(f"{self._after} rows after {self._until} are not used")
        return Records(
            teams=tuple(names),
            sewing=sewing,
            finishing=finishing,
            working_days=working,
            left_out=tuple(self._left),
            notes=tuple(self._notes),
        )

    def _columns(self) -> dict[str, int]:
        header = [cell.strip().casefold().replace(" ", "_") for cell in self._table.header]
        extra = [name for name in header if name not in KNOWN]
        for name in NEEDED:
            if name not in header:
                near = difflib.get_close_matches(name, extra, n=1)
                right = f"rename {near[0]!r}?" if near else f"needed: {', '.join(NEEDED)}"
                self._fatal_at(1, name, "the column must be there", ", ".join(header), right)
            elif header.count(name) > 1:
                self._fatal_at(
                    1, name, "must be one column", f"{header.count(name)}", "rename the other"
                )
        if not self._table.rows:
            self._fatal_at(1, "file", "must hold rows", "a header only", "one row per team and day")
        missing = [name for name in LOOKED_AT if name not in header]
        if missing:
            self._notes.append(f"columns not there, and not needed: {', '.join(missing)}")
        if extra:
            self._notes.append(f"columns not used: {', '.join(map(repr, extra))}")
        return {name: header.index(name) for name in KNOWN if name in header}

    def _row(
        self, line: int, cells: list[str], at: dict[str, int], days: DayReader
    ) -> tuple[str, _Row] | None:
        """Department, and line, day, team, numbers; None if the row is left out."""
        before = len(self._left)
        if len(cells) != len(self._table.header):
            self._leave(line, "row", f"{len(cells)} cells under {len(self._table.header)} columns")
            return None
        text = {name: cells[i].strip() for name, i in at.items()}
        department = _DEPARTMENTS.get(text["department"].casefold())
        if department is None:
            self._leave(
                line,
                "department",
                f"{text['department']!r} is neither sewing (sweing) nor finishing",
            )
        team = text["team"].removesuffix(".0")
        if team.casefold() in _BLANK:
            self._leave(line, "team", "not given")
        day = days.day(text["date"])
        if isinstance(day, str):
            self._leave(line, "date", day)
        numbers = {name: self._number(line, name, text[name]) for name in _RANGE if name in text}
        if any(item.is_row for item in self._left[before:]):
            return None
        assert department is not None
        assert isinstance(day, int)
        if self._until is not None and day > self._until.toordinal():
            self._after += 1
            return None
        first = self._seen.setdefault((department, day, team), line)
        if first != line:
            self._leave(line, "team", f"team {team} has a row of this day on line {first}")
            return None
        return department, (line, day, team, numbers)

    def _number(self, line: int, name: str, raw: str) -> float:
        """The number, or NaN with a report; a value that no fit needs costs no row."""
        is_needed = name in NEEDED
        if raw.casefold() in _BLANK:
            if is_needed:
                self._leave(line, name, "not given")
            return math.nan
        typed = raw.replace(",", ".") if self._table.delimiter != "," else raw
        try:
            number = float(typed) if "_" not in typed else math.nan
        except ValueError:
            number = math.nan
        low, high, right = _RANGE[name]
        if not math.isfinite(number):
            self._leave(line, name, f"{raw!r} is not a number; {right}", is_row=is_needed)
            return math.nan
        if not low <= number <= high:
            what = "is negative" if number < 0 else f"is not within {low:g} to {high:g}"
            self._leave(line, name, f"{raw} {what}; {right}", is_row=is_needed or number < 0)
            return math.nan
        return number

    def _enough(self, sewing: Rows, names: list[str]) -> None:
        if not len(sewing):
            self._fatal_at(
                1, "file", "must hold sewing rows that can be read", "none", "see the rows left out"
            )
            return
        if len(names) < MIN_TEAMS:
            self._fatal_at(
                1,
                "team",
                f"at least {MIN_TEAMS} sewing teams are needed",
                f"team {', '.join(names)} only",
                "the records of all teams",
            )
        count = int(np.unique(sewing.day).shape[0])
        if count < MIN_DAYS:
            self._fatal_at(
                1,
                "date",
                f"at least {MIN_DAYS} working days are needed",
                f"{count}",
                "a longer file, or a later until=",
            )

    def _calendar_notes(self, sewing: Rows, names: list[str], working: NDArray[np.int64]) -> None:
        first, last = int(working[0]), int(working[-1])
        open_days = set(working.tolist())
        rest = [d for d in range(7) if not any(day % 7 == d for day in open_days)]
        weekday = [date.fromordinal(7 + d).strftime("%A") for d in range(7)]
        if rest:
            self._notes.append("no work on " + ", ".join(f"{weekday[d]}s" for d in rest))
        gaps = [d for d in range(first, last) if d not in open_days and d % 7 not in rest]
        if gaps:
            shown = ", ".join(date.fromordinal(d).isoformat() for d in gaps[:8])
            more = f" and {len(gaps) - 8} more" if len(gaps) > 8 else ""
            self._notes.append(f"days without any row, taken as days off: {shown}{more}")
        lacking = [
            f"team {name} {n}"
            for i, name in enumerate(names)
            if (n := int(np.unique(working).shape[0] - (sewing.team == i).sum())) > 0
        ]
        if lacking:
            self._notes.append("working days without a row: " + ", ".join(lacking))

    def _outlier_notes(self, found: dict[str, list[_Row]]) -> None:
        for name, limit, unit in _OUTLIERS:
            for department, rows in found.items():
                lines = [r[0] for r in rows if r[3].get(name, 0.0) > limit]
                if lines:
                    shown = ", ".join(map(str, lines[:10])) + (" ..." if len(lines) > 10 else "")
                    self._notes.append(
                        f"{len(lines)} {department} rows with {name} above {limit:g} {unit}".strip()
                        + f" (lines {shown}): outliers; the fit does not use this column"
                    )

    def _leave(self, line: int, column: str, reason: str, *, is_row: bool = True) -> None:
        self._left.append(LeftOut(line=line, column=column, reason=reason, is_row=is_row))

    def _fatal_at(self, line: int, field: str, rule: str, got: str, right: str) -> None:
        self._fatal.append(wrong(f"{self._path}:{line}", field, rule, got, right))

    def _fail_if_hopeless(self) -> None:
        if not self._fatal:
            return
        rows = [
            wrong(
                f"{self._path}:{item.line}",
                item.column,
                "must be usable",
                item.reason,
                "correct the row",
            )
            for item in self._left
        ]
        raise InputError([*self._fatal, *rows])


def _rows(found: list[_Row], names: list[str]) -> Rows:
    position = {name: i for i, name in enumerate(names)}
    ordered = sorted(found, key=lambda r: (position[r[2]], r[1]))

    def column(name: str) -> NDArray[np.float64]:
        return np.array([r[3].get(name, math.nan) for r in ordered], dtype=np.float64)

    return Rows(
        line=np.array([r[0] for r in ordered], dtype=np.int64),
        day=np.array([r[1] for r in ordered], dtype=np.int64),
        team=np.array([position[r[2]] for r in ordered], dtype=np.int64),
        productivity=column("actual_productivity"),
        target=column("targeted_productivity"),
        smv_min=column("smv"),
        workers=column("no_of_workers"),
        overtime_min=column("over_time"),
        wip=column("wip"),
    )


def _team_order(name: str) -> tuple[int, float, str]:
    """Numbers by size, then words."""
    return (0, float(name), "") if name.isdecimal() else (1, 0.0, name)
