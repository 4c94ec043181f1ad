"""Sizes that stand in columns of their own: their sum is the quantity, or has to be it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.door.order_findings import Findings
from factory_env.door.order_format import BookFormat
from factory_env.door.tables.number_column import read_numbers
from factory_env.door.tables.table import Columns, Table, TypedNumber, fold_name

SUM: Final = "quantity"  # what the column of the sums is called
_LETTERS: Final = re.compile(r"(\d?x{0,4}[sl]|x{1,4}_[sl]|m|[sml]_[sml]|x{0,3}s_s|l_x{0,3}l)")
_NUMBER: Final = re.compile(r"\d{2,3}")
_BEFORE: Final = re.compile(r"(size|sz|qty|pcs|gr|größe|talla|taille|尺码)_?")
_LEAST: Final = 2  # columns that sizes in letters need; those in numbers one more


def find_sizes(names: Sequence[str]) -> list[str]:
    """The columns among ``names`` that are sizes; none where too few look like some.

    >>> find_sizes(["S", "M", "L", "Remarks"]), find_sizes(["36", "38", "40"]), find_sizes(["L"])
    (['S', 'M', 'L'], ['36', '38', '40'], [])
    """
    plain = {name: _BEFORE.sub("", fold_name(name), count=1) for name in names}
    letters = [name for name in names if _LETTERS.fullmatch(plain[name])]
    numbers = [name for name in names if _NUMBER.fullmatch(plain[name])]
    if len(numbers) <= _LEAST:
        numbers = []
    chosen = {*letters, *numbers} if len(letters) >= _LEAST else set(numbers)
    return [name for name in names if name in chosen]


def add_sizes(table: Table, columns: Columns, how: BookFormat, findings: Findings) -> Table:
    """The table with a column of the pieces of all sizes, where no column says the pieces."""
    sizes = find_sizes(columns.unused)
    if "quantity" in columns.at or "quantity" in how.columns or not sizes:
        return table
    sums, odd = _add_up(table, sizes, how)
    rule = "must be pieces of a size"
    findings.say_rows("quantity", rule, [(table.rows[i][0], text) for i, text in odd], "e.g. 1200")
    width = len(table.header)
    rows = tuple(
        (line, [*cells[:width], *[""] * (width - len(cells)), TypedNumber(f"{total:g}")])
        if len(cells) <= width
        else (line, cells)
        for (line, cells), total in zip(table.rows, sums.tolist(), strict=True)
    )
    findings.note(f"quantity: the sum of the sizes {', '.join(map(repr, sizes))}")
    return dataclasses.replace(table, header=(*table.header, SUM), rows=rows)


def compare_sizes(table: Table, columns: Columns, how: BookFormat, findings: Findings) -> None:
    """Report rows whose sizes do not add up to their quantity, where those of most rows do."""
    sizes = find_sizes(columns.unused)
    if "quantity" not in columns.at or not sizes or not table.rows:
        return
    sums, odd = _add_up(table, sizes, how)
    totals = read_numbers(
        table.column(columns.at["quantity"]), decimal=how.decimal, is_whole=True
    ).values
    known = np.isfinite(totals)
    known[[i for i, _ in odd]] = False
    same = known & (totals == sums)
    if 2 * same.sum() <= known.sum():
        return  # they are something else
    names = ", ".join(map(repr, sizes))
    findings.note(f"quantity: checked against the sizes {names}; the simulation knows no sizes")
    wrong = np.flatnonzero(known & ~same).tolist()
    bad = [(table.rows[i][0], f"{totals[i]:,g}, and {sums[i]:,g} in sizes") for i in wrong]
    findings.say_rows("quantity", f"must be the sum of {names}", bad, "correct one of them")


def _add_up(
    table: Table, sizes: Sequence[str], how: BookFormat
) -> tuple[NDArray[np.float64], list[tuple[int, str]]]:
    """The sum of each row; rows with a cell that is no number, and the cell."""
    sums = np.zeros(len(table.rows))
    odd: list[tuple[int, str]] = []
    for name in sizes:
        cells = table.column(table.header.index(name))
        column = read_numbers(cells, decimal=how.decimal, is_whole=True)
        odd += [(i, f"{cells[i]!r} in {name!r}") for i in (*column.wrong, *column.unclear)]
        sums += np.nan_to_num(column.values)
    return sums, sorted(odd)
