"""What may be asked, and who may answer: the only words that factory and policies share.

A kind of question is a file of `factory_env.decisions`: it says itself by which method a policy
answers it, whose role that is, and what the house does where nobody has a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final, Protocol, TypeGuard, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import CandidateTable
from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.decisions.order_choice import Decision as Decision  # what every rule is asked
from factory_env.decisions.order_choice import Policy as Policy  # anything that answers it
from factory_env.domain.answers import AnswerRow, Asked
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario

LINES: Final = "lines"  # the role of a policy for the floor


class Question(Asked, Protocol):
    """One decision to be made. The answer is a whole number or a frozen dataclass."""

    asks: ClassVar[str]  # the method by which a policy answers it
    role: ClassVar[str]  # whose it is in a team

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        """Is it put to a policy in such runs?"""
        ...

    @property
    def headline(self) -> str:
        """The question in a few words."""
        ...

    def usual(self) -> Any:
        """What the house does where a policy has no view."""
        ...

    def check(self, answer: Any) -> None:
        """Raise `IllegalAnswer` unless ``answer`` is legal."""
        ...

    def row(self, answer: Any) -> AnswerRow:
        """A legal answer as the log keeps it."""
        ...

    def answer_from(self, row: AnswerRow) -> Any:
        """The answer that a row of the log holds."""
        ...


@runtime_checkable
class ReadsItsAnswers(Protocol):
    """A kind of question whose answers stand in a table of the log that has another purpose."""

    @staticmethod
    def logged(log: RunLog, scenario: Scenario, serials: Iterator[int]) -> Iterable[AnswerRow]:
        """The answers in a run's log, in the order of asking.

        Parameters
        ----------
        serials
            Numbers of the run's questions that are in no other table.
        """
        ...


class FloorQuestion(Question, Protocol):
    """A question to the lines' policy, answered by the number of a choice."""

    @property
    def lines(self) -> LinesView:
        """The sewing lines."""
        ...

    @property
    def site(self) -> SiteView:
        """The rest of the site."""
        ...

    @property
    def shown(self) -> CandidateTable | None:
        """The orders that it is about, if any."""
        ...

    @property
    def standing_line(self) -> int | None:
        """The line that waits for the answer, if one does."""
        ...

    @property
    def may_decline(self) -> bool:
        """Is it an answer to leave things as they are?"""
        ...

    def legal(self) -> NDArray[np.bool_]:
        """Which answers are legal, one after the other."""
        ...

    def answers(self, visible: NDArray[np.int64]) -> NDArray[np.int64]:
        """The answers open to an agent that sees some of the orders, in order of its actions."""
        ...

    def why_refused(self, action: int, visible: NDArray[np.int64]) -> str:
        """Why such an agent may not act so."""
        ...


class AllRounder(Protocol):
    """A policy that takes every kind of question that it has no method of its own for."""

    def answer(self, question: Question) -> Any:
        """The answer; ``question.usual()`` where it has no view."""
        ...


def is_of_floor(question: Question | None) -> TypeGuard[FloorQuestion]:
    """Is it for the policy of the lines?"""
    return question is not None and question.role == LINES


def ask(policy: object, question: Question) -> Any:
    """The policy's answer; what it has no view on is left to the house's rule.

    It is asked by the method that the question names, else by ``answer``, if it has one.
    """
    answer = getattr(policy, question.asks, None) or getattr(policy, "answer", None)
    return question.usual() if answer is None else answer(question)
