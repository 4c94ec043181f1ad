"""A factory's daily records, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.door.records.left_out import Cause, LeftOut, group_causes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Team-days of one department, by team and day. Arrays of shape (n,)."""

    line: NDArray[np.int64]  # of the file
    day: NDArray[np.int64]  # days since 1 January of year 1
    team: NDArray[np.int64]  # position in Records.teams
    productivity: NDArray[np.float64]  # delivered, share of standard
    target: NDArray[np.float64]  # NaN = none
    smv_min: NDArray[np.float64]
    workers: NDArray[np.float64]
    overtime_min: NDArray[np.float64]  # of the whole team
    wip: NDArray[np.float64]  # pieces; NaN = not given
    style: NDArray[np.int64]  # a number for each name; all 0 where the records name none

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

    @property
    def causes(self) -> list[Cause]:
        """What is left out, one item for one cause."""
        return group_causes(self.left_out)
