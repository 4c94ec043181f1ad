"""The run log: frozen columnar tables, and what identifies the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LOG_VERSION: Final[int] = 1
Column = NDArray[Any]
Table = Mapping[str, Column]

# table -> column -> (dtype, unit, meaning); wall minutes unless said otherwise, NaN = never
SCHEMA: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "orders": {
        "order": ("i8", "", "position in the book"),
        "order_id": ("U", "", "the user's name for it"),
        "style": ("U", "", "style id"),
        "product": ("U", "", "product type"),
        "customer": ("U", "", ""),
        "quantity": ("i8", "pieces", "ordered"),
        "cut": ("i8", "pieces", "cut, extra cut included; 0 = not yet cut"),
        "price_usd": ("f8", "USD", "per piece"),
        "priority": ("f8", "", "multiplies the lateness penalty"),
        "is_rush": ("f8", "0/1", ""),
        "booked_min": ("f8", "min", "known to the planner"),
        "release_min": ("f8", "min", "fabric in the house"),
        "due_min": ("f8", "min", "must have left"),
        "ready_min": ("f8", "min", "cut, waiting for a line"),
        "line": ("i8", "", "line number; 0 counts; see sewn_min for orders never sewn"),
        "taken_min": ("f8", "min", "chosen by the line"),
        "loaded_min": ("f8", "min", "last bundle through the first station"),
        "sewn_min": ("f8", "min", "last lot off the line"),
        "shipped_min": ("f8", "min", "left the house"),
        "good": ("i8", "pieces", "shipped"),
        "seconds": ("i8", "pieces", "beyond repair, sold as seconds"),
        "defective": ("i8", "pieces", "spoiled on the line"),
        "caught": ("i8", "pieces", "of these, caught at the gate"),
        "false_alarms": ("i8", "pieces", "sound but flagged"),
        "setup_min": ("f8", "working min", "line stop for the change"),
        "work_min": ("f8", "operator min", "spent sewing"),
        "learning_lost_min": ("f8", "operator min", "of these, lost to learning"),
        "smv_min": ("f8", "min", "standard minutes per piece"),
        "late_usd": ("f8", "USD", "lateness penalty charged"),
    },
    "lots": {
        "order": ("i8", "", "position in the book"),
        "lot": ("i8", "", "number within the order"),
        "line": ("i8", "", ""),
        "pieces": ("i8", "pieces", "sewn"),
        "good": ("i8", "pieces", "after inspection and repair"),
        "sewn_min": ("f8", "min", "off the line"),
        "inspect_start_min": ("f8", "min", ""),
        "inspected_min": ("f8", "min", ""),
        "repair_start_min": ("f8", "min", "equals repaired_min if nothing to repair"),
        "repaired_min": ("f8", "min", ""),
        "press_start_min": ("f8", "min", ""),
        "pressed_min": ("f8", "min", ""),
        "pack_start_min": ("f8", "min", ""),
        "packed_min": ("f8", "min", ""),
    },
    "decisions": {
        "serial": ("i8", "", ""),
        "kind": ("U", "", "dispatch or cutting"),
        "now_min": ("f8", "min", ""),
        "asker": ("i8", "", "line or cutting table"),
        "choices": ("i8", "", "waiting orders shown"),
        "answer": ("i8", "", "0 = hold, i = i-th order"),
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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLog:
    """Everything a run left behind. KPIs, charts and reports read this and nothing else."""

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
        column: np.array(values, dtype=object if dtype == "U" else dtype)
        for (column, (dtype, _, _)), values in zip(schema.items(), columns, strict=True)
    }
