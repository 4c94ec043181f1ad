"""Columns of daily records: those of the UCI set, and the names that factories give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from factory_env.door.tables.table import Columns, Table, fold_name, suggest_column
from factory_env.library import rows

KEY: Final = "data_format"  # of the config
SYNONYMS: Final[Mapping[str, Sequence[str]]] = {
    row["column"]: row["words"].split() for row in rows("record_columns.csv")
}
NAMES: Final = tuple({word for name, words in SYNONYMS.items() for word in (name, *words)})
LOOKED_AT: Final = ("wip", "incentive", "idle_time", "idle_men", "no_of_style_change")
EARNED: Final = ("produced_minutes", "produced_hours", "pieces", "minutes")
_SHOWN: Final = "date, team, smv, no_of_workers, and actual_productivity or pieces"

Finding = tuple[str, str, str, str]  # field, rule, what it is, what would be right


def note_columns(columns: Columns) -> list[str]:
    """What was taken for what, and what is not used."""
    notes = []
    at = columns.at
    missing = [name for name in LOOKED_AT if name not in at]
    if missing:
        notes.append(f"columns not there, and not needed: {', '.join(missing)}")
    if columns.unused:
        notes.append(f"columns not used: {', '.join(map(repr, columns.unused))}")
    if columns.other_names:
        pairs = ", ".join(f"{name} from {cell!r}" for name, cell in columns.other_names.items())
        notes.append(f"columns by other names: {pairs}")
    for name, others in columns.rivals.items():
        listed = ", ".join(map(repr, others))
        notes.append(f"{name} is not read from {listed}, which {KEY}.columns.{name}='...' would do")
    if "department" not in at:
        notes.append("no column department: every row is one of sewing")
    if "targeted_productivity" not in at and "target_pieces" not in at:
        notes.append("no column of targets: nothing is said about being held back at them")
    return notes


def check_columns(table: Table, columns: Columns, given: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with the columns of daily records."""
    at, header = columns.at, ", ".join(table.header[:40])
    lacking = [name for name in ("date", "team", "no_of_workers") if name not in at]
    if not any(name in at for name in ("actual_productivity", *EARNED)):
        lacking.append("actual_productivity")
    if "smv" not in at and not {"produced_minutes", "pieces"} <= set(at):
        lacking.append("smv")
    for name in lacking:
        if name in given:
            continue
        near = suggest_column(name, columns)
        right = f"rename {near!r}?" if near else f"needed: {_SHOWN}"
        if name == "actual_productivity":
            right += "; pieces, smv, no_of_workers and hours do as well"
        yield name, "the column must be there", header, f"{right}; or {KEY}.columns.{name}='...'"
    for name, own in given.items():
        if name not in SYNONYMS:
            right = f"one of {', '.join(SYNONYMS)}"
            yield f"{KEY}.columns", "must name columns of the records", repr(name), right
        elif name not in at:
            yield f"{KEY}.columns.{name}", "must be a column of the file", repr(own), header
    folded = [fold_name(cell) for cell in table.header]
    for name, position in at.items():
        if (copies := folded.count(folded[position])) > 1:
            yield name, "must be one column", f"{copies}", "rename the other"
    if not table.rows:
        yield "file", "must hold rows", "a header only", "one row per team and day"
