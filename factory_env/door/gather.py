"""Collects the problems of several inputs, so that one report lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from factory_env.errors import InputError, Problem

P = ParamSpec("P")
T = TypeVar("T")


class Gather:
    """Runs checks and keeps their problems until `done` raises them together.

    >>> gather = Gather()
    >>> gather(int, "3")
    3
    >>> gather.done()
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The result of ``check``, or None if it raised an InputError."""
        try:
            return check(*args, **kwargs)
        except InputError as error:
            self.problems += error.problems
            return None

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep ``problems`` too."""
        self.problems += problems

    def done(self) -> None:
        """Raise every problem found so far.

        Raises
        ------
        InputError
            If there was any.
        """
        if self.problems:
            raise InputError(self.problems)
