"""Which waiting order next? Asked by a free sewing line (dispatch) or a free cutting table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import CandidateTable
from factory_env.errors import IllegalAnswer

HOLD = 0  # answer 0 holds the line; answer i takes the i-th order of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesView:
    """The sewing lines as the planner sees them; shape (lines,) each."""

    is_group: NDArray[np.float64]  # 1 if the line sews the asking line's fabric group
    free_in_min: NDArray[np.float64]  # estimated shift minutes until the line asks again
    learned_share: NDArray[np.float64]  # of the style in work, 0 to 1
    attendance: NDArray[np.float64]  # share of operators present today
    is_idle: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """The rest of the site; scalars."""

    weekday: float  # 0 to 6
    shift_hour: float  # hours of shift worked today
    horizon_share: float  # of the run gone by
    queue_days: float  # sewing waiting for the group, working days a line
    booked_2_days: float  # sewing whose fabric comes within 2 working days, days a line
    booked_5_days: float
    booked_10_days: float
    group_lines: float  # lines of the group
    more_to_come: float  # 1 while fabric is still to arrive for the group


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChoice:
    """A question with ``len(table) + 1`` answers.

    Answer 0 is *hold* (legal if ``can_hold``: other work may still come, or another line
    may take this work); answer ``i`` takes the order ``orders[i - 1]``.
    """

    kind: Literal["dispatch", "cutting"]
    serial: int  # 0, 1, 2, ... within the run
    now_min: float  # wall minutes
    asker: int  # number of the line or the cutting table
    orders: NDArray[np.int64]  # (n,) positions in the order book
    table: CandidateTable
    can_hold: bool
    lines: LinesView
    site: SiteView

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, shape (n + 1,)."""
        mask = np.ones(len(self.table) + 1, dtype=np.bool_)
        mask[HOLD] = self.can_hold
        return mask

    def check(self, answer: int) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        n = len(self.table)
        if isinstance(answer, bool) or not isinstance(answer, int | np.integer):
            raise IllegalAnswer(
                f"{self.kind} {self.serial}: answer must be a whole number from 0 to {n}, "
                f"got {answer!r}"
            )
        if not 0 <= answer <= n:
            raise IllegalAnswer(
                f"{self.kind} {self.serial}: answer {answer} is out of range; "
                f"{n} orders wait, so 0 (hold) to {n} can be meant"
            )
        if answer == HOLD and not self.can_hold:
            raise IllegalAnswer(
                f"{self.kind} {self.serial}: hold is refused: no other work can come and no "
                "other line will take what waits"
            )
