"""What is found in an order book: problems with their lines, one for one cause, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from factory_env.errors import Problem, wrong

SHOWN: Final = 5  # values with one fault that are listed one by one


def more_rows(count: int) -> str:
    """Words for rows with the same fault; "" if there are none.

    >>> more_rows(3)
    '; 3 more like it'
    """
    return f"; {count} more like it" if count else ""


class Findings:
    """Collects the problems and notes of one file."""

    def __init__(self, where: str) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._where = where

    def say(self, line: int, field: str, rule: str, got: str, right: str) -> None:
        """Report a problem of one line."""
        self.problems.append(wrong(f"{self._where}:{line}", field, rule, got, right))

    def say_rows(self, field: str, rule: str, rows: Sequence[tuple[int, str]], right: str) -> None:
        """Report lines with one fault: the first values each, all others together."""
        alike: dict[str, list[int]] = {}
        for line, got in rows:
            alike.setdefault(got, []).append(line)
        for got, lines in list(alike.items())[:SHOWN]:
            self.say(lines[0], field, rule, got + more_rows(len(lines) - 1), right)
        rest = sorted(line for lines in list(alike.values())[SHOWN:] for line in lines)
        if rest:
            got = f"{len(rest)} more rows with such faults, to line {rest[-1]}"
            self.say(rest[0], field, rule, got, right)

    def note(self, text: str) -> None:
        """Say what is no error."""
        self.notes.append(text)
