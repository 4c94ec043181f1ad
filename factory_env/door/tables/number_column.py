"""A column of numbers: its texts settle together what their marks mean."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.door.tables.cell_number import CellNumber, Marks, read_cell
from factory_env.door.tables.table import BLANK

Decimal = Literal["point", "comma"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """A column of numbers. Arrays have shape (rows,)."""

    values: NDArray[np.float64]  # NaN = blank, no number, or unclear
    is_blank: NDArray[np.bool_]
    wrong: tuple[int, ...]  # rows that hold no number
    unclear: tuple[int, ...]  # rows whose mark may stand for thousands or for a fraction
    settled: tuple[int, ...]  # rows with such a mark that something settled
    units: Counter[str]  # what stands beside the digits -> rows; "" = nothing
    unit_of: tuple[str, ...]  # of each row
    decimal: Decimal | None  # the mark that the column's own cells show
    is_mixed: bool  # some cells show a decimal point, others a decimal comma


def show_decimal(texts: Sequence[str]) -> Decimal | None:
    """The decimal mark that a column's cells prove; None if they prove none, or both."""
    return _own_decimal([cell for cell in _read_cells(texts) if cell is not None])


def read_numbers(
    texts: Sequence[str],
    *,
    decimal: Decimal | None = None,
    others: Decimal | None = None,
    is_whole: bool = False,
) -> NumberColumn:
    """The numbers of a column.

    A mark before exactly three digits may stand for thousands. It is settled by ``decimal``,
    else by the column's other cells, else by ``others``; where nothing settles it, it is unclear.

    Parameters
    ----------
    decimal
        The decimal mark, as the user says.
    others
        The decimal mark that the file's other columns show, see `show_decimal`.
    is_whole
        The column counts things: other columns may make a mark one of thousands there, but not
        one of a fraction (1.000 pieces in a file of prices such as 2.60).
    """
    cells = _read_cells(texts)
    own = _own_decimal([cell for cell in cells if cell is not None])
    chosen = decimal or own
    values = np.full(len(texts), math.nan)
    odd: list[int] = []
    unclear: list[int] = []
    settled: list[int] = []
    for i, (text, cell) in enumerate(zip(texts, cells, strict=True)):
        if cell is None:
            if text.casefold() not in BLANK:
                odd.append(i)
            continue
        value = _choose(cell, chosen, None if chosen else others, is_whole)
        if value is None:
            unclear.append(i)
        else:
            values[i] = value
            if cell.value is None:
                settled.append(i)
    units = tuple("" if cell is None else cell.unit for cell in cells)
    marks = {cell.marks for cell in cells if cell is not None}
    return NumberColumn(
        values=values,
        is_blank=np.array([text.casefold() in BLANK for text in texts], dtype=np.bool_),
        wrong=tuple(odd),
        unclear=tuple(unclear),
        settled=tuple(settled),
        units=Counter(cell.unit for cell in cells if cell is not None),
        unit_of=units,
        decimal=own,
        is_mixed={Marks.POINT, Marks.COMMA} <= marks,
    )


def agree_decimal(columns: Sequence[Sequence[str]]) -> Decimal | None:
    """The decimal mark that all columns which prove one agree on."""
    shown = {mark for texts in columns if (mark := show_decimal(texts)) is not None}
    return shown.pop() if len(shown) == 1 else None


def _read_cells(texts: Sequence[str]) -> list[CellNumber | None]:
    """Each cell once, however often a column repeats it."""
    known: dict[tuple[str, type], CellNumber | None] = {}
    for text in texts:
        key = (text, type(text))
        if key not in known:
            known[key] = None if text.casefold() in BLANK else read_cell(text)
    return [known[text, type(text)] for text in texts]


def _own_decimal(cells: Sequence[CellNumber]) -> Decimal | None:
    marks = {cell.marks for cell in cells}
    if (Marks.POINT in marks) == (Marks.COMMA in marks):
        return None
    return "point" if Marks.POINT in marks else "comma"


def _choose(
    cell: CellNumber, chosen: Decimal | None, others: Decimal | None, is_whole: bool
) -> float | None:
    if cell.value is not None:
        return cell.value
    decimal = chosen or others
    if decimal is None:
        return None
    value = cell.as_point if decimal == "point" else cell.as_comma
    is_fraction = value != max(cell.as_point, cell.as_comma, key=abs)
    return None if is_fraction and is_whole and not chosen else value
