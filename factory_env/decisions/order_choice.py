"""Which waiting order next? Asked by a free sewing line (dispatch) or a free cutting table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.rehearsal import Rehearse
from factory_env.domain.answers import AnswerRow, check_whole, numbered_row
from factory_env.domain.scenario import Scenario
from factory_env.errors import IllegalAnswer

CUTTING = "cutting"  # the kind of a cutting table's question
HOLD = 0  # answer 0 holds the line; answer i takes the i-th order of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChoice:
    """A question with ``len(table) + 1`` answers.

    Answer 0 is *hold* (legal if ``can_hold``: other work may still come, or another line
    may take this work); answer ``i`` takes the order ``orders[i - 1]``.
    """

    asks: ClassVar[str] = "choose"
    role: ClassVar[str] = "lines"

    kind: Literal["dispatch", "cutting"]
    serial: int  # 0, 1, 2, ... within the run
    now_min: float  # wall minutes
    asker: int  # number of the line or the cutting table
    orders: NDArray[np.int64]  # (n,) positions in the order book
    table: CandidateTable
    can_hold: bool
    lines: LinesView
    site: SiteView
    look: Callable[[], Outlook] | None = field(default=None, repr=False, compare=False)
    # tries an answer with other luck, as long as the question is pending
    rehearse: Rehearse | None = field(default=None, repr=False, compare=False)

    @property
    def outlook(self) -> Outlook:
        """All orders that are known, for those who plan ahead; while the question is pending.

        Raises
        ------
        RuntimeError
            If the question has been answered, or is not one of a running factory.
        """
        if self.look is None:
            raise RuntimeError(f"{self.kind} {self.serial}: no running factory asks this")
        return self.look()

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, shape (n + 1,)."""
        mask = np.ones(len(self.table) + 1, dtype=np.bool_)
        mask[HOLD] = self.can_hold
        return mask

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        """Lines always ask; who answers for the cutting tables says ``flow.cutting_rule``."""
        return True

    @property
    def shown(self) -> CandidateTable:
        """The orders among which is chosen."""
        return self.table

    @property
    def standing_line(self) -> int | None:
        """The free line; none if a cutting table asks."""
        return self.asker if self.kind == "dispatch" else None

    @property
    def may_decline(self) -> bool:
        """May the line hold?"""
        return self.can_hold

    @property
    def headline(self) -> str:
        """The question in a few words."""
        return "which order is cut next?" if self.kind == CUTTING else "which order next?"

    def answers(self, visible: NDArray[np.int64]) -> NDArray[np.int64]:
        """Hold, and the orders that an agent sees: its actions as answers, shape (m + 1,)."""
        meant = np.full(visible.shape[0] + 1, HOLD, dtype=np.int64)
        np.add(visible, 1, out=meant[1:])
        return meant

    def why_refused(self, action: int, visible: NDArray[np.int64]) -> str:
        """Why an agent that sees some of the orders may not act so."""
        if action == HOLD:
            return "hold is refused: no other work can come and no other line will take what waits"
        n = visible.shape[0]
        return f"action {action} is refused: {n} orders are visible, so 1 to {n} take one of them"

    def usual(self) -> int:
        """The order that is due first."""
        return int(self.table.due_in_min.argmin()) + 1

    def check(self, answer: int) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        n = len(self.table)
        check_whole(self, answer, n)
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

    def row(self, answer: int) -> AnswerRow:
        """The answer as the log keeps it."""
        order = float("nan") if answer == HOLD else float(self.orders[answer - 1])
        return numbered_row(self, answer, choices=len(self.table), order=order)

    def answer_from(self, row: AnswerRow) -> int:
        """The answer that a row of the log holds."""
        return int(row.values["answer"])


Decision = OrderChoice  # the word of those who write rules


class Policy(Protocol):
    """Anything that answers questions; what it has no method for the house answers."""

    def choose(self, decision: Decision) -> int:
        """The answer: a position in ``decision.legal()`` that is true."""
        ...


PLUG = OrderChoice
