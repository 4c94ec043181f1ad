"""The sheets of a plant's workbook: tables whose cells have names, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import Table, fold_name
from factory_env.errors import Problem, wrong


def letters(column: int) -> str:
    """The name of a column, counted from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@dataclass(slots=True)
class PlantSheet:
    """One sheet; ``problems`` grows with what is wrong in its cells."""

    name: str
    table: Table
    problems: list[Problem]

    def place(self, line: int, column: int) -> str:
        """A cell as messages name it, without the file: ``lines!D7``."""
        return f"{self.name}!{letters(column)}{line}"

    def say(self, line: int, column: int, rule: str, got: str, right: str) -> None:
        """Report a cell; its column's title is the field."""
        file = self.table.where.rpartition("#")[0]
        title = self.table.header[column] if column < len(self.table.header) else self.name
        place = f"{file}#{self.place(line, column)}"
        self.problems.append(wrong(place, title or self.name, rule, got, right))

    def find(self, titles: Sequence[str]) -> dict[str, int]:
        """Where columns are; those that lack are reported."""
        folded = [fold_name(cell) for cell in self.table.header]
        at: dict[str, int] = {}
        for title in titles:
            spots = [i for i, name in enumerate(folded) if name == fold_name(title)]
            if len(spots) == 1:
                at[title] = spots[0]
                continue
            near = difflib.get_close_matches(fold_name(title), folded, n=1)
            right = f"rename {near[0]!r}?" if near and not spots else f"a column {title!r}"
            got = ", ".join(filter(None, self.table.header)) if not spots else f"{len(spots)}"
            rule = "the column must be there" if not spots else "must be one column"
            spot = spots[1] if spots else 0
            file = self.table.where.rpartition("#")[0]
            place = f"{file}#{self.place(self.table.header_line, spot)}"
            self.problems.append(wrong(place, title, rule, got, right))
        return at


def read_plant_sheet(path: Path, name: str, titles: Sequence[str]) -> PlantSheet:
    """A sheet of the workbook; its header is found by the titles of its columns.

    Raises
    ------
    InputError
        If there is no table to read.
    """
    names = [fold_name(title) for title in titles]
    table = read_table(f"{path}#{name}", names=names, max_rows=20_000, has_remarks=False)
    return PlantSheet(name, table, list(table.problems))


def as_number(text: str) -> str | int | float:
    """A cell as a number; a text that is none, or that could be two, stays for its reader.

    >>> as_number("34"), as_number("0,85"), as_number("many"), as_number("1.000")
    (34, 0.85, 'many', '1.000')
    """
    cell = read_cell(text)
    if cell is None or cell.value is None or cell.unit:
        return str(text)
    return int(cell.value) if cell.value.is_integer() else cell.value
