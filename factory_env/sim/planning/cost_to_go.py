"""A quick look ahead, compiled: what would it cost if a rule scheduled all that is in the house?

Lines are filled in order of their free times; each takes the order with the highest
line-matching ATCS index, or waits half a day if its choice would end sooner elsewhere. Times
are the planner's estimates, so nothing of the luck to come is used. The result estimates the
cost to go and serves as a potential for rewards.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from factory_env.compiled import compiled, inlined
from factory_env.sim.planning.estimate import (
    BookColumns,
    Bools,
    Floats,
    Ints,
    LinesNow,
    LineTimes,
    Terms,
    expected_late_usd,
    late_share,
    settled_min,
)
from factory_env.sim.plant.learning import learning_extra
from factory_env.sim.plant.setups import (
    KEPT,
    OTHER_FABRIC,
    SAME_FABRIC,
    SAME_PRODUCT,
    SAME_STYLE,
    STOP_MIN,
)

WAIT_MIN = 240.0  # a holding line looks again after so many shift minutes


class MatchRule(NamedTuple):
    """Parameters of the line-matching ATCS."""

    k1: float  # of slack
    k2: float  # of setup and learning
    k3: float  # of a sooner end elsewhere
    grace_min: float
    hold_beyond: float  # mismatch above which a line waits


class StyleFacts(NamedTuple):
    """What decides a change from one style (S) to another."""

    product_of: Ints  # (S,)
    kind_of: Ints  # (S,) in which styles change alike
    group_of: Ints  # (S,)
    learn_loss: Floats  # (S,) of efficiency, at the first minute of a line that knows nothing
    home: Bools  # (L, S)
    home_share: float  # that a line knows of its home styles at least
    setup_factor: Floats  # (K, K) of the distance of two designs on the stop, by kind
    kept_factor: Floats  # (K, K) and on the share kept
    changes: Floats  # (rows, 2) minutes of the stop and share kept, as in `Setups`


class Sketch(NamedTuple):
    """The schedule while it is drawn up: lines (L), and orders (n) to be taken."""

    orders: Ints  # (n,) positions in the book
    left: Bools  # (n,) not taken yet
    busy_min: Floats  # (L,) until the line is free
    current: Ints  # (L,) style
    learned: Floats  # (L,) share of it
    sewing_min: Floats  # (L, n) settled
    lost_min: Floats  # (L, n) setup and learning as the line stands
    total_min: Floats  # (L, n) both


@inlined
def begin_sketch(orders: Ints, lines: LinesNow, learned: Floats, n_lines: int) -> Sketch:
    """Nothing is taken yet, the lines are as they are now."""
    n = orders.shape[0]
    return Sketch(
        orders,
        np.ones(n, dtype=np.bool_),
        lines.free_in_min.copy(),
        lines.current.copy(),
        learned.copy(),
        np.empty((n_lines, n)),
        np.empty((n_lines, n)),
        np.empty((n_lines, n)),
    )


@compiled
def cost_to_go_usd(
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
    """Expected lateness of what is in the house, and labour lost to what waits there [USD].

    The first three as in `expected_late_usd`; ``learned`` (L,) is what the lines know of their
    present styles, as a share.
    """
    taken_usd = expected_late_usd(
        planned_end, shipped_min, paid_usd, True, now_shift, book, times, lines, terms
    )
    waiting = (book.release_shift <= now_shift) & np.isinf(planned_end)
    sketch = begin_sketch(np.flatnonzero(waiting), lines, learned, times.capable.shape[0])
    return taken_usd + scheduled_usd(sketch, now_shift, book, times, styles, terms, rule)


@inlined
def scheduled_usd(
    sketch: Sketch,
    now_shift: float,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
    rule: MatchRule,
) -> float:
    """Expected lateness and lost labour of the sketch's orders [USD]; fills the sketch."""
    n, n_lines = sketch.orders.shape[0], sketch.busy_min.shape[0]
    for line in range(n_lines):
        _weigh_orders(line, sketch, book, times, styles, terms)
    remaining, cost, rounds = n, 0.0, 0
    while remaining > 0 and rounds < 6 * n + 6 * n_lines:
        rounds += 1
        line = _next_line(sketch, book, times)
        if line < 0:
            break
        i, mismatch = _best_order(line, now_shift, sketch, book, times, terms, rule)
        if mismatch > rule.hold_beyond and rounds < 5 * n:
            sketch.busy_min[line] += WAIT_MIN
            continue
        late_usd, lost_usd = take_order(i, line, now_shift, sketch, book, times, styles, terms)
        _weigh_orders(line, sketch, book, times, styles, terms)
        cost += late_usd
        cost += lost_usd
        remaining -= 1
    return cost


@inlined
def take_order(
    i: int,
    line: int,
    now_shift: float,
    sketch: Sketch,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
) -> tuple[float, float]:
    """The line takes the i-th order: lateness and lost labour of it [USD]."""
    o = sketch.orders[i]
    s = book.style[o]
    begin = sketch.busy_min[line]
    end = begin + sketch.total_min[line, i]
    late_days = (now_shift + end + terms.tail_min - book.due_shift[o]) * terms.days_per_min
    late_usd = book.weight_usd[o] * late_share(late_days, terms)
    lost_usd = times.operators[line] * sketch.lost_min[line, i] * terms.labour_usd_per_min
    share = 1.0 - _first_loss(line, s, sketch, styles) / max(styles.learn_loss[s], 1e-9)
    sketch.left[i] = False
    sketch.learned[line] = 1.0 - (1.0 - share) * np.exp(-(end - begin) / times.learn_tau_min[s])
    sketch.current[line] = s
    sketch.busy_min[line] = end
    return late_usd, lost_usd


@inlined
def _change_row(old: int, new: int, styles: StyleFacts) -> int:
    """Row of the change table; repeats are left out."""
    if new == old:
        return SAME_STYLE
    if styles.product_of[new] == styles.product_of[old]:
        return SAME_PRODUCT
    return SAME_FABRIC if styles.group_of[new] == styles.group_of[old] else OTHER_FABRIC


@inlined
def _first_loss(line: int, s: int, sketch: Sketch, styles: StyleFacts) -> float:
    """Share of efficiency missing at the first minute of style ``s``; memory is left out."""
    old = sketch.current[line]
    kind_of = styles.kind_of
    factor = styles.kept_factor[kind_of[old], kind_of[s]]
    kept = styles.changes[_change_row(old, s, styles), KEPT] * factor
    share = sketch.learned[line] * min(1.0, kept)
    if styles.home[line, s]:
        share = max(share, styles.home_share)
    return float(styles.learn_loss[s] * (1.0 - share))


@inlined
def _weigh_orders(
    line: int,
    sketch: Sketch,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
) -> None:
    """What every order would take of the line as it now stands."""
    for i in range(sketch.orders.shape[0]):
        weigh_order(i, line, sketch, book, times, styles, terms)


@inlined
def weigh_order(
    i: int,
    line: int,
    sketch: Sketch,
    book: BookColumns,
    times: LineTimes,
    styles: StyleFacts,
    terms: Terms,
) -> None:
    """What the i-th order would take of the line as it now stands."""
    o = sketch.orders[i]
    s = book.style[o]
    if not times.capable[line, s]:
        sketch.total_min[line, i] = np.inf
    else:
        old = sketch.current[line]
        settled = settled_min(o, line, book, times, terms.attendance)
        loss = _first_loss(line, s, sketch, styles)
        extra = learning_extra(settled, loss, times.learn_tau_min[s])
        factor = styles.setup_factor[styles.kind_of[old], styles.kind_of[s]]
        stop = styles.changes[_change_row(old, s, styles), STOP_MIN] * factor
        sketch.sewing_min[line, i] = settled
        sketch.lost_min[line, i] = stop + extra
        sketch.total_min[line, i] = settled + stop + extra


@inlined
def _next_line(sketch: Sketch, book: BookColumns, times: LineTimes) -> int:
    """The line free first among those that can sew something that is left; -1 if none."""
    best = -1
    for line in range(sketch.busy_min.shape[0]):
        if best >= 0 and sketch.busy_min[line] >= sketch.busy_min[best]:
            continue
        for i in range(sketch.orders.shape[0]):
            if sketch.left[i] and times.capable[line, book.style[sketch.orders[i]]]:
                best = line
                break
    return best


@inlined
def _best_order(
    line: int,
    now_shift: float,
    sketch: Sketch,
    book: BookColumns,
    times: LineTimes,
    terms: Terms,
    rule: MatchRule,
) -> tuple[int, float]:
    """The rule's order for ``line`` and how much sooner another line could end it."""
    sewing, lost = sketch.sewing_min[line], sketch.lost_min[line]
    count, p_bar, s_bar = 0.0, 0.0, 0.0
    for i in range(sketch.orders.shape[0]):
        if sketch.left[i] and times.capable[line, book.style[sketch.orders[i]]]:
            count += 1.0
            p_bar += sewing[i]
            s_bar += lost[i]
    p_bar, s_bar = p_bar / count, max(s_bar / count, 1e-9)
    best, best_index, best_apart = -1, -np.inf, 0.0
    for i in range(sketch.orders.shape[0]):
        o = sketch.orders[i]
        if not sketch.left[i] or not times.capable[line, book.style[o]]:
            continue
        index, apart = judge_order(
            i, line, p_bar, s_bar, now_shift, sketch, book, times, terms, rule
        )
        if index > best_index:
            best, best_index, best_apart = i, index, apart
    return best, best_apart


@inlined
def judge_order(
    i: int,
    line: int,
    p_bar: float,
    s_bar: float,
    now_shift: float,
    sketch: Sketch,
    book: BookColumns,
    times: LineTimes,
    terms: Terms,
    rule: MatchRule,
) -> tuple[float, float]:
    """Log index of the i-th order on ``line``, and how much sooner another line could end it.

    ``p_bar`` and ``s_bar``: mean sewing and lost minutes of the orders among which is chosen.
    """
    o, lost = sketch.orders[i], sketch.lost_min[line, i]
    here = sketch.busy_min[line] + sketch.total_min[line, i]
    elsewhere = _soonest_elsewhere(i, line, sketch, book, times)
    apart = max(0.0, here - elsewhere) / p_bar
    slack = book.due_shift[o] - now_shift - here - terms.tail_min + lost + rule.grace_min
    index = np.log(book.weight_usd[o] / sketch.sewing_min[line, i] + 1e-9)
    index -= max(0.0, slack) / (rule.k1 * p_bar)
    index -= lost / (rule.k2 * s_bar) + apart / rule.k3
    return index, apart


@inlined
def _soonest_elsewhere(
    i: int, line: int, sketch: Sketch, book: BookColumns, times: LineTimes
) -> float:
    """When the first of the other lines could be done with an order."""
    soonest = np.inf
    for other in range(sketch.busy_min.shape[0]):
        if other != line and times.capable[other, book.style[sketch.orders[i]]]:
            soonest = min(soonest, sketch.busy_min[other] + sketch.total_min[other, i])
    return soonest
