"""Numbers of an order book: pieces, prices and priorities, whatever marks and units they have."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from factory_env.door.order_findings import Findings, more_rows
from factory_env.door.order_format import KEY, BookFormat
from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.number_column import (
    NumberColumn,
    agree_decimal,
    read_numbers,
)
from factory_env.door.tables.table import BLANK, name_unit, quote

MAX_QUANTITY: Final = 1_000_000
MAX_PRICE_USD: Final = 10_000.0
MAX_PRIORITY: Final = 1_000.0
# column -> least, most, example
_RANGE: Final = {
    "quantity": (1.0, float(MAX_QUANTITY), "e.g. 1200"),
    "price": (0.0, MAX_PRICE_USD, "e.g. 4.50"),
    "priority": (0.0, MAX_PRIORITY, "e.g. 1"),
}
# a unit of a quantity -> pieces
_PIECES: Final = {
    **dict.fromkeys(
        ("", "pc", "pcs", "piece", "pieces", "unit", "units", "ea", "each", "nos"), 1.0
    ),
    **dict.fromkeys(
        ("no", "nos", "st", "stk", "stck", "stück", "u", "pza", "pzas", "pz", "\u4ef6"), 1.0
    ),
    **dict.fromkeys(("dz", "doz", "dzn", "dozen", "dozens", "dtz"), 12.0),
}
_DOLLARS: Final = ("", "$", "usd", "us$", "us-$", "usd$", "dollar", "dollars")
_CURRENCY: Final = re.compile(
    "eur|euro|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|try|tl|rub|uah|cny|rmb|jpy|yen|hkd|twd|krw|inr|"
    "rs|pkr|bdt|tk|taka|lkr|vnd|thb|idr|rp|myr|php|mxn|brl|clp|cop|pen|ars|aud|cad|nzd|sgd|zar|"
    r"egp|mad|tnd|etb|kes|mmk|khr|r\$|kr|ft|lei"
)
_PER_PIECE: Final = re.compile(r"\s*(/|per)\s*(pcs?|pieces?|unit|ea|stk|stück)\.?$")


def read_values(
    texts: Mapping[str, Sequence[str]],
    headers: Mapping[str, str],
    others: Sequence[Sequence[str]],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> dict[str, list[float | None]]:
    """Numbers of the columns that are there; None = wrong, and reported.

    Parameters
    ----------
    texts
        Cells of ``quantity``, ``price`` and ``priority``.
    headers
        Their names in the file, which may carry a unit.
    others
        Cells of all other columns: those of numbers show the file's decimal mark.
    """
    shared = agree_decimal([*texts.values(), *(cells for cells in others if _is_numeric(cells))])
    values: dict[str, list[float | None]] = {}
    for name, cells in texts.items():
        column = read_numbers(
            cells, decimal=how.decimal, others=shared, is_whole=name == "quantity"
        )
        _say_marks(name, cells, column, lines, how, findings)
        factors = _find_factors(name, column, headers[name], cells, lines, how, findings)
        numbers = [
            None if factor is None or math.isnan(value) else float(value) * factor
            for value, factor in zip(column.values, factors, strict=True)
        ]
        values[name] = _check_range(name, numbers, cells, lines, findings)
    return values


def _is_numeric(cells: Sequence[str]) -> bool:
    """Does a column hold numbers only?"""
    typed = {cell for cell in cells if cell.casefold() not in BLANK}
    return bool(typed) and all(read_cell(cell) is not None for cell in typed)


def _say_marks(
    name: str,
    cells: Sequence[str],
    column: NumberColumn,
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> None:
    """Report cells that are no number, or could be two; note marks that had to be settled."""
    odd = sorted({*column.wrong, *np.flatnonzero(column.is_blank).tolist()})
    right = _RANGE[name][2]
    bad = [(lines[i], quote(cells[i])) for i in odd]
    findings.say_rows(name, "must be a number", bad, right)
    if column.unclear:
        first = column.unclear[0]
        cell = read_cell(cells[first])
        assert cell is not None
        got = f"{quote(cells[first])}: {cell.as_point:g} with a decimal point, {cell.as_comma:g} "
        got += f"with a decimal comma{more_rows(len(column.unclear) - 1)}"
        rule = "must say whether its mark stands for thousands"
        right = f"{KEY}.decimal=point or {KEY}.decimal=comma"
        findings.say(lines[first], name, rule, got, right)
    if column.settled:
        first = column.settled[0]
        why = "the column's other cells" if column.decimal else "other columns"
        why = f"{KEY}.decimal={how.decimal}" if how.decimal else why
        value = column.values[first]
        is_whole = float(value).is_integer() and value >= 1000
        mark = "its mark stands for thousands" if is_whole else "its mark is the decimal one"
        shown = f"{value:,.0f}" if is_whole else f"{value:g}"
        findings.note(f"{name}: {quote(cells[first])} is read as {shown}: {mark}, by {why}")


def _find_factors(
    name: str,
    column: NumberColumn,
    header: str,
    cells: Sequence[str],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> list[float | None]:
    """What one of each cell's unit is worth in pieces or USD; None = nobody knows."""
    of_header = name_unit(header)
    if name == "price" and not of_header:
        of_header = next((w for w in ("eur", "gbp") if w in header.casefold().split("_")), "")
    known = {unit: _worth(name, unit or of_header, how) for unit in column.units}
    factors = [known.get(unit) for unit in column.unit_of]
    strange = [i for i, unit in enumerate(column.unit_of) if known.get(unit, 1.0) is None]
    if strange:
        _say_unit(name, column.unit_of[strange[0]] or of_header, strange, cells, lines, findings)
    worth = {f for unit, f in known.items() if f not in (None, 1.0)}
    if worth and name == "quantity":
        findings.note("quantity: dozens are read as 12 pieces each")
    elif worth:
        findings.note(f"price: times {how.usd_per_unit:g} USD, by {KEY}.usd_per_unit")
    return factors


def _say_unit(
    name: str,
    unit: str,
    rows: Sequence[int],
    cells: Sequence[str],
    lines: Sequence[int],
    findings: Findings,
) -> None:
    """Report cells in a unit that has no known worth."""
    rule, right = "must be a number", _RANGE[name][2]
    if name == "price" and is_currency(unit):
        rule, right = "must be in USD", f"USD, or {KEY}.usd_per_unit=<USD for one {unit}>"
    elif name == "quantity":
        right += ", or with pcs or dz"
    rest = more_rows(len(rows) - 1)
    got = f"{quote(cells[rows[0]])}{'' if unit in cells[rows[0]] else f' in {unit}'}{rest}"
    findings.say(lines[rows[0]], name, rule, got, right)


def _worth(name: str, unit: str, how: BookFormat) -> float | None:
    plain = _PER_PIECE.sub("", unit.casefold().strip(". "))
    if name == "quantity":
        return _PIECES.get(plain)
    if name == "priority":
        return 1.0 if not plain else None
    if plain in _DOLLARS[1:]:
        return 1.0
    if not plain:  # of the book's currency
        return how.usd_per_unit or 1.0
    return how.usd_per_unit if is_currency(plain) else None


def is_currency(unit: str) -> bool:
    """Is this the sign or the short name of a currency?"""
    is_sign = len(unit) == 1 and unicodedata.category(unit) == "Sc"
    return is_sign or bool(_CURRENCY.fullmatch(unit.casefold()))


def _check_range(
    name: str,
    numbers: Sequence[float | None],
    cells: Sequence[str],
    lines: Sequence[int],
    findings: Findings,
) -> list[float | None]:
    low, high, _ = _RANGE[name]
    values = np.array([math.nan if n is None else n for n in numbers])
    outside = np.flatnonzero((values <= 0) | (values < low) | (values > high))
    rule = f"must be {'from 1' if low else 'more than 0'} to {high:,.0f}"
    for is_high, right in ((True, "correct the number"), (False, "a positive number")):
        rows = [i for i in outside.tolist() if (values[i] > high) == is_high]
        findings.say_rows(name, rule, [(lines[i], quote(cells[i])) for i in rows], right)
    broken: list[int] = []
    if name == "quantity":
        odd = np.flatnonzero(np.isfinite(values) & (values != np.floor(values)))
        broken = sorted(set(odd.tolist()) - set(outside.tolist()))
        bad = [(lines[i], quote(cells[i])) for i in broken]
        findings.say_rows(name, "must be whole pieces", bad, "e.g. 1200")
    gone = {*outside.tolist(), *broken}
    return [None if i in gone else number for i, number in enumerate(numbers)]
