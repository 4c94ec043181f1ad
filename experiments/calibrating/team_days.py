"""Team-days as the fits see them: by team and day, with the age of the style in work.

Real records and a simulated run's log are brought into this one form, so that both are measured
by the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.records import RunLog
from factory_env.door.daily_records import Records
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
UNKNOWN = -1  # age of a style that was in work before the first record


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDays:
    """Rows by team and day, shape (n,)."""

    team: Ints
    day: Ints  # number of the working day
    after_off: Bools  # the day before was a day off
    productivity: Floats  # delivered, share of standard minutes
    target: Floats  # NaN = none
    smv_min: Floats
    workers: Floats  # present
    is_new: Bools  # the style differs from that of the team's row before
    age: Ints  # working days since the style began; `UNKNOWN` before the first change

    def __len__(self) -> int:
        return int(self.day.shape[0])

    @property
    def teams(self) -> int:
        return int(self.team.max()) + 1

    def rows(self, keep: Bools) -> TeamDays:
        """The rows that ``keep`` marks; ages and style changes stay what they were."""
        return replace(self, **{f.name: getattr(self, f.name)[keep] for f in fields(self)})

    def follows(self) -> Bools:
        """Is the row before the same team's working day before?"""
        return np.concatenate(
            [[False], (np.diff(self.team) == 0) & (np.diff(self.day) == 1)]
        ).astype(np.bool_)


def from_records(records: Records) -> TeamDays:
    """The sewing rows of daily records."""
    rows = records.sewing
    open_days = set(records.working_days.tolist())
    day = np.searchsorted(records.working_days, rows.day).astype(np.int64)
    return _aged(
        team=rows.team,
        day=day,
        after_off=np.array([d - 1 not in open_days for d in rows.day.tolist()], dtype=np.bool_)
        & (day > 0),
        productivity=rows.productivity,
        target=rows.target,
        smv_min=rows.smv_min,
        workers=rows.workers,
        style=rows.style,
    )


def from_log(log: RunLog, first_day: int, last_day: int) -> TeamDays:
    """The line-days of a run, calendar days ``first_day`` up to ``last_day``, the last excluded.

    Productivity is what a factory's office would compute: standard minutes of the pieces that
    came off the line, by the minutes of those who were there. The style of a day is the one that
    came off last, so a style begins on the day its first pieces come off (on such days the UCI
    records show the sum of both SMVs, e.g. 48.68 = 26.16 + 22.52); a day without a piece has the
    style of the day before.
    """
    table = log.tables["line_days"]
    made = _style_made(log)
    known = np.isfinite(made)
    keep = (table["day"] >= first_day) & (table["day"] < last_day) & known
    order = np.lexsort((table["day"][keep], table["line"][keep]))
    row = {name: values[keep][order] for name, values in table.items()}
    working = np.unique(row["day"])
    present = row["operators"] * row["present_share"]
    return _aged(
        team=row["line"].astype(np.int64),
        day=np.searchsorted(working, row["day"]).astype(np.int64),
        after_off=~np.isin(row["day"] - 1, working) & (row["day"] > working[0]),
        productivity=row["earned_min"] / np.maximum(present * row["shift_min"], 1e-9),
        target=np.full(row["day"].shape[0], np.nan),
        smv_min=made[keep][order],
        workers=present,
    )


def _style_made(log: RunLog) -> Floats:
    """SMV of the style that came off last, for each row of ``line_days``; NaN = none yet."""
    table, lots, orders = (log.tables[name] for name in ("line_days", "lots", "orders"))
    found = np.full(table["day"].shape[0], np.nan)
    for line in np.unique(table["line"]).tolist():
        own = lots["line"] == line
        by_time = np.argsort(lots["sewn_min"][own], kind="stable")
        sewn_min = lots["sewn_min"][own][by_time]
        smv = orders["smv_min"][lots["order"][own]][by_time]
        rows = np.flatnonzero(table["line"] == line)
        ends = (table["day"][rows] + 1) * MIN_PER_DAY
        last = np.searchsorted(sewn_min, ends, side="left") - 1
        found[rows[last >= 0]] = smv[last[last >= 0]]
    return found


def _aged(style: Ints | None = None, **columns: NDArray[np.generic]) -> TeamDays:
    """Team-days with the age of the style: another SMV is another style, another name too."""
    team, day, smv = columns["team"], columns["day"], columns["smv_min"]
    same_team = np.concatenate([[False], np.diff(team) == 0])
    is_other = np.diff(smv) != 0
    if style is not None:
        is_other |= np.diff(style) != 0
    is_new = same_team & np.concatenate([[False], is_other])
    age = np.full(team.shape[0], UNKNOWN)
    began = UNKNOWN
    for i in range(team.shape[0]):
        if not same_team[i]:
            began = UNKNOWN
        if is_new[i]:
            began = int(day[i])
        if began != UNKNOWN:
            age[i] = int(day[i]) - began
    return TeamDays(**columns, is_new=is_new, age=age)
