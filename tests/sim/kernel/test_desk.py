"""The desk: requests in order of arrival, one question at a time, legal answers only."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from factory_env.errors import IllegalAnswer
from factory_env.sim.kernel.desk import Desk


@dataclass(frozen=True)
class Tea:
    """A question whose legal answers are below ``cups``."""

    serial: int
    asker: str
    cups: int = 2

    def check(self, answer: int) -> None:
        if answer >= self.cups:
            raise IllegalAnswer(f"{answer} cups")


@dataclass(eq=False)
class Guest:
    """Asks as often as it has a wish; remembers what it was given."""

    name: str
    wishes: int = 1
    given: list[tuple[int, int]] = field(default_factory=list)

    def question(self, serial: int) -> Tea | None:
        return Tea(serial, self.name) if self.wishes else None

    def answer(self, choice: Tea, answer: int) -> None:
        self.wishes -= 1
        self.given.append((choice.serial, answer))


@pytest.fixture
def guests() -> tuple[Guest, Guest, Guest]:
    return Guest("a"), Guest("b"), Guest("c")


def seated(*guests: Guest) -> Desk:
    desk = Desk()
    for guest in guests:
        desk.request(guest)
    return desk


def test_questions_come_in_the_order_of_their_requests_and_are_numbered(guests) -> None:
    desk = seated(*guests)
    asked = []
    while (question := desk.pending()) is not None:
        asked.append((question.serial, question.asker))
        desk.answer(0)
    assert asked == [(0, "a"), (1, "b"), (2, "c")]
    assert not desk.is_waiting


def test_the_pending_question_stays_until_it_is_answered(guests) -> None:
    desk = seated(*guests)
    assert not desk.is_asking
    assert desk.pending() is desk.pending()
    assert desk.is_asking
    assert desk.answer(1) == Tea(0, "a")
    assert guests[0].given == [(0, 1)]


def test_an_illegal_answer_changes_nothing(guests) -> None:
    desk = seated(*guests)
    question = desk.pending()
    with pytest.raises(IllegalAnswer, match="2 cups"):
        desk.answer(2)
    assert desk.pending() is question
    assert guests[0].given == []


def test_there_is_no_answer_without_a_question() -> None:
    with pytest.raises(IllegalAnswer, match="no decision is pending"):
        Desk().answer(0)


def test_a_request_is_filed_once_only(guests) -> None:
    guest = guests[0]
    guest.wishes = 2
    desk = seated(guest, guest)
    desk.pending()
    desk.answer(0)
    assert desk.pending() is None
    assert len(guest.given) == 1


def test_a_request_that_may_not_wait_is_put_before_the_others(guests) -> None:
    first, second, urgent = guests
    desk = seated(first, second)
    desk.request_next(urgent)
    assert desk.pending().asker == "c"


def test_a_guest_who_has_answered_himself_is_not_asked_and_takes_no_number(guests) -> None:
    guests[0].wishes = 0
    desk = seated(*guests)
    assert desk.pending() == Tea(0, "b")
    assert not desk.has_request(guests[0])
    assert desk.has_request(guests[2])


def test_a_question_that_is_asked_again_is_built_anew_under_the_same_number(guests) -> None:
    desk = seated(*guests)
    before = desk.pending()
    desk.ask_again()
    assert desk.is_waiting
    assert not desk.is_asking
    assert desk.pending() == before
    assert desk.pending() is not before
