"""Rows that are colours and sizes of one order: added up where the book's user says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from factory_env.door.order_findings import Findings
from factory_env.door.order_format import BookFormat
from factory_env.door.order_rows import Row
from factory_env.door.tables.table import Columns, fold_name

COLOURS: Final = frozenset(
    (
        "colour",
        "color",
        "colours",
        "colors",
        "colour_name",
        "color_name",
        "colour_code",
        "color_code",
        "colourway",
        "colorway",
        "shade",
        "wash",
        "farbe",
        "farbcode",
        "couleur",
        "颜色",
        "色号",
    )
)
OF_ALL: Final = ("style", "product", "release", "due", "priority", "customer", "unit", "currency")
_APART: Final = "another id, or the same value"
_Line = tuple[int, list[str]]


def group_rows(
    rows: Sequence[_Line], columns: Columns, how: BookFormat, findings: Findings
) -> list[list[int]]:
    """Positions of the rows of each order; one of its own each, unless rows are to be added up.

    Rows of one order have everything in common but pieces, price and columns that are not used.
    """
    at = columns.at.get("order_id")
    if how.repeated != "sum" or at is None:
        return [[i] for i in range(len(rows))]
    groups: dict[str, list[int]] = {}
    for i, (line, cells) in enumerate(rows):
        order_id = cells[at]
        group = groups.setdefault(order_id or f"\0{i}", [])
        if group:
            first_line, first = rows[group[0]]
            for name in OF_ALL:
                if name in columns.at and cells[columns.at[name]] != first[columns.at[name]]:
                    texts = [repr(row[columns.at[name]]) for row in (cells, first)]
                    got = f"{texts[0]}, in line {first_line} {texts[1]}"
                    rule = f"must be one in all rows of {order_id!r}"
                    findings.say(line, name, rule, got, _APART)
        group.append(i)
    many = [group for group in groups.values() if len(group) > 1]
    if many:
        count = sum(map(len, many))
        findings.note(f"{count} rows are {len(many)} orders: the sum of those with one id")
    return list(groups.values())


def find_colours(
    header: Sequence[str], rows: Sequence[_Line], columns: Columns
) -> tuple[str, ...] | None:
    """The colour of each row; None = no column says it."""
    named = [name for name in columns.unused if fold_name(name) in COLOURS]
    if not named:
        return None
    at = list(header).index(named[0])
    return tuple(cells[at].casefold() for _, cells in rows)


def add_up(
    rows: Sequence[Row],
    groups: Sequence[Sequence[int]],
    colours: Sequence[str] | None,
    findings: Findings,
) -> list[Row]:
    """One row for each order: all pieces, the mean price of a piece, as many lots as colours."""
    orders = []
    for group in groups:
        parts = [rows[i] for i in group]
        whole = parts[0]
        if len(parts) > 1:
            pieces = _sum([part.quantity for part in parts])
            values = [
                None if part.price is None or part.quantity is None else part.price * part.quantity
                for part in parts
            ]
            value = _sum(values)
            price = whole.price if value is None or not pieces else value / pieces
            if len({part.price for part in parts}) == 1:
                price = whole.price
            lots = 1 if colours is None else len({colours[i] for i in group})
            lots = max(1, min(lots, int(pieces or 1)))
            whole = dataclasses.replace(whole, quantity=pieces, price=price, colours=lots)
        orders.append(whole)
    _note(orders, findings)
    return orders


def _sum(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _note(orders: Sequence[Row], findings: Findings) -> None:
    counts: Mapping[str, int] = {row.order_id: row.colours for row in orders if row.colours > 1}
    if counts:
        shown = ", ".join(f"{name} {count}" for name, count in list(counts.items())[:5])
        findings.note(f"colour lots, of nearly equal size: {shown}")
