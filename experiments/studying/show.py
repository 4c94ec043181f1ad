"""The tables of a study as people read them: heads, digits, intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    head: str
    digits: int | None = None  # None = words, or a whole number
    has_interval: bool = False
    scale: float = 1.0


POLICY: Final = Column("policy", "policy")
SCENE: Final = Column("scenario", "scenario")
AGENTS: Final = Column("training_seeds", "agents")
COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "aggregates": (
        POLICY,
        AGENTS,
        Column("ratio", "cost / baseline, IQM", 3, has_interval=True),
        Column("improvement", "probability of costing less", 2, has_interval=True),
    ),
    "costs": (
        POLICY,
        SCENE,
        AGENTS,
        Column("cost_usd", "cost, USD", 0, has_interval=True),
        Column("cost_sd_of_training_seeds_usd", "sd of training seeds, USD", 0),
        Column("tardiness_cost_usd", "weighted tardiness, USD", 0),
        Column("on_time_share", "on time, %", 1, scale=100.0),
        Column("changeover_h", "changeover, h", 0),
        Column("pieces_per_day", "pieces a day", 0),
    ),
    "differences": (
        POLICY,
        SCENE,
        Column("against", "against"),
        Column("difference_usd", "difference, USD", 0, has_interval=True),
        Column("seeds_cheaper_share", "seeds on which it is cheaper, %", 0, scale=100.0),
        Column("p", "p", 4),
        Column("p_holm", "p, Holm", 4),
    ),
    "gaps": (
        POLICY,
        SCENE,
        Column("above_bound_share", "above the bound, %", 1, scale=100.0),
        Column("best_rule", "best rule"),
        Column("gap_closed", "of the gap from best rule to bound", 2, has_interval=True),
    ),
    "times": (
        POLICY,
        SCENE,
        Column("decisions_per_run", "decisions a run", 0),
        Column("cpu_ms_per_decision", "ms a decision, processor", 3),
        Column("ms_per_decision", "ms a decision, clock", 3),
        Column("s_per_run", "s a run", 2),
    ),
}


def list_columns(table: str, results: Mapping[str, Any]) -> list[Column]:
    """The columns of a table that say something in these results."""
    rows = {**results["tables"], "times": results["times"]}[table]
    return [c for c in COLUMNS[table] if any(row.get(c.key) is not None for row in rows)]


def show_cell(row: Mapping[str, Any], column: Column) -> str:
    """A cell in words; empty where nothing is known.

    >>> row = {"x": 1.234, "x_ci_low": 1.0, "x_ci_high": 1.5}
    >>> show_cell(row, Column("x", "x", 2, has_interval=True))
    '1.23 (1.00 to 1.50)'
    """
    value = row.get(column.key)
    if value is None or value != value:
        return ""
    if column.digits is None:
        return str(value)
    words = _number(value, column)
    low, high = (row.get(f"{column.key}_ci_{end}") for end in ("low", "high"))
    if not column.has_interval or low is None or low != low or high is None:
        return words
    return f"{words} ({_number(low, column)} to {_number(high, column)})"


def _number(value: float, column: Column) -> str:
    words = f"{value * column.scale:,.{column.digits}f}"
    return words.removeprefix("-") if not words.strip("-0.,") else words
