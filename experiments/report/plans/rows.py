"""What a run did on its lines, as the rows of a plan that ``agent=plan`` follows."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from factory_env.domain.records import RunLog

HOLD = 0
_S_PER_MIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """An order on its line. Wall minutes; NaN = not within the run."""

    order_id: str
    line: str  # "" = no line has begun it
    place: int  # on the line, from 1 on; 0 without a line
    start_min: float
    end_min: float
    passes: int
    style: str
    product: str
    customer: str
    pieces: int
    due_min: float
    shipped_min: float


def plan_rows(log: RunLog) -> list[PlanRow]:
    """All orders, line by line in the order of taking; those that no line has begun come last."""
    orders = log.tables["orders"]
    taken = orders["taken_min"]
    by_line: dict[int, list[int]] = defaultdict(list)
    for order in np.argsort(taken, kind="stable").tolist():  # NaN comes last
        if not math.isnan(taken[order]):
            by_line[int(orders["line"][order])].append(order)
    rows = []
    for line in sorted(by_line):
        for place, order in enumerate(by_line[line], 1):
            passes = _passes(log, line, float(taken[order]))
            rows.append(_row(log, order, log.lines[line], place, passes))
    return rows + [_row(log, int(order), "", 0, 0) for order in np.flatnonzero(np.isnan(taken))]


def _passes(log: RunLog, line: int, taken_min: float) -> int:
    """How often the line was asked in the second of taking, and waited."""
    answers = log.tables["decisions"]
    now = answers["now_min"]
    second = math.floor(taken_min * _S_PER_MIN + 1e-6) / _S_PER_MIN
    is_pass = (answers["asker"] == line) & (answers["kind"] == "dispatch")
    is_pass &= (answers["answer"] == HOLD) & (now >= second) & (now <= taken_min)
    return int(is_pass.sum())


def _row(log: RunLog, order: int, line: str, place: int, passes: int) -> PlanRow:
    orders = log.tables["orders"]
    return PlanRow(
        order_id=str(orders["order_id"][order]),
        line=line,
        place=place,
        start_min=float(orders["taken_min"][order]),
        end_min=float(orders["sewn_min"][order]),
        passes=passes,
        style=str(orders["style"][order]),
        product=str(orders["product"][order]),
        customer=str(orders["customer"][order]),
        pieces=int(orders["quantity"][order]),
        due_min=float(orders["due_min"][order]),
        shipped_min=float(orders["shipped_min"][order]),
    )
