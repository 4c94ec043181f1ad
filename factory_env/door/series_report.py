"""What is wrong with a series file, and what had to be done to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from factory_env.errors import Problem, wrong

SHOWN: Final = 5  # rows that a message lists
Cell = tuple[int, str]  # line of the file and text


@dataclass(slots=True)
class Report:
    """Problems and notes of one file."""

    where: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, name: str, rule: str, got: str, right: str, line: int = 0) -> None:
        where = f"{self.where}:{line}" if line else self.where
        self.problems.append(wrong(where, name, rule, got, right))

    def wrong_cells(self, name: str, rule: str, cells: Sequence[Cell], right: str) -> None:
        """A problem for each of the first cells, and one for all others."""
        for line, got in cells[:SHOWN]:
            self.wrong(name, rule, got, right, line)
        if len(cells) > SHOWN:
            self.wrong(name, rule, f"{len(cells) - SHOWN} more rows like these", right)
