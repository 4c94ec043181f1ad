"""How strictly are an order's pieces inspected? Asked when a line takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.domain.answers import AnswerRow, check_whole, numbered_row
from factory_env.domain.scenario import Scenario
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionChoice:
    """A question with one answer per degree of strictness, the most lenient first.

    Strictness multiplies what an escape is taken to cost in the inspector's threshold: 2 flags
    more pieces than 1. Everything here is a planner's estimate; no luck to come is known.
    ``flagged``, ``escaped`` and ``expected_usd`` are empty if the inspector can not say what to
    expect. ``expected_usd`` is escapes, false alarms and repairs at the prices of the inspection
    station, without what waiting lots cost; a run without the station books other costs.
    """

    asks: ClassVar[str] = "choose_strictness"
    role: ClassVar[str] = "lines"
    headline: ClassVar[str] = "how strictly is its order inspected?"
    may_decline: ClassVar[bool] = False  # the order has been taken: it is inspected somehow

    kind: Literal["inspection"] = "inspection"
    serial: int  # 0, 1, 2, ... within the run
    now_min: float  # wall minutes
    asker: int  # number of the line that takes the order
    orders: NDArray[np.int64]  # (1,) the order's position in the book
    table: CandidateTable  # one row: the order, seen from its line
    style: str  # id
    product: str
    price_usd: float  # per piece
    priority: float  # multiplies the lateness penalty
    strictness: Floats  # (n,) rising
    allowed: NDArray[np.bool_]  # (n,)
    house: int  # position of what the house would do; always legal
    learned_share: float  # of the style by the line when it begins, 0 to 1
    defective_share: float  # of the order's pieces, to be expected
    flagged: Floats  # (n,) share of the pieces that will be flagged; or (0,)
    escaped: Floats  # (n,) share of the pieces that will be escapes; or (0,)
    expected_usd: Floats  # (n,) of the whole order; or (0,)
    gate_min: float  # work waiting before the line's inspectors, minutes of their table
    bench_min: float  # the same of its repair bench
    lines: LinesView
    site: SiteView

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        """Is the lever the policy's?"""
        return scenario.inspection.lever == "agent"

    @property
    def shown(self) -> CandidateTable:
        """The order in question."""
        return self.table

    @property
    def standing_line(self) -> int:
        """The line that takes the order."""
        return self.asker

    @property
    def pieces(self) -> float:
        """Pieces of the order."""
        return float(self.table.pieces[0])

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, shape (n,)."""
        return self.allowed

    def answers(self, visible: NDArray[np.int64]) -> NDArray[np.int64]:
        """All degrees, whatever orders are seen."""
        return np.arange(self.strictness.shape[0])

    def why_refused(self, action: int, visible: NDArray[np.int64]) -> str:
        """Why an agent may not act so."""
        allowed = ", ".join(str(i) for i in np.flatnonzero(self.allowed))
        return f"action {action} is refused: {allowed} are degrees of strictness for this order"

    def usual(self) -> int:
        """The degree nearest to the scenario's own strictness."""
        return self.house

    def check(self, answer: int) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        n = self.strictness.shape[0]
        check_whole(self, answer, n - 1)
        if not 0 <= answer < n:
            raise IllegalAnswer(
                f"inspection {self.serial}: answer {answer} is out of range; 0 to {n - 1} mean a "
                f"strictness of {', '.join(f'{s:g}' for s in self.strictness)}"
            )
        if not self.allowed[answer]:
            raise IllegalAnswer(
                f"inspection {self.serial}: a strictness of {self.strictness[answer]:g} is "
                "refused: this customer's pieces are not inspected more leniently than at "
                f"{self.strictness[self.house]:g}"
            )

    def row(self, answer: int) -> AnswerRow:
        """The answer as the log keeps it."""
        order = float(self.orders[0])
        return numbered_row(self, answer, choices=self.strictness.shape[0], order=order)

    def answer_from(self, row: AnswerRow) -> int:
        """The answer that a row of the log holds."""
        return int(row.values["answer"])


class InspectionPolicy(Protocol):
    """A policy that also says how strictly pieces are inspected (``inspection.lever: agent``)."""

    def choose_strictness(self, choice: InspectionChoice) -> int:
        """The answer: a position in ``choice.legal()`` that is true."""
        ...


PLUG = InspectionChoice
