"""A table with a name, columns with units, and rows: one sheet of the workbook, one CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "count", "number", "money", "share", "when"]


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column."""

    name: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def header(self) -> str:
        """Name and unit."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table."""

    name: str  # "Late orders"
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]  # a value a column; None = empty

    @property
    def file_name(self) -> str:
        """Of its CSV file."""
        return f"{self.name.lower().replace(' ', '_')}.csv"
