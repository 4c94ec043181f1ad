"""What of a file is not used, and why; one line for one cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 3  # items of one cause that are listed one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something of the file that is not used."""

    line: int  # of the file; 1 = the header
    column: str
    reason: str
    cause: str  # the reason without what is special to the row
    is_row: bool = True  # the whole row; otherwise this value only

    def __str__(self) -> str:
        what = "row" if self.is_row else "value"
        return f"line {self.line}: {what} left out: {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Items that are left out for one cause."""

    items: tuple[LeftOut, ...]

    @property
    def line(self) -> int:
        """Of the first."""
        return self.items[0].line

    @property
    def reason(self) -> str:
        """That of the first, and how many more there are."""
        first = self.items[0]
        if len(self.items) == 1:
            return first.reason
        what = "rows" if first.is_row else "values"
        return f"{first.reason}; {len(self.items) - 1} more {what}, to line {self.items[-1].line}"

    def __str__(self) -> str:
        first = self.items[0]
        what = "row" if first.is_row else "value"
        return f"line {first.line}: {what} left out: {first.column}: {self.reason}"


def group_causes(items: Iterable[LeftOut]) -> list[Cause]:
    """Items by cause, in the order of the file; a cause of few items is listed item by item."""
    causes: dict[tuple[str, str, bool], list[LeftOut]] = {}
    for item in items:
        causes.setdefault((item.column, item.cause, item.is_row), []).append(item)
    groups = []
    for alike in causes.values():
        few = len(alike) <= SHOWN
        groups += [Cause((item,)) for item in alike] if few else [Cause(tuple(alike))]
    return groups
