"""A run's past, and the one who lives it again: gives its answers, compares its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from factory_env.decision import Question
from factory_env.domain.answers import AnswerRow, Asked
from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.errors import ArtifactError, IllegalAnswer
from factory_env.sim.history.fresh_book import Book
from factory_env.sim.kernel.halt import StopSimulation
from factory_env.sim.orders.book import Book as OrderBook
from factory_env.sim.orders.to_come import ToCome
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import clock_text

FOREVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """From a moment on, everything still to come was drawn anew."""

    fresh_seed: int
    at_min: float
    answers: int  # given before
    is_asked: bool  # while a question was pending

    def is_before(self, until_min: float) -> bool:
        """Has it happened at the first instant of a minute?"""
        return self.at_min < until_min or (self.at_min == until_min and not self.is_asked)

    def is_timed(self, answers: Sequence[AnswerRow]) -> bool:
        """Did it come with the clock, rather than at a question or right after an answer?"""
        last_min = answers[self.answers - 1].now_min if self.answers else 0.0
        return not self.is_asked and self.at_min > last_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that has to be known to live a run again."""

    scenario: Scenario
    seed: int
    orders: Sequence[Order] | None = None  # the book it was given; None = it drew its own
    answers: Sequence[AnswerRow] = ()
    renewals: Sequence[Renewal] = ()
    opening: FloorState | None = None  # the floor with which it began; None = an empty one
    changes: Sequence[Change] = ()  # what happened to it, each with its minute


class Livable(Protocol):
    """A run that can be lived again, from its first minute on."""

    @property
    def now_min(self) -> float:
        """Wall minutes since the start."""
        ...

    @property
    def book(self) -> OrderBook:
        """Its orders."""
        ...

    @property
    def tables(self) -> PlantTables:
        """What the plant's lines can do with them."""
        ...

    @property
    def to_come(self) -> ToCome:
        """Which of them are still to come."""
        ...

    def advance(self) -> Question | None:
        """Run until somebody asks, or to a minute to halt at; None at the end."""
        ...

    def answer(self, answer: Any) -> AnswerRow:
        """Answer the pending question; returns how the log keeps it."""
        ...

    def ask_again(self) -> None:
        """Have the pending question built anew."""
        ...

    def renew(self, renewal: Renewal) -> None:
        """Draw everything still to come anew."""
        ...

    def halt_at(self, minute: float) -> None:
        """Have `advance` raise `StopSimulation` at the first instant of a minute."""
        ...


class Replay:
    """Gives a run's answers to a new factory, and compares its questions with the record."""

    def __init__(self, fork: Livable, past: Past, stages: list[Book]) -> None:
        self._fork = fork
        self._past = past
        self._stages = stages  # the book before each renewal, and after the last
        self._has_moved = bool(stages) and bool(past.changes)

    def renew(self, renewal: Renewal) -> None:
        """Draw the rest anew at the moment at which the past did so."""
        fork = self._fork
        if renewal.is_asked:
            self._next_question()
        elif renewal.is_timed(self._past.answers):
            self.run_to(renewal.at_min, may_end=True)
        if self._stages:
            fork.to_come.expect(self._stages[1], instead_of=self._stages[0])
            del self._stages[0]
        fork.renew(renewal)
        fork.ask_again()

    def run_to(self, minute: float, *, may_end: bool = False) -> None:
        """Run to a minute at which SimPy has been told to halt; nothing may be asked before."""
        fork, question = self._fork, self._next_question()
        if question is not None:
            raise _differs(f"question {_text(question)} is asked", "holds no answer to it")
        if fork.now_min < minute and not may_end:
            raise _differs(
                f"the run ends at {clock_text(fork.now_min)}", f"goes on to {clock_text(minute)}"
            )

    def answer(self, row: AnswerRow) -> None:
        """Give one recorded answer, if the question is the recorded one."""
        fork, question = self._fork, self._next_question()
        recorded = f"holds question {_text(row)}"
        if question is None:
            raise _differs("nothing is asked any more", recorded)
        if _key(question) != _key(row):
            raise _differs(f"question {_text(question)} is asked", recorded)
        try:
            given = fork.answer(question.answer_from(row))
        except IllegalAnswer as error:
            raise _differs(str(error), recorded) from None
        # a book drawn anew is of another length: orders added to it stand elsewhere
        passed = ("order",) if self._has_moved else ()
        if not given.is_same(row, but=passed):
            raise _differs(
                f"question {_text(question)} was answered by {tuple(given.values.values())}",
                f"holds {tuple(row.values.values())}",
            )

    def _next_question(self) -> Question | None:
        """The next question; None if the run ends or a minute to halt at comes before."""
        try:
            return self._fork.advance()
        except StopSimulation:
            return None


def _key(question: Asked) -> tuple[int, str, float, int]:
    """What tells a question from all others."""
    return (question.serial, question.kind, question.now_min, question.asker)


def _text(question: Asked) -> str:
    serial, kind, now_min, asker = _key(question)
    return f"{serial} ({kind} {asker} at {clock_text(now_min)}, minute {now_min!r})"


def _differs(replay: str, record: str) -> ArtifactError:
    return ArtifactError(
        f"the replay differs from the record: {replay}, but the record {record}; code or data "
        "have changed since the run"
    )
