"""Columns of an order book that say what others mean: unit, currency, status, pieces shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from factory_env.door.order_findings import Findings
from factory_env.door.order_format import KEY
from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.table import Columns, Table, fold_name


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# a unit of a quantity -> pieces
PIECES: Final = {
    **dict.fromkeys(
        ("", "pc", "pcs", "piece", "pieces", "unit", "units", "ea", "each", "nos"), 1.0
    ),
    **dict.fromkeys(
        ("no", "nos", "st", "stk", "stck", "stück", "u", "pza", "pzas", "pz", "件"), 1.0
    ),
    **dict.fromkeys(("dz", "doz", "dzn", "dozen", "dozens", "dtz", "dzd", "dzs", "打"), 12.0),
}
# units that hold nobody knows how many pieces
_OTHER_UNITS: Final = _words(
    "pr prs pair pairs pk pks pack packs pkt set sets ctn ctns carton cartons box boxes bx "
    "case cases kg kgs g lb lbs m mtr mtrs meter yd yds gross grs cs"
)
_OF_UNITS_ONLY: Final = "unit"  # a name that a column of factories has as well
_ENDED: Final = _words(
    "cancelled canceled cancel cxl cnl cancelado closed complete completed shipped delivered "
    "done finished invoiced void deleted storniert erledigt abgeschlossen geliefert "
    "geschlossen cancelada cerrado cerrada entregado entregada terminado terminada anulado anulada "
    "取消 已取消 已完成 完成 已出货 已发货 已关闭 已交货"
)
_OPEN: Final = _words(
    "open_qty open_quantity qty_open balance balance_qty bal_qty qty_balance remaining "
    "remaining_qty qty_remaining to_ship qty_to_ship outstanding outstanding_qty backlog "
    "balance_to_ship offen offene_menge restmenge"
)
_GONE: Final = _words(
    "shipped shipped_qty shipped_quantity qty_shipped ship_qty delivered delivered_qty "
    "qty_delivered despatched dispatched_qty geliefert liefermenge invoiced_qty"
)
_Line = tuple[int, list[str]]


def find_units(texts: Sequence[str] | None, header: str) -> Sequence[str] | None:
    """Units that stand in a column of their own; None = there is none, or of something else."""
    if texts is None:
        return None
    typed = {text.casefold().strip(". ") for text in texts}
    is_named_so = fold_name(header) != _OF_UNITS_ONLY
    return texts if is_named_so or typed & ({*PIECES, *_OTHER_UNITS} - {""}) else None


def leave_ended(rows: Sequence[_Line], columns: Columns, findings: Findings) -> list[_Line]:
    """Orders that are not closed or cancelled by their status, and have pieces left to make."""
    at = columns.at.get("status")
    ended = [
        line for line, cells in rows if at is not None and cells[at].casefold().strip() in _ENDED
    ]
    if at is not None and ended:
        words = sorted({cells[at] for line, cells in rows if line in set(ended)})
        listed = ", ".join(map(repr, words))
        findings.note(f"{_rows(ended)} not read: the status is {listed}")
    done = []
    name = fold_name(columns.other_names.get("quantity", ""))
    if name in _OPEN:
        spot = columns.at["quantity"]
        done = [n for n, cells in rows if n not in set(ended) and _is_nought(cells[spot])]
        if done:
            findings.note(f"{_rows(done)} not read: no pieces are open")
    gone = {*ended, *done}
    kept = [row for row in rows if row[0] not in gone]
    if rows and not kept:
        findings.say(rows[0][0], "file", "must hold open orders", "none", "one row per open order")
    return kept


def ask_quantity(
    table: Table, columns: Columns, given: Mapping[str, str], findings: Findings
) -> None:
    """Refuse a book that has ordered pieces beside those that are shipped or open.

    Where nothing is shipped yet, both are the same.
    """
    if "quantity" in given or "quantity" not in columns.at:
        return
    taken = table.header[columns.at["quantity"]]
    others = [cell for cell in table.header if cell and cell != taken]
    is_open = fold_name(taken) in _OPEN
    left = [cell for cell in others if fold_name(cell) in _OPEN]
    gone = [cell for cell in others if fold_name(cell) in _GONE]
    if is_open or not (left or gone):
        return
    texts = table.column(columns.at["quantity"])
    is_same = all(table.column(table.header.index(cell)) == texts for cell in left)
    is_none = all(_is_nought(t) for cell in gone for t in table.column(table.header.index(cell)))
    if is_same and is_none:
        return
    right = " or ".join(f"{KEY}.columns.quantity={cell!r}" for cell in (*left, taken))
    if not left:
        right = f"a column of the open pieces, or {right} if they are made anew"
    rule = "must say whether the ordered or the open pieces are to be made"
    got = ", ".join(map(repr, (taken, *gone, *left)))
    findings.say(table.header_line, "quantity", rule, got, right)


def _is_nought(text: str) -> bool:
    cell = read_cell(text)
    return not text or text == "-" or (cell is not None and cell.value == 0)


def _rows(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")
    return f"1 row (line {shown}) is" if len(lines) == 1 else f"{len(lines)} rows ({shown}) are"
