"""Reads the columns of a file of styles or bulletins: texts, and numbers within limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factory_env.door.styles.product_words import clean_text
from factory_env.door.tables.number_column import agree_decimal, read_numbers
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import (
    Columns,
    Table,
    fold_name,
    match_columns,
    name_unit,
    suggest_column,
)
from factory_env.errors import Problem, wrong

Synonyms = Mapping[str, Sequence[str]]
MAX_FILE_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number of a column may be, and what its unit is worth."""

    low: float  # exclusive, unless it is 0 and ``may_be_zero``
    high: float
    scales: Mapping[str, float]  # unit in the column's name -> factor to ours
    example: str
    may_be_zero: bool = False
    hint: str = "correct the number"


class Sheet:
    """A table with known columns; `problems` grows with what is wrong in its cells."""

    def __init__(self, table: Table, synonyms: Synonyms) -> None:
        self.table = table
        self.columns: Columns = match_columns(table.header, synonyms)
        self.problems: list[Problem] = list(table.problems)
        numeric = [table.column(i) for i in range(len(table.header))]
        self._decimal = agree_decimal(numeric)

    @property
    def lines(self) -> list[int]:
        """The file's line of each row."""
        return [line for line, _ in self.table.rows]

    def has(self, name: str) -> bool:
        """Is there such a column?"""
        return name in self.columns.at

    def require(self, name: str, right: str = "") -> None:
        """Report a column that must be there and is not."""
        if self.has(name):
            return
        near = suggest_column(name, self.columns)
        hint = f"rename {near!r}? " if near else ""
        got = ", ".join(self.table.header)
        self._say(self.table.header_line, name, "the column must be there", got, hint + right)

    def texts(self, name: str) -> list[str]:
        """The cells of a column, cleaned; "" everywhere where there is none."""
        if not self.has(name):
            return [""] * len(self.table.rows)
        return [clean_text(cell) for cell in self.table.column(self.columns.at[name])]

    def numbers(self, name: str, unit: Unit) -> list[float | None]:
        """The numbers of a column in our unit; None = blank, or wrong and reported."""
        if not self.has(name):
            return [None] * len(self.table.rows)
        at = self.columns.at[name]
        header = self.table.header[at]
        scale = self._scale(name, header, unit)
        if scale is None:
            return [None] * len(self.table.rows)
        cells = self.table.column(at)
        column = read_numbers(cells, others=self._decimal)
        for row in (*column.wrong, *column.unclear):
            rule = "must be a number" if row in column.wrong else "must be clear about its marks"
            self._say(self.lines[row], name, rule, repr(cells[row]), f"e.g. {unit.example}")
        values: list[float | None] = []
        for i, value in enumerate(column.values.tolist()):
            worth = self._worth(name, i, column.unit_of[i], scale, unit)
            is_given = not np.isnan(value) and worth is not None
            values.append(self._limit(name, i, value * (worth or 0.0), unit) if is_given else None)
        return values

    def _worth(self, name: str, row: int, beside: str, scale: float, unit: Unit) -> float | None:
        """The factor of a cell: what stands beside its digits goes before the column's name."""
        word = beside.casefold().strip(" .")
        if not word:
            return scale
        if word not in unit.scales:
            known = ", ".join(u for u in unit.scales if u) or "a bare number"
            self.say(row, name, "must be in a known unit", repr(beside), f"known: {known}")
        return unit.scales.get(word)

    def _limit(self, name: str, row: int, value: float, unit: Unit) -> float | None:
        """The value if it makes sense."""
        if unit.low < value <= unit.high or (value == 0.0 and unit.may_be_zero):
            return value
        low = f"from {unit.low:g}" if unit.may_be_zero else f"more than {unit.low:g}"
        got = repr(self.table.column(self.columns.at[name])[row])
        self.say(row, name, f"must be {low} to {unit.high:g}", got, unit.hint)
        return None

    def say(self, row: int, field: str, rule: str, got: str, right: str) -> None:
        """Report a problem of one row."""
        self._say(self.lines[row], field, rule, got, right)

    def _say(self, line: int, field: str, rule: str, got: str, right: str) -> None:
        self.problems.append(wrong(f"{self.table.where}:{line}", field, rule, got, right))

    def _scale(self, name: str, header: str, unit: Unit) -> float | None:
        """The factor of the unit in a column's name; None = a strange one, and reported."""
        given = name_unit(header).casefold()
        tail = fold_name(header).rpartition("_")[2]
        word = given or (tail if tail in unit.scales else "")
        if word in unit.scales or not word:
            return unit.scales.get(word, 1.0)
        known = ", ".join(u for u in unit.scales if u)
        self._say(
            self.table.header_line, name, "must be in a known unit", header, f"known: {known}"
        )
        return None


def read_sheet(path: Path | str, synonyms: Synonyms) -> Sheet:
    """The table of a file; see `read_table` for what it may be.

    Raises
    ------
    InputError
        If there is no table to read.
    """
    names = {word for name, words in synonyms.items() for word in (name, *words)}
    # a style may be two words and nothing else: no row is taken for a remark
    table = read_table(path, names=names, max_rows=MAX_FILE_ROWS, has_remarks=False)
    return Sheet(table, synonyms)
