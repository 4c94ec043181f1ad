"""The run log: frozen columnar tables, and what identifies the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.slot_columns import MONEY, SLOT_COLUMNS

LOG_VERSION: Final[int] = 4
OBJECTS: Final = ("U", "B")  # kinds of columns that hold Python objects
NUMBERS: Final = {"i": "i8", "f": "f8", "b": "?"}  # NumPy's letter -> kind of column
Column = NDArray[Any]
Table = Mapping[str, Column]

# table -> column -> (dtype, unit, meaning); U = text, B = bytes. Wall minutes unless said
# otherwise, NaN = never
SCHEMA: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "orders": {
        "order": ("i8", "", "position in the book"),
        "order_id": ("U", "", "the user's name for it"),
        "style": ("U", "", "style id; its picture is in the table designs"),
        "product": ("U", "", "product type"),
        "customer": ("U", "", ""),
        "quantity": ("i8", "pieces", "ordered"),
        "cut": ("i8", "pieces", "cut, extra cut included; 0 = not yet cut"),
        "price_usd": ("f8", "USD", "per piece"),
        "priority": ("f8", "", "multiplies the lateness penalty"),
        "is_rush": ("f8", "0/1", ""),
        "is_repeat": ("f8", "0/1", "of a drawn style whose sales are known"),
        "booked_min": ("f8", "min", "known to the planner"),
        "parent": ("U", "", "the customer's order this is a part of; empty if it is no part"),
        "colours": ("i8", "", "colour lots"),
        "promised_min": ("f8", "min", "fabric promised for"),
        "release_min": ("f8", "min", "fabric in the house"),
        "due_min": ("f8", "min", "must have left"),
        "ready_min": ("f8", "min", "cut, waiting for a line"),
        "line": ("i8", "", "line number; 0 counts; see sewn_min for orders never sewn"),
        "taken_min": ("f8", "min", "chosen by the line"),
        "loaded_min": ("f8", "min", "last bundle through the first station"),
        "sewn_min": ("f8", "min", "last lot off the line"),
        "shipped_min": ("f8", "min", "left the house"),
        "cancelled_min": ("f8", "min", "the customer cancelled"),
        "by_air": ("f8", "0/1", "sent by air"),
        "good": ("i8", "pieces", "shipped"),
        "seconds": ("i8", "pieces", "beyond repair, sold as seconds"),
        "scrapped": ("i8", "pieces", "cut and given back unsewn when the order was cancelled"),
        "defective": ("i8", "pieces", "spoiled on the line"),
        "caught": ("i8", "pieces", "of these, caught at the gate"),
        "false_alarms": ("i8", "pieces", "sound but flagged"),
        "repaired": ("i8", "pieces", "mended at least once"),
        "repairs": ("i8", "", "at the bench"),
        "let_go": ("i8", "pieces", "caught, and defective all the same when they went on"),
        "returns": ("f8", "pieces", "expected to come back; 0 without the inspection station"),
        "setup_min": ("f8", "working min", "line stop for the change"),
        "work_min": ("f8", "operator min", "spent sewing"),
        "learning_lost_min": ("f8", "operator min", "of these, lost to learning"),
        "smv_min": ("f8", "min", "standard minutes per piece"),
        "late_usd": ("f8", "USD", "lateness penalty or air freight charged"),
        "audits": ("i8", "", "AQL audits"),
        "rejections": ("i8", "", "of these, failed"),
        "concession": ("f8", "0/1", "shipped although the last audit failed"),
        "recheck_found": ("i8", "pieces", "escapes found and mended in re-checks"),
        "strictness": ("f8", "", "of its inspection; NaN = no line has taken it"),
    },
    "lots": {
        "order": ("i8", "", "position in the book"),
        "lot": ("i8", "", "number within the order"),
        "line": ("i8", "", ""),
        "pieces": ("i8", "pieces", "sewn"),
        "good": ("i8", "pieces", "after inspection and repair"),
        "defective": ("i8", "pieces", "spoiled on the line"),
        "flagged": ("i8", "pieces", "at the first inspection"),
        "false_alarms": ("i8", "pieces", "of these, sound"),
        "repaired": ("i8", "pieces", "mended at least once"),
        "repairs": ("i8", "", "at the bench"),
        "rounds": ("i8", "", "most repairs of one piece"),
        "seconds": ("i8", "pieces", "beyond repair"),
        "escapes": ("i8", "pieces", "defective, and gone on"),
        "sewn_min": ("f8", "min", "off the line"),
        "camera_start_min": ("f8", "min", "equals inspect_start_min without a camera"),
        "camera_end_min": ("f8", "min", ""),
        "inspect_start_min": ("f8", "min", ""),
        "inspected_min": ("f8", "min", ""),
        "repair_start_min": ("f8", "min", "equals repaired_min if nothing to repair"),
        "repaired_min": ("f8", "min", ""),
        "again_start_min": ("f8", "min", "what was mended is inspected again"),
        "again_min": ("f8", "min", "equals again_start_min if nothing was"),
        "press_start_min": ("f8", "min", ""),
        "pressed_min": ("f8", "min", ""),
        "pack_start_min": ("f8", "min", ""),
        "packed_min": ("f8", "min", ""),
        "check_min": ("f8", "operator min", "people's checks, repeated ones included"),
        "bench_min": ("f8", "operator min", "looks and repairs"),
    },
    "decisions": {
        "serial": ("i8", "", ""),
        "kind": ("U", "", "dispatch, cutting, overtime or inspection"),
        "now_min": ("f8", "min", ""),
        "asker": ("i8", "", "line or cutting table"),
        "choices": ("i8", "", "orders, lengths of the evening or degrees of strictness shown"),
        "answer": (
            "i8",
            "",
            "0 = hold or no overtime, i = i-th order or length; inspection: 0 = most lenient",
        ),
        "order": ("f8", "", "position in the book; NaN = hold"),
    },
    "operations": {
        "order": ("i8", "", "position in the book"),
        "line": ("i8", "", ""),
        "bundle": ("i8", "", "number within the order"),
        "station": ("i8", "", "position along the line"),
        "operator": ("i8", "", ""),
        "start_min": ("f8", "min", ""),
        "end_min": ("f8", "min", ""),
    },
    "attendance": {
        "day": ("i8", "", ""),
        "line": ("i8", "", ""),
        "present_share": ("f8", "", "of the line's operators"),
    },
    "line_days": {  # a factory's own daily records: one row per line and working day begun
        "day": ("i8", "", "calendar day; day 0 is a Monday"),
        "line": ("i8", "", ""),
        "style": ("U", "", "last taken that day; its bundles leave later; empty = none yet"),
        "smv_min": ("f8", "min", "standard minutes per piece of that style"),
        "changes": ("i8", "", "style changes begun"),
        "operators": ("i8", "", "of the line, present or not"),
        "present_share": ("f8", "", "of them"),
        "shift_min": ("f8", "min", "planned, overtime included"),
        "overtime_min": ("f8", "min", ""),
        "stop_min": ("f8", "min", "the whole line stood still"),
        "earned_min": ("f8", "operator min", "standard minutes of the bundles completed"),
        "wip_pieces": ("i8", "pieces", "on the line at the end of the day"),
    },
    "states": {  # where each operator's minutes went; a row adds up to the length of the run
        "line": ("i8", "", ""),
        "operator": ("i8", "", "position along the line"),
        "work_min": ("f8", "min", "sewing, at learned speed"),
        "setup_min": ("f8", "min", "changing over to a style or colour"),
        "learning_min": ("f8", "min", "sewing, lost to learning"),
        "starved_min": ("f8", "min", "ready, without a bundle or an order"),
        "blocked_min": ("f8", "min", "line stopped because the gate is full"),
        "down_min": ("f8", "min", "machine, line or grid out of order"),
        "absent_min": ("f8", "min", ""),
        "off_min": ("f8", "min", "outside shift and overtime"),
    },
    "events": {
        "kind": ("U", "", "line stop, outage, fabric late, quantity, due date, cancelled, ..."),
        "line": ("i8", "", "-1 = the site or an order"),
        "order": ("i8", "", "-1 = none"),
        "start_min": ("f8", "min", ""),
        "end_min": ("f8", "min", ""),
        "amount": ("f8", "", "pieces or days by which an order changed; 0 otherwise"),
    },
    "designs": {  # the season's drawn styles; empty without pictures
        "style": ("U", "", "style id"),
        "product": ("U", "", "product type"),
        "name": ("U", "", ""),
        "category": ("U", "", "garment class that the classifier sees"),
        "asked": ("U", "", "garment class that was to be drawn"),
        "complexity": ("f8", "0-1", "rank in the class"),
        "edge_density": ("f8", "0-1", "rank in the class"),
        "texture_entropy": ("f8", "0-1", "rank in the class"),
        "asymmetry": ("f8", "0-1", "rank in the class"),
        "fragmentation": ("f8", "0-1", "rank in the class"),
        "operations": ("i8", "", "of the style's bulletin"),
        "bulletin": ("U", "", "operations more or less than the product's; plain = as many"),
        "smv_min": ("f8", "min", "standard minutes per piece"),
        "fabric_kg": ("f8", "kg", "per piece"),
        "fabric_factor": ("f8", "", "fabric of a piece over that of the class's mean piece"),
        "cutting_min": ("f8", "min", "per piece"),
        "defect_factor": ("f8", "", "on the defect probability of its operations"),
        "price_usd": ("f8", "USD", "per piece, before rush and fashion"),
        "launch_day": ("f8", "working day", "first day of sale"),
        "window_days": ("f8", "working days", "selling window"),
        "forecast_factor": ("f8", "", "what buyers expected / what it sells"),
        "picture": ("B", "", "28 x 28 grey bytes, row by row"),
    },
    "slots": {**SLOT_COLUMNS, **MONEY},  # of 15 minutes; empty without a site
}

UNITS: Final = ("min", "kg", "kwh", "kw", "usd")  # words at the end of a column's name


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLog:
    """Everything a run left behind. KPIs, charts and reports read this and nothing else.

    A run may have tables, and tables may have columns, beside those of `SCHEMA`: of rooms that
    not every plant has. Their kinds are those of their values.
    """

    tables: Mapping[str, Table]
    seed: int
    end_min: float  # wall minute at which the run ended
    working_days: float  # shift time worked / shift minutes of a day
    finished: bool  # every order shipped before the horizon
    lines: tuple[str, ...]
    operators: tuple[int, ...]
    cost_usd: Mapping[str, float]  # by part, as booked by the ledger
    facts: Mapping[str, float]  # day length and other constants KPIs need


def make_table(name: str, rows: list[tuple[Any, ...]]) -> Table:
    """Rows as columns of the schema's dtypes."""
    schema = SCHEMA[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return {
        column: np.array(values, dtype=object if dtype in OBJECTS else dtype)
        for (column, (dtype, _, _)), values in zip(schema.items(), columns, strict=True)
    }


def schema_of(name: str, table: Table) -> dict[str, tuple[str, str, str]]:
    """Kind, unit and meaning of the columns of a run's table, in its order."""
    known = SCHEMA.get(name, {})
    return {column: known.get(column) or _guessed(column, table[column]) for column in table}


def _guessed(column: str, values: Column) -> tuple[str, str, str]:
    unit = column.rsplit("_", 1)[-1]
    return _kind(values), unit if unit in UNITS else "", ""


def _kind(values: Column) -> str:
    """The kind of a column by its values; of arrays that of their numbers, and ``[]``."""
    if values.dtype != object:
        return NUMBERS[values.dtype.kind]
    first = values[0] if values.shape[0] else ""
    return f"{_kind(first)}[]" if isinstance(first, np.ndarray) else "U"


def objects(values: Sequence[Any]) -> Column:
    """A column of Python objects, shape (n,), also where each of them is an array."""
    column = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        column[i] = value
    return column
