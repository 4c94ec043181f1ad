"""What is found while daily records are read: rows left out, problems, notes."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.door.records.left_out import LeftOut, group_causes
from factory_env.errors import InputError, Problem, wrong


class Faults:
    """Collects what is wrong with one file; rows are counted from 0, ``lines`` says where."""

    def __init__(self, where: str, lines: Sequence[int]) -> None:
        self.left_out: list[LeftOut] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.lines = lines
        self._where = where

    def leave(
        self, row: int, column: str, reason: str, cause: str = "", *, is_row: bool = True
    ) -> None:
        """Leave a row out, or only its value."""
        item = LeftOut(
            line=self.lines[row],
            column=column,
            reason=reason,
            cause=cause or reason,
            is_row=is_row,
        )
        self.left_out.append(item)

    def refuse(self, line: int, field: str, rule: str, got: str, right: str) -> None:
        """Keep a problem that makes a fit impossible."""
        self.problems.append(wrong(f"{self._where}:{line}", field, rule, got, right))

    @property
    def lost_lines(self) -> set[int]:
        """Lines of the rows that are left out."""
        return {item.line for item in self.left_out if item.is_row}

    def raise_if_hopeless(self) -> None:
        """Raise if a fit is impossible.

        Raises
        ------
        InputError
            With what makes it impossible, and with what was left out, one line for one cause.
        """
        if not self.problems:
            return
        rows = [
            wrong(
                f"{self._where}:{cause.line}",
                cause.items[0].column,
                "must be usable",
                cause.reason,
                "correct the row" if len(cause.items) == 1 else "correct the rows",
            )
            for cause in group_causes(self.left_out)
        ]
        raise InputError([*self.problems, *rows])
