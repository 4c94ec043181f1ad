"""Columns of an order book: their names here, in exports of other programs, and what may lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from factory_env.door.order_format import KEY
from factory_env.door.styles.book_styles import PRODUCT_COLUMNS
from factory_env.door.tables.table import Columns, Table, fold_name, suggest_column
from factory_env.library import rows

# our name -> what other programs call it (folded), the best first
SYNONYMS: Final[Mapping[str, Sequence[str]]] = {
    **{row["column"]: row["words"].split() for row in rows("order_columns.csv")},
    "product": PRODUCT_COLUMNS,
}
NAMES: Final = tuple({word for name, words in SYNONYMS.items() for word in (name, *words)})
_NEEDED: Final = ("order_id", "style", "quantity", "release", "due")
SHOWN: Final = ("order_id", "style", "quantity", "release", "due", "price", "priority", "customer")
_WITHOUT: Final = {  # what holds where a column lacks
    "price": "no column price: every style has the price of its product",
    "priority": "no column priority: 1 for every order",
    "customer": "no column customer: nobody is named",
}

Finding = tuple[str, str, str, str]  # field, rule, what it is, what would be right


def note_columns(columns: Columns) -> tuple[str, ...]:
    """What was taken for what, what is not used, and what stands for columns that lack."""
    notes = []
    if columns.unused:
        notes.append(f"columns not used: {', '.join(map(repr, columns.unused))}")
    pairs = [f"{n} from {c!r}" for n, c in columns.other_names.items() if n != "line"]
    if pairs:
        notes.append(f"columns by other names: {', '.join(pairs)}")
    for name, others in columns.rivals.items():
        if name != "line":
            listed = ", ".join(map(repr, others))
            key = f"{KEY}.columns.{name}"
            notes.append(f"{name} is not read from {listed}, which {key}='...' would do")
    notes += [text for name, text in _WITHOUT.items() if name not in columns.at]
    return tuple(notes)


def check_columns(
    table: Table, columns: Columns, given: Mapping[str, str], *, has_release: bool
) -> Iterator[Finding]:
    """What is wrong with the columns of a book."""
    header = ", ".join(table.header[:40])
    for name in _NEEDED:
        if name in columns.at or name in given:
            continue
        if (name == "style" and "product" in columns.at) or (name == "release" and has_release):
            continue
        near = suggest_column(name, columns)
        right = f"rename {near!r}?" if near else f"columns: {', '.join(SHOWN)}"
        if name == "release":
            right += f"; or one day for all orders: {KEY}.release=2026-03-02"
        elif not near:
            right += f"; or name it: {KEY}.columns.{name}='...'"
        yield name, "the column must be there", header, right
    for name, own in given.items():
        if name not in SYNONYMS:
            right = f"one of {', '.join(SYNONYMS)}"
            yield f"{KEY}.columns", "must name columns of a book", repr(name), right
        elif name not in columns.at:
            yield f"{KEY}.columns.{name}", "must be a column of the file", repr(own), header
    folded = [fold_name(cell) for cell in table.header]
    for name, position in columns.at.items():
        if (copies := folded.count(folded[position])) > 1:
            yield name, "must be one column", f"{copies}", "rename the other"
