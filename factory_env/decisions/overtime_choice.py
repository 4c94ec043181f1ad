"""Who stays tonight? Asked for one line at a time, before the shift ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.domain.answers import AnswerRow, check_whole, numbered_row
from factory_env.domain.scenario import Scenario
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float64]
GO_HOME = 0  # answer 0 is no overtime; answer i is the i-th length


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeChoice:
    """A question with one answer per length of the evening; the first length is 0.

    ``late_usd`` is the penalty to be expected from the orders in the house, so that
    ``labour_usd + late_usd`` can be compared over the answers.
    """

    asks: ClassVar[str] = "choose_evening"
    role: ClassVar[str] = "lines"
    headline: ClassVar[str] = "overtime tonight?"
    shown: ClassVar[None] = None  # no orders are chosen among
    standing_line: ClassVar[None] = None  # the line sews while its evening is asked about
    may_decline: ClassVar[bool] = True  # going home is always legal

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

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        """Is it the policy that decides on evenings?"""
        return scenario.overtime.mode == "agent"

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, shape (n,)."""
        return self.allowed

    def answers(self, visible: NDArray[np.int64]) -> NDArray[np.int64]:
        """All lengths, whatever orders are seen."""
        return np.arange(self.minutes.shape[0])

    def why_refused(self, action: int, visible: NDArray[np.int64]) -> str:
        """Why an agent may not act so."""
        allowed = ", ".join(str(i) for i in np.flatnonzero(self.allowed))
        return f"action {action} is refused: tonight {allowed} are legal, 0 = no overtime"

    def usual(self) -> int:
        """The legal length with the least labour plus lateness to be expected; of equals the first.

        The lengths rise, so that is the shortest.
        """
        cost = np.where(self.allowed, self.labour_usd + self.late_usd, np.inf)
        return int(cost.argmin())

    def check(self, answer: int) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        n = self.minutes.shape[0]
        check_whole(self, answer, n - 1)
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

    def row(self, answer: int) -> AnswerRow:
        """The answer as the log keeps it."""
        return numbered_row(self, answer, choices=self.minutes.shape[0])

    def answer_from(self, row: AnswerRow) -> int:
        """The answer that a row of the log holds."""
        return int(row.values["answer"])


class OvertimePolicy(Protocol):
    """A policy that also says who stays in the evening (``overtime.mode: agent``)."""

    def choose_evening(self, choice: OvertimeChoice) -> int:
        """The answer: a position in ``choice.legal()`` that is true."""
        ...


PLUG = OvertimeChoice
