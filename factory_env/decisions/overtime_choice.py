"""Who stays tonight? Asked for one line at a time, before the shift ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import N_COLUMNS, CandidateTable
from factory_env.decisions.order_choice import LinesView, SiteView
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float64]
GO_HOME = 0  # answer 0 is no overtime; answer i is the i-th length


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeChoice:
    """A question with one answer per length of the evening; the first length is 0.

    ``late_usd`` is the penalty to be expected from the orders in the house, so that
    ``labour_usd + late_usd`` can be compared over the answers.
    """

    kind: Literal["overtime"] = "overtime"
    serial: int  # 0, 1, 2, ... within the run
    now_min: float  # wall minutes
    asker: int  # number of the line
    minutes: Floats  # (n,) length of the evening
    allowed: NDArray[np.bool_]  # (n,) within the limits of day and week
    labour_usd: Floats  # (n,) what the evening costs
    late_usd: Floats  # (n,) lateness to be expected in the house after such an evening
    week_min: float  # overtime the line has worked this week
    lines: LinesView
    site: SiteView
    can_hold: bool = True  # going home is always legal

    @property
    def table(self) -> CandidateTable:
        """No orders are chosen among: an empty table."""
        return CandidateTable(np.empty((0, N_COLUMNS)))

    @property
    def orders(self) -> NDArray[np.int64]:
        """No orders are chosen among, shape (0,)."""
        return np.empty(0, dtype=np.int64)

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, shape (n,)."""
        return self.allowed

    def check(self, answer: int) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        n = self.minutes.shape[0]
        if isinstance(answer, bool) or not isinstance(answer, int | np.integer):
            raise IllegalAnswer(
                f"overtime {self.serial}: answer must be a whole number from 0 to {n - 1}, "
                f"got {answer!r}"
            )
        if not 0 <= answer < n:
            raise IllegalAnswer(
                f"overtime {self.serial}: answer {answer} is out of range; 0 to {n - 1} mean "
                f"{', '.join(f'{m:g}' for m in self.minutes)} minutes"
            )
        if not self.allowed[answer]:
            raise IllegalAnswer(
                f"overtime {self.serial}: {self.minutes[answer]:g} minutes are refused: the line "
                f"has worked {self.week_min:g} minutes of overtime this week"
            )


def cheapest_evening(choice: OvertimeChoice) -> int:
    """The legal length with the least labour plus expected lateness; the shorter of equals."""
    cost = np.where(choice.allowed, choice.labour_usd + choice.late_usd, np.inf)
    return int(cost.argmin())
