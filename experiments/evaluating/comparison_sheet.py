"""The comparison of policies as a table for CSV and Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from experiments.evaluating.statistics import COST, SHOWN, list_equals
from experiments.report.tables.sheet import Column, Sheet
from factory_env.kpi.table import LABELS

ENDS: Final = ("mean", "low", "high")
VERDICTS: Final = {True: "not distinguishable from the cheapest", False: "dearer"}


def compare_sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """A row a policy, cheapest first: means with 95 % intervals, and the paired difference.

    Parameters
    ----------
    rows
        As `statistics.table` makes them.
    """
    columns = [Column("policy"), Column("against the cheapest")]
    has_learners = any(row["learned"] for row in rows)
    learned = [("learned: paired difference to the untrained start", "USD")] if has_learners else []
    for name, unit in (("paired difference to the cheapest", "USD"), *map(_label, SHOWN), *learned):
        kind = "share" if unit == "share" else "number"
        shown = "" if unit == "share" else unit
        columns += [Column(f"{name}, {end}", kind, shown) for end in ENDS]
    equal = list_equals(rows)
    table = [
        (
            row["policy"],
            "cheapest" if row is rows[0] else VERDICTS[row["policy"] in equal],
            *(getattr(row[key], end) for key in ("from_best", *SHOWN) for end in ENDS),
            *((getattr(row["learned"], end, None) for end in ENDS) if has_learners else ()),
        )
        for row in rows
    ]
    return Sheet(name="Comparison", columns=tuple(columns), rows=table)


def _label(key: str) -> tuple[str, str]:
    name, unit, _ = LABELS[key]
    return ("total cost" if key == COST else name), unit
