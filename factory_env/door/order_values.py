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
from factory_env.door.order_terms import PIECES
from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.number_column import (
    NumberColumn,
    agree_decimal,
    read_numbers,
)
from factory_env.door.tables.table import BLANK, fold_name, name_unit, quote

MAX_QUANTITY: Final = 1_000_000
MAX_PRICE_USD: Final = 10_000.0
MAX_PRIORITY: Final = 1_000.0
# column -> least, most, example
_RANGE: Final = {
    "quantity": (1.0, float(MAX_QUANTITY), "e.g. 1200"),
    "price": (0.0, MAX_PRICE_USD, "e.g. 4.50"),
    "priority": (0.0, MAX_PRIORITY, "e.g. 1"),
}
_DOLLARS: Final = ("", "$", "usd", "us$", "us-$", "usd$", "dollar", "dollars")
_CURRENCY: Final = re.compile(
    "eur|euro|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|try|tl|rub|uah|cny|rmb|jpy|yen|hkd|twd|krw|inr|"
    "rs|pkr|bdt|tk|taka|lkr|vnd|thb|idr|rp|myr|php|mxn|brl|clp|cop|pen|ars|aud|cad|nzd|sgd|zar|"
    r"egp|mad|tnd|etb|kes|mmk|khr|r\$|kr|ft|lei"
)
_DOZENS: Final = "quantity: dozens are read as 12 pieces each"
_OF_A_DOZEN: Final = "price: that of a dozen is divided by 12"
_PER_DOZEN: Final = re.compile(r"\s*(/|per)\s*(dz|doz|dzn|dozen|dtz)\.?$")
_DOZEN_WORDS: Final = frozenset(("dz", "doz", "dzn", "dozen", "dtz"))
_SIGNS: Final = {"€": "eur", "euro": "eur", "£": "gbp", "rmb": "cny", "yen": "jpy"}
_PER_PIECE: Final = re.compile(r"\s*(/|per)\s*(pcs?|pieces?|unit|ea|stk|stück)\.?$")


def read_values(
    texts: Mapping[str, Sequence[str]],
    headers: Mapping[str, str],
    others: Sequence[Sequence[str]],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
    beside: Mapping[str, Sequence[str]],
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
    beside
        Units that stand in columns of their own, by the name of the number.
    """
    shared = agree_decimal([*texts.values(), *(cells for cells in others if _is_numeric(cells))])
    values: dict[str, list[float | None]] = {}
    for name, cells in texts.items():
        column = read_numbers(
            cells, decimal=how.decimal, others=shared, is_whole=name == "quantity"
        )
        _say_marks(name, cells, column, lines, how, findings)
        units = _join_units(name, column.unit_of, headers[name], beside.get(name))
        factors = _find_factors(name, units, cells, lines, how, findings)
        numbers = [
            None if factor is None or math.isnan(value) else float(value) * factor
            for value, factor in zip(column.values, factors, strict=True)
        ]
        values[name] = _check_range(name, numbers, cells, lines, findings)
    if _DOZENS in findings.notes and "price" in texts and _OF_A_DOZEN not in findings.notes:
        findings.note("price: of one piece, though dozens are ordered ('price per dozen' is of 12)")
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


def _join_units(
    name: str, own: Sequence[str], header: str, beside: Sequence[str] | None
) -> list[str]:
    """The unit of each row: of the cell, else of the column beside it, else of the header.

    Where two of them say different things, both: nobody knows such a unit.
    """
    of_header = name_unit(header)
    words = fold_name(header).split("_")
    if name == "price" and not of_header:
        of_header = next((w for w in ("eur", "gbp") if w in words), "")
    is_dozen = name == "price" and bool(_DOZEN_WORDS & set(words))
    units = []
    for i, unit in enumerate(own):
        plain = unit or of_header
        other = beside[i].strip() if beside is not None else ""
        if plain and other and _name_alike(name, plain) != _name_alike(name, other):
            units.append(f"{plain} and {other}")
        else:
            units.append(f"{plain or other} per dozen" if is_dozen else plain or other)
    return units


def _name_alike(name: str, unit: str) -> object:
    """What units that mean the same have in common."""
    plain = _PER_PIECE.sub("", unit.casefold().strip(". "))
    if name == "quantity":
        return PIECES.get(plain, plain)
    plain = _PER_DOZEN.sub("", plain)
    return "usd" if plain in _DOLLARS else _SIGNS.get(plain, plain)


def _find_factors(
    name: str,
    units: Sequence[str],
    cells: Sequence[str],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> list[float | None]:
    """What one of each cell's unit is worth in pieces or USD; None = nobody knows."""
    known = {unit: _worth(name, unit, how) for unit in dict.fromkeys(units)}
    strange = [i for i, unit in enumerate(units) if known[unit] is None]
    if strange:
        _say_unit(name, units[strange[0]], strange, cells, lines, findings)
    worth = {f for unit, f in known.items() if f not in (None, 1.0)}
    if worth and name == "quantity":
        findings.note(_DOZENS)
    if name == "price":
        _note_prices(units, known, lines, how, findings)
    return [known[unit] for unit in units]


def _note_prices(
    units: Sequence[str],
    known: Mapping[str, float | None],
    lines: Sequence[int],
    how: BookFormat,
    findings: Findings,
) -> None:
    """Note prices of a dozen and of another currency; refuse those of two other currencies."""
    if any(_is_of_dozen(unit) for unit in units):
        findings.note(_OF_A_DOZEN)
    money = {unit: _name_alike("price", unit.removesuffix(" per dozen")) for unit in known}
    foreign = [u for u, f in known.items() if f not in (None, 1.0, 1 / 12)]
    if foreign and how.usd_per_unit is not None:
        findings.note(f"price: times {how.usd_per_unit:g} USD, by {KEY}.usd_per_unit")
    named = {money[unit] for unit in foreign if money[unit] != "usd"}
    if len(named) > 1:
        row = next(i for i, unit in enumerate(units) if unit in foreign)
        got = " and ".join(sorted(map(str, named)))
        right = f"one file for each currency, each with its {KEY}.usd_per_unit"
        findings.say(lines[row], "price", "must be of one currency beside USD", got, right)


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
    money = _PER_DOZEN.sub("", unit.casefold())
    if name == "price" and is_currency(money):
        money = unit[: len(money)]
        rule, right = "must be in USD", f"USD, or {KEY}.usd_per_unit=<USD for one {money}>"
    elif name == "quantity":
        right += ", or with pcs or dz"
    rest = more_rows(len(rows) - 1)
    got = f"{quote(cells[rows[0]])}{'' if unit in cells[rows[0]] else f' in {unit}'}{rest}"
    findings.say(lines[rows[0]], name, rule, got, right)


def _worth(name: str, unit: str, how: BookFormat) -> float | None:
    plain = _PER_PIECE.sub("", unit.casefold().strip(". "))
    if name == "quantity":
        return PIECES.get(plain)
    if name == "priority":
        return 1.0 if not plain else None
    pieces = 12.0 if _is_of_dozen(plain) else 1.0
    plain = _PER_DOZEN.sub("", plain)
    if plain in _DOLLARS[1:]:
        return 1.0 / pieces
    if not plain:  # of the book's currency
        return (how.usd_per_unit or 1.0) / pieces
    if how.usd_per_unit is None or not is_currency(plain):
        return None
    return how.usd_per_unit / pieces


def _is_of_dozen(unit: str) -> bool:
    return bool(_PER_DOZEN.search(unit.casefold()))


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
