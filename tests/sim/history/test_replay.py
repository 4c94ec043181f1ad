"""A recorded past is lived again answer by answer, and the first difference is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from factory_env.domain.answers import AnswerRow
from factory_env.errors import ArtifactError, IllegalAnswer
from factory_env.sim.history.replay import Past, Renewal, Replay
from factory_env.sim.kernel.halt import StopSimulation

KIND = "toy"


def row(serial: int, now_min: float, answer: int = 1) -> AnswerRow:
    return AnswerRow(
        serial=serial,
        kind=KIND,
        now_min=now_min,
        asker=0,
        table="decisions",
        values={"answer": answer},
    )


@dataclass(frozen=True)
class Toy:
    """A question with two answers, 0 and 1."""

    serial: int
    now_min: float
    kind: str = KIND
    asker: int = 0

    def answer_from(self, row: AnswerRow) -> int:
        return int(row.values["answer"])


@dataclass
class Run:
    """Asks at given minutes, and halts before those it is told to."""

    minutes: list[float]
    end_min: float = 100.0
    now_min: float = 0.0
    asked: int = 0
    halts: list[float] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    again: int = 0

    def advance(self) -> Any:
        coming = self.minutes[self.asked] if self.asked < len(self.minutes) else self.end_min
        if self.halts and self.halts[0] <= coming:
            self.now_min = self.halts.pop(0)
            raise StopSimulation
        self.now_min = coming
        return Toy(self.asked, coming) if self.asked < len(self.minutes) else None

    def answer(self, answer: int) -> AnswerRow:
        if answer not in (0, 1):
            raise IllegalAnswer("0 or 1")
        self.asked += 1
        return row(self.asked - 1, self.now_min, answer)

    def renew(self, renewal: Renewal) -> None:
        self.renewals.append(renewal)

    def ask_again(self) -> None:
        self.again += 1


def replay(run: Run, answers: list[AnswerRow]) -> Replay:
    past = Past(scenario=None, seed=1, answers=answers)  # type: ignore[arg-type]
    return Replay(run, past, [])  # type: ignore[arg-type]


def test_the_recorded_answers_are_given() -> None:
    run, rows = Run([5.0, 9.0]), [row(0, 5.0), row(1, 9.0, 0)]
    living = replay(run, rows)
    for recorded in rows:
        living.answer(recorded)
    assert run.asked == 2
    assert run.now_min == 9.0


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (row(0, 6.0), r"question 0 .* is asked, but the record holds question 0"),
        (replace(row(0, 5.0), kind="other"), r"holds question 0 \(other"),
        (row(0, 5.0, 7), r"0 or 1, but the record holds question 0"),
    ],
)
def test_the_first_difference_is_told(recorded, told) -> None:
    with pytest.raises(ArtifactError, match=told):
        replay(Run([5.0]), [recorded]).answer(recorded)


def test_an_answer_more_than_there_are_questions_is_told() -> None:
    with pytest.raises(ArtifactError, match="nothing is asked any more"):
        replay(Run([]), [row(0, 5.0)]).answer(row(0, 5.0))


def test_running_to_a_minute_meets_no_question_on_the_way() -> None:
    run = Run([50.0], halts=[20.0])
    replay(run, []).run_to(20.0)
    assert run.now_min == 20.0
    with pytest.raises(ArtifactError, match=r"is asked, but the record holds no answer to it"):
        replay(Run([10.0]), []).run_to(20.0)
    with pytest.raises(ArtifactError, match="the run ends at"):
        replay(Run([], end_min=15.0), []).run_to(20.0)


def test_luck_renewed_at_a_question_is_renewed_there_and_asked_again() -> None:
    run = Run([5.0])
    renewal = Renewal(fresh_seed=9, at_min=5.0, answers=0, is_asked=True)
    replay(run, []).renew(renewal)
    assert run.now_min == 5.0
    assert run.renewals == [renewal]
    assert run.again == 1


def test_luck_renewed_with_the_clock_is_renewed_at_its_minute() -> None:
    run = Run([50.0], halts=[20.0])
    replay(run, []).renew(Renewal(fresh_seed=9, at_min=20.0, answers=0, is_asked=False))
    assert run.now_min == 20.0
    assert len(run.renewals) == 1


def test_a_renewal_knows_when_it_was() -> None:
    asked = Renewal(fresh_seed=1, at_min=10.0, answers=1, is_asked=True)
    timed = replace(asked, is_asked=False)
    assert [asked.is_before(m) for m in (9.0, 10.0, 11.0)] == [False, False, True]
    assert [timed.is_before(m) for m in (9.0, 10.0, 11.0)] == [False, True, True]
    rows = [row(0, 10.0), row(1, 12.0)]
    assert not asked.is_timed(rows)
    assert not timed.is_timed(rows)  # right after the answer given in that minute
    assert replace(timed, at_min=11.0).is_timed(rows)
    assert replace(timed, answers=0).is_timed(rows)
