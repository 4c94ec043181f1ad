"""The rows of an order book: which are orders, and what each is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from factory_env.domain.product import Style
from factory_env.door.order_findings import Findings
from factory_env.door.order_format import KEY
from factory_env.door.tables.day_column import Moment
from factory_env.door.tables.table import Columns, Table

_TOTAL: Final = re.compile(
    r"(grand |sub|sub-)?total|sum|summe|gesamt(summe)?|zwischensumme|suma|somme|count|records?",
    re.IGNORECASE,
)
_ERROR: Final = re.compile(r"#(REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|N/A|SPILL!|CALC!)$")
_TELL_APART: Final = (
    f"another id; of rows of sizes or colours: {KEY}.repeated=sum for their sum, or the column "
    f"that tells them apart, e.g. {KEY}.columns.line='Size'"
)
_Line = tuple[int, list[str]]


@dataclass(slots=True)
class Row:
    """What is readable of a row; None = wrong, and reported, or of a column that lacks."""

    line: int
    order_id: str
    style: Style | None
    quantity: float | None
    release: Moment | None
    due: Moment | None
    price: float | None
    priority: float | None
    customer: str
    colours: int = 1  # lots of one colour


def find_orders(table: Table, columns: Columns, findings: Findings) -> list[_Line]:
    """Rows that are orders: as wide as the header, and no totals."""
    width = len(table.header)
    orders, totals, odd = [], [], []
    for line, cells in table.rows:
        if _is_total(cells, columns.at):
            totals.append(line)
        elif len(cells) == width:
            orders.append((line, cells))
        else:
            odd.append((line, f"{len(cells)}"))
    rule = f"must have {width} fields, as the header"
    findings.say_rows("row", rule, odd, "quote fields that hold the delimiter")
    if totals:
        findings.note(f"rows of totals are not read: {', '.join(map(str, totals[:5]))}")
    return orders


def _is_total(cells: Sequence[str], at: Mapping[str, int]) -> bool:
    """Is there neither style nor due day, and a word for a total, or no id?"""
    named = [cells[at[n]] for n in ("style", "product", "due") if n in at and at[n] < len(cells)]
    if any(named) or not ("style" in at or "product" in at):
        return False
    return any(_TOTAL.fullmatch(cell.strip(" :")) for cell in cells if cell)


def report_broken(rows: Sequence[_Line], columns: Columns, findings: Findings) -> None:
    """Report names that are the error of a spreadsheet's formula."""
    for name in ("order_id", "customer", "line"):
        at = columns.at.get(name)
        bad = [] if at is None else [(n, cells[at]) for n, cells in rows if _ERROR.match(cells[at])]
        findings.say_rows(name, "must hold a value", bad, "mend the formula of this cell")


def name_orders(rows: Sequence[_Line], columns: Columns, findings: Findings) -> list[str]:
    """The id of every order; one that its line within the order makes unique has both."""
    if "order_id" not in columns.at:  # reported already
        return [""] * len(rows)
    ids = [cells[columns.at["order_id"]] for _, cells in rows]
    if len(set(ids)) < len(ids) and "line" in columns.at:
        whole = [
            f"{a}-{cells[columns.at['line']]}" for a, (_, cells) in zip(ids, rows, strict=True)
        ]
        if len(set(whole)) == len(whole):
            findings.note(f"ids are repeated: order and line together name them, e.g. {whole[0]!r}")
            ids = whole
    for line, rule, got, right in _id_problems([line for line, _ in rows], ids):
        findings.say(line, "order_id", rule, got, right)
    return ids


def _id_problems(lines: Sequence[int], ids: Sequence[str]) -> Iterator[tuple[int, str, str, str]]:
    first: dict[str, int] = {}
    blank: list[int] = []
    twice: list[tuple[int, str]] = []
    for line, order_id in zip(lines, ids, strict=True):
        if not order_id:
            blank.append(line)
        elif order_id in first:
            twice.append((line, order_id))
        else:
            first[order_id] = line
    for line in blank[:5]:
        yield line, "must be given", "nothing", "a name of its own"
    if len(blank) > 5:
        yield blank[5], "must be given", f"{len(blank) - 5} more rows like these", "a name each"
    for line, order_id in twice[:5]:
        got = f"{order_id!r}, also in line {first[order_id]}"
        yield line, "must be unique", got, _TELL_APART
    if len(twice) > 5:
        kinds = len(Counter(order_id for _, order_id in twice))
        got = f"{len(twice) - 5} more rows like these ({kinds} ids are repeated)"
        yield twice[5][0], "must be unique", got, "other ids, or a column of the line within it"
