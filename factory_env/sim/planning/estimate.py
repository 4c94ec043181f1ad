"""Planner's estimates, compiled: one call fills the candidate table of a decision."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined
from factory_env.decisions.candidates import INDEX, NEVER_MIN
from factory_env.sim.plant.learning import learning_extra

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SEWING = INDEX["sewing_min"]
_SETUP = INDEX["setup_min"]
_LEARNING = INDEX["learning_min"]
_DUE = INDEX["due_in_min"]
_SLACK = INDEX["slack_min"]
_WEIGHT = INDEX["weight_usd"]
_PIECES = INDEX["pieces"]
_WAITING = INDEX["waiting_min"]
_HERE = INDEX["here_min"]
_ELSEWHERE = INDEX["elsewhere_min"]
_FASTEST = INDEX["fastest_min"]
_LATE_NOW = INDEX["late_now_usd"]
_LATE_DAY = INDEX["late_day_usd"]
_LATE_3 = INDEX["late_3days_usd"]
_LATE_WEEK = INDEX["late_week_usd"]
_LOSS = INDEX["loss_usd"]
_LEAST = INDEX["least_loss_usd"]
_STYLE = INDEX["same_style"]
_PRODUCT = INDEX["same_product"]
_RUSH = INDEX["is_rush"]
_STYLE_WAITING = INDEX["style_waiting_min"]
_PRODUCT_WAITING = INDEX["product_waiting_min"]
_LINES_STYLE = INDEX["lines_on_style"]
_LINES_PRODUCT = INDEX["lines_on_product"]


class BookColumns(NamedTuple):
    """What a planner reads of the order book, (n,) each; its customers change them in place."""

    style: Ints
    cut: Floats  # pieces
    release_shift: Floats  # shift minutes at which the fabric comes, as the next two
    due_shift: Floats
    ready_shift: Floats
    weight_usd: Floats
    is_rush: Floats


class LineTimes(NamedTuple):
    """Standard times of every line (L) for every style (S)."""

    capable: Bools  # (L, S)
    piece_min: Floats  # (L, S)
    fill_min: Floats  # (L, S)
    learn_tau_min: Floats  # (S,)
    product_of: Ints  # (S,)
    operators: Floats  # (L,)


class LinesNow(NamedTuple):
    """What a change of every line to every style would cost now."""

    setup_min: Floats  # (L, S)
    loss: Floats  # (L, S) of efficiency, at the first minute
    current: Ints  # (L,) style
    free_in_min: Floats  # (L,)


class Terms(NamedTuple):
    """What the planner counts on, and what lateness costs."""

    attendance: float
    tail_min: float  # from sewing to the truck
    labour_usd_per_min: float
    day_min: float
    late_days: Floats  # (steps,) after which a share of the value is lost
    late_shares: Floats  # (steps,)
    days_per_min: float  # calendar days for a minute of shift


@inlined
def late_share(late_days: float, terms: Terms) -> float:
    """Expected share of value lost: the steps, joined by straight lines.

    The planner does not know the day exactly, so half a step's distance before a step
    already costs something.
    """
    step_days, step_shares = terms.late_days, terms.late_shares
    last_day, last_share = step_days[0] - 3.0, 0.0
    for i in range(step_days.shape[0]):
        if late_days <= step_days[i]:
            if late_days <= last_day:
                return last_share
            width = step_days[i] - last_day
            rise = step_shares[i] - last_share
            return float(last_share + (late_days - last_day) / width * rise)
        last_day, last_share = step_days[i], step_shares[i]
    return last_share


@inlined
def settled_min(order: int, line: int, book: BookColumns, times: LineTimes, share: float) -> float:
    """Minutes to sew an order on a line that knows its style, at this share of its people."""
    s = book.style[order]
    full = book.cut[order] * times.piece_min[line, s] + times.fill_min[line, s]
    return float(full / share)


@compiled
def stay_min(
    pieces: float,
    piece_min: float,
    fill_min: float,
    share: float,
    setup: float,
    loss: float,
    tau: float,
) -> float:
    """Minutes of setup, sewing and learning of one order on one line; all by value."""
    settled = (pieces * piece_min + fill_min) / share
    return setup + settled + learning_extra(settled, loss, tau)


@compiled
def fill_candidates(
    out: Floats,
    orders: Ints,
    askers: Ints,
    now_shift: float,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
    terms: Terms,
) -> None:
    """Fill ``out`` (n, N_COLUMNS) for ``orders`` (n,), each seen from line ``askers[i]``."""
    for i in range(orders.shape[0]):
        o, here = orders[i], askers[i]
        s = book.style[o]
        _fill_times(out, i, o, here, book, times, lines, terms)
        _fill_lateness(out, i, o, now_shift, book, terms)
        product, running = times.product_of[s], times.product_of[lines.current[here]]
        out[i, _PIECES] = book.cut[o]
        out[i, _WAITING] = max(0.0, now_shift - book.ready_shift[o])
        out[i, _STYLE] = 1.0 if lines.current[here] == s else 0.0
        out[i, _PRODUCT] = 1.0 if running == product else 0.0
        out[i, _RUSH] = book.is_rush[o]
        _fill_company(out, i, orders, here, book, times, lines)


@inlined
def _fill_times(
    out: Floats,
    i: int,
    order: int,
    here: int,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
    terms: Terms,
) -> None:
    """Minutes and lost labour on the asking line, and the best of all lines."""
    s = book.style[order]
    elsewhere, fastest, least = NEVER_MIN, NEVER_MIN, NEVER_MIN
    for line in range(times.capable.shape[0]):
        if not times.capable[line, s]:
            continue
        setup = lines.setup_min[line, s]
        settled = settled_min(order, line, book, times, terms.attendance)
        extra = learning_extra(settled, lines.loss[line, s], times.learn_tau_min[s])
        total = setup + settled + extra
        lost = times.operators[line] * (setup + extra) * terms.labour_usd_per_min
        fastest = min(fastest, total)
        least = min(least, lost)
        if line == here:
            out[i, _SEWING], out[i, _SETUP], out[i, _LEARNING] = settled, setup, extra
            out[i, _HERE] = lines.free_in_min[line] + total
            out[i, _LOSS] = lost
        else:
            elsewhere = min(elsewhere, lines.free_in_min[line] + total)
    out[i, _ELSEWHERE], out[i, _FASTEST], out[i, _LEAST] = elsewhere, fastest, least


@inlined
def _fill_lateness(
    out: Floats, i: int, order: int, now_shift: float, book: BookColumns, terms: Terms
) -> None:
    """Slack on the asking line, what lateness costs there and what each day more would add."""
    weight = book.weight_usd[order]
    due = book.due_shift[order] - now_shift
    finish = out[i, _HERE] + terms.tail_min
    late_days = (finish - due) * terms.days_per_min
    day = terms.day_min * terms.days_per_min
    now_usd = weight * late_share(late_days, terms)
    out[i, _DUE], out[i, _SLACK], out[i, _WEIGHT] = due, due - finish, weight
    out[i, _LATE_NOW] = now_usd
    out[i, _LATE_DAY] = weight * late_share(late_days + day, terms) - now_usd
    out[i, _LATE_3] = weight * late_share(late_days + 3.0 * day, terms) - now_usd
    out[i, _LATE_WEEK] = weight * late_share(late_days + 6.0 * day, terms) - now_usd


@inlined
def _fill_company(
    out: Floats,
    i: int,
    orders: Ints,
    here: int,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
) -> None:
    """What else waits or runs of the same style and product; earlier rows get their share."""
    style, product_of, current = book.style, times.product_of, lines.current
    s = style[orders[i]]
    out[i, _STYLE_WAITING] = out[i, _PRODUCT_WAITING] = 0.0
    for j in range(i):
        other = style[orders[j]]
        if product_of[other] == product_of[s]:
            out[i, _PRODUCT_WAITING] += out[j, _SEWING]
            out[j, _PRODUCT_WAITING] += out[i, _SEWING]
            if other == s:
                out[i, _STYLE_WAITING] += out[j, _SEWING]
                out[j, _STYLE_WAITING] += out[i, _SEWING]
    on_style, on_product = 0.0, 0.0
    for line in range(times.capable.shape[0]):
        if line != here and times.capable[line, s]:
            on_style += 1.0 if current[line] == s else 0.0
            on_product += 1.0 if product_of[current[line]] == product_of[s] else 0.0
    out[i, _LINES_STYLE], out[i, _LINES_PRODUCT] = on_style, on_product


@inlined
def _finish_shift(
    start: float,
    order: int,
    line: int,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
    share: float,
) -> float:
    """``start`` and the minutes until the line would be done if it took the order next."""
    s = book.style[order]
    settled = settled_min(order, line, book, times, share)
    extra = learning_extra(settled, lines.loss[line, s], times.learn_tau_min[s])
    begin = start + lines.free_in_min[line] + lines.setup_min[line, s]
    return float(begin + settled + extra)


@compiled
def expected_late_usd(
    planned_end: Floats,
    shipped_min: Floats,
    paid_usd: Floats,
    on_lines_only: bool,
    now_shift: float,
    book: BookColumns,
    times: LineTimes,
    lines: LinesNow,
    terms: Terms,
) -> float:
    """Lateness penalties still to be expected from the orders in the house [USD].

    An order on a line ends at its ``planned_end`` (shift minute, finite); a waiting one is given
    its earliest end on any line, as if it were alone. ``shipped_min`` is infinite for what is
    still here, ``paid_usd`` what an order has cost already.
    """
    total = 0.0
    for o in range(book.style.shape[0]):
        if book.release_shift[o] > now_shift or shipped_min[o] < np.inf:
            continue
        end = planned_end[o]
        if end == np.inf and on_lines_only:
            continue
        if end == np.inf:
            for line in range(times.capable.shape[0]):
                if times.capable[line, book.style[o]]:
                    finish = _finish_shift(now_shift, o, line, book, times, lines, terms.attendance)
                    end = min(end, finish)
        late_days = (max(end, now_shift) + terms.tail_min - book.due_shift[o]) * terms.days_per_min
        usd = book.weight_usd[o] * late_share(late_days, terms)
        total += max(0.0, usd - paid_usd[o])
    return total


@compiled
def booked_work(
    release_min: Floats,
    release_shift: Floats,
    booked_min: Floats,
    work_days: Floats,
    is_group: Bools,
    now_min: float,
    now_shift: float,
    within_min: Floats,
) -> Floats:
    """Work of booked orders whose fabric comes within each span of shift minutes, (spans,)."""
    out = np.zeros(within_min.shape[0])
    for o in range(release_min.shape[0]):
        is_known = release_min[o] > now_min and booked_min[o] <= now_min
        if is_group[o] and is_known:
            for i in range(within_min.shape[0]):
                if release_shift[o] - now_shift <= within_min[i]:
                    out[i] += work_days[o]
    return out


@compiled
def best_line(
    orders: Ints, book: BookColumns, times: LineTimes, lines: LinesNow, share: float
) -> Ints:
    """The line that would finish each order first, shape (n,)."""
    best = np.zeros(orders.shape[0], dtype=np.int64)
    for i in range(orders.shape[0]):
        earliest = np.inf
        for line in range(times.capable.shape[0]):
            if times.capable[line, book.style[orders[i]]]:
                finish = _finish_shift(0.0, orders[i], line, book, times, lines, share)
                if finish < earliest:
                    earliest = finish
                    best[i] = line
    return best
