"""The look ahead over the whole book, compiled: what would all orders cost that are still to sew?

As `cost_to_go`, but orders whose fabric is still to come are scheduled, too, when it has come. So
an order's arrival changes nothing, and the potential moves by what was decided, and by luck.
Lateness that is paid already is not counted again. It reads the book of the run, which no policy
sees: it may be told in a reward and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from factory_env.compiled import compiled, inlined
from factory_env.sim.planning.cost_to_go import (
    WAIT_MIN,
    MatchRule,
    Sketch,
    StyleFacts,
    begin_sketch,
    judge_order,
    take_order,
    weigh_order,
)
from factory_env.sim.planning.estimate import (
    BookColumns,
    Floats,
    Ints,
    LinesNow,
    LineTimes,
    Terms,
    expected_late_usd,
)

WAITS = 4  # of the lines for better work, per order; then they take what there is


class Intake(NamedTuple):
    """How the fabric of a sketch's orders comes in; they are sorted by its time."""

    ready_min: Floats  # (n,) from now
    here: Ints  # (n,) the first ``counts[0]`` are positions of orders that are here and not taken
    counts: Ints  # (2,) of those, and of all whose fabric has come
    left: Ints  # (L,) orders still to take that each line can sew


@compiled
def whole_cost_usd(
    planned_end: Floats,
    shipped_min: Floats,
    paid_usd: Floats,
    learned: Floats,
    now_shift: float,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
    styles: StyleFacts,
    terms: Terms,
    rule: MatchRule,
) -> float:
    """Expected lateness of all that is not shipped, and labour lost to what is not begun [USD].

    Parameters as in `cost_to_go_usd`.
    """
    taken_usd = expected_late_usd(
        planned_end, shipped_min, paid_usd, True, now_shift, book, times, lines, terms
    )
    to_sew = np.flatnonzero(np.isinf(planned_end) & np.isinf(shipped_min))
    orders = to_sew[np.argsort(book.release_shift[to_sew], kind="mergesort")]
    n_lines = times.capable.shape[0]
    left = np.zeros(n_lines, dtype=np.int64)
    for line in range(n_lines):
        for o in orders:
            left[line] += times.capable[line, book.style[o]]
    ready = np.maximum(0.0, book.release_shift[orders] - now_shift)
    n = orders.shape[0]
    intake = Intake(ready, np.empty(n, dtype=np.int64), np.zeros(2, dtype=np.int64), left)
    sketch = begin_sketch(orders, lines, learned, n_lines)
    to_sew_usd = _sew_all_usd(sketch, intake, paid_usd, now_shift, book, times, styles, terms, rule)
    return taken_usd + to_sew_usd


@inlined
def _sew_all_usd(
    sketch: Sketch,
    intake: Intake,
    paid_usd: Floats,
    now_shift: float,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
    rule: MatchRule,
) -> float:
    """Lateness not paid yet and lost labour of the sketch's orders [USD]; fills the sketch."""
    cost, waits = 0.0, 0
    while True:
        line = _first_line(sketch, intake)
        if line < 0:
            return cost
        _admit(sketch.busy_min[line], sketch, intake, book, times, styles, terms)
        at, apart = _best_here(line, now_shift, sketch, intake, book, times, terms, rule)
        if at < 0:
            sketch.busy_min[line] = _next_ready(line, sketch, intake, book, times)
        elif apart > rule.hold_beyond and waits < WAITS * sketch.orders.shape[0]:
            sketch.busy_min[line] += WAIT_MIN
            waits += 1
        else:
            i = intake.here[at]
            late_usd, lost_usd = take_order(i, line, now_shift, sketch, book, times, styles, terms)
            cost += max(0.0, late_usd - paid_usd[sketch.orders[i]]) + lost_usd
            _drop(at, sketch, intake, book, times)
            for k in range(intake.counts[0]):
                weigh_order(intake.here[k], line, sketch, book, times, styles, terms)


@inlined
def _first_line(sketch: Sketch, intake: Intake) -> int:
    """The line free first among those that can sew something that is left; -1 if none."""
    best = -1
    for line in range(sketch.busy_min.shape[0]):
        if intake.left[line] and (best < 0 or sketch.busy_min[line] < sketch.busy_min[best]):
            best = line
    return best


@inlined
def _admit(
    until_min: float,
    sketch: Sketch,
    intake: Intake,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
) -> None:
    """Orders whose fabric has come join those that are here."""
    while (
        intake.counts[1] < sketch.orders.shape[0]
        and intake.ready_min[intake.counts[1]] <= until_min
    ):
        i = intake.counts[1]
        intake.here[intake.counts[0]] = i
        intake.counts[0] += 1
        intake.counts[1] += 1
        for line in range(sketch.busy_min.shape[0]):
            weigh_order(i, line, sketch, book, times, styles, terms)


@inlined
def _best_here(
    line: int,
    now_shift: float,
    sketch: Sketch,
    intake: Intake,
    book: BookColumns,
    times: LineTimes,
    terms: Terms,
    rule: MatchRule,
) -> tuple[int, float]:
    """Place in ``here`` of the rule's order, -1 if none, and how much sooner it could end."""
    count, p_bar, s_bar = 0.0, 0.0, 0.0
    for k in range(intake.counts[0]):
        i = intake.here[k]
        if sketch.total_min[line, i] < np.inf:
            count += 1.0
            p_bar += sketch.sewing_min[line, i]
            s_bar += sketch.lost_min[line, i]
    best, best_index, best_apart = -1, -np.inf, 0.0
    if count > 0.0:
        p_bar, s_bar = p_bar / count, max(s_bar / count, 1e-9)
        for k in range(intake.counts[0]):
            i = intake.here[k]
            if sketch.total_min[line, i] < np.inf:
                index, apart = judge_order(
                    i, line, p_bar, s_bar, now_shift, sketch, book, times, terms, rule
                )
                if index > best_index:
                    best, best_index, best_apart = k, index, apart
    return best, best_apart


@inlined
def _next_ready(
    line: int, sketch: Sketch, intake: Intake, book: BookColumns, times: LineTimes
) -> float:
    """When the next order comes that the line can sew, minutes from now."""
    for i in range(intake.counts[1], sketch.orders.shape[0]):
        if times.capable[line, book.style[sketch.orders[i]]]:
            return float(intake.ready_min[i])
    return np.inf


@inlined
def _drop(at: int, sketch: Sketch, intake: Intake, book: BookColumns, times: LineTimes) -> None:
    """The order at this place of ``here`` is taken; the last of them moves there."""
    style = book.style[sketch.orders[intake.here[at]]]
    for line in range(intake.left.shape[0]):
        intake.left[line] -= times.capable[line, style]
    intake.counts[0] -= 1
    intake.here[at] = intake.here[intake.counts[0]]
