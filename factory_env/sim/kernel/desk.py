"""The desk: whoever needs an answer files a request; the factory stops until it is answered."""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from factory_env.decision import Question
from factory_env.errors import IllegalAnswer


class Asker(Protocol):
    """A part of the factory that asks questions."""

    def question(self, serial: int) -> Question | None:
        """The question as things stand now; None if it has answered itself."""
        ...

    def answer(self, choice: Any, answer: Any) -> None:
        """Act on a legal answer."""
        ...


class Desk:
    """Requests in order of arrival; one question is pending at a time."""

    def __init__(self) -> None:
        self._requests: deque[Asker] = deque()
        self._pending: tuple[Asker, Question] | None = None
        self._serial = 0

    @property
    def is_waiting(self) -> bool:
        """Is a question pending or a request filed?"""
        return self._pending is not None or bool(self._requests)

    def request(self, asker: Asker) -> None:
        """File a request unless the asker already has one."""
        if asker not in self._requests:
            self._requests.append(asker)

    def request_next(self, asker: Asker) -> None:
        """File a request that is put before all others: nothing may happen in between."""
        self._requests.appendleft(asker)

    def has_request(self, asker: Asker) -> bool:
        """Is a request of ``asker`` waiting?"""
        return asker in self._requests

    def pending(self) -> Question | None:
        """The question on the desk; builds the next one if there is none."""
        while self._pending is None and self._requests:
            asker = self._requests.popleft()
            choice = asker.question(self._serial)
            if choice is not None:
                self._serial += 1
                self._pending = (asker, choice)
        return None if self._pending is None else self._pending[1]

    @property
    def is_asking(self) -> bool:
        """Has a question been asked and not been answered?"""
        return self._pending is not None

    def ask_again(self) -> None:
        """Put the pending question back, to be built anew because what it shows has changed."""
        if self._pending is not None:
            self._requests.appendleft(self._pending[0])
            self._pending = None
            self._serial -= 1

    def answer(self, answer: Any) -> Question:
        """Answer the pending question; returns it.

        Raises
        ------
        IllegalAnswer
            If nothing is pending or the answer is not offered; the question stays pending.
        """
        if self._pending is None:
            raise IllegalAnswer("no decision is pending; call advance() first")
        asker, choice = self._pending
        choice.check(answer)
        self._pending = None
        asker.answer(choice, answer)
        return choice
