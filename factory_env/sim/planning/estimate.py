"""Planner's estimates, compiled: one call fills the candidate table of a decision."""

from __future__ import annotations

import numpy as np
from numba import njit

from factory_env.decisions.candidates import INDEX, NEVER_MIN

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


@njit(cache=True)  # type: ignore[untyped-decorator]
def learning_extra(settled_min, loss, tau_min):  # type: ignore[no-untyped-def]
    """Extra minutes until work worth ``settled_min`` is done by a line that still learns.

    Solves T = A + loss * tau * (1 - exp(-T / tau)) by three fixed-point steps; the error is
    below 1 % of the extra time for the curves of the domain reference.
    """
    extra = loss * tau_min * (1.0 - np.exp(-settled_min / tau_min))
    for _ in range(3):
        extra = loss * tau_min * (1.0 - np.exp(-(settled_min + extra) / tau_min))
    return extra


@njit(cache=True)  # type: ignore[untyped-decorator]
def learning_extra_many(settled_min, loss, tau_min):  # type: ignore[no-untyped-def]
    """The same for work of many lengths, shape (n,)."""
    out = np.empty(settled_min.shape[0])
    for i in range(settled_min.shape[0]):
        out[i] = learning_extra(settled_min[i], loss, tau_min)
    return out


@njit(cache=True)  # type: ignore[untyped-decorator]
def late_share(late_days, step_days, step_shares):  # type: ignore[no-untyped-def]
    """Expected share of value lost: the steps, joined by straight lines.

    The planner does not know the day exactly, so half a step's distance before a step
    already costs something.
    """
    last_day, last_share = step_days[0] - 3.0, 0.0
    for i in range(step_days.shape[0]):
        if late_days <= step_days[i]:
            if late_days <= last_day:
                return last_share
            width = step_days[i] - last_day
            return last_share + (late_days - last_day) / width * (step_shares[i] - last_share)
        last_day, last_share = step_days[i], step_shares[i]
    return last_share


@njit(cache=True)  # type: ignore[untyped-decorator]
def fill_candidates(  # type: ignore[no-untyped-def]
    out, orders, askers, now_shift, book, tables, state, late, flow
):
    """Fill ``out`` (n, N_COLUMNS) for ``orders`` (n,), each seen from line ``askers[i]``.

    Tuples of arrays: ``book`` = style, cut, due_shift, ready_shift, weight, rush;
    ``tables`` = capable, piece_min, fill_min, learn_tau_min, product_of, operators;
    ``state`` = setup_min, loss, current style, free_in_min; ``late`` = step days, step
    shares, days per shift minute; ``flow`` = attendance, tail, labour USD/min, day length.
    """
    style, cut, due_shift, ready_shift, weight, rush = book
    capable, piece_min, fill_min, tau, product_of, operators = tables
    setup, loss, current, free_in = state
    step_days, step_shares, days_per_min = late
    attendance, tail, usd_per_min, day_min = flow
    n_lines = capable.shape[0]
    for i in range(orders.shape[0]):
        o, here = orders[i], askers[i]
        s = style[o]
        elsewhere, fastest, least = NEVER_MIN, NEVER_MIN, NEVER_MIN
        for line in range(n_lines):
            if not capable[line, s]:
                continue
            settled = (cut[o] * piece_min[line, s] + fill_min[line, s]) / attendance
            extra = learning_extra(settled, loss[line, s], tau[s])
            total = setup[line, s] + settled + extra
            lost = operators[line] * (setup[line, s] + extra) * usd_per_min
            fastest = min(fastest, total)
            least = min(least, lost)
            if line == here:
                out[i, _SEWING], out[i, _SETUP], out[i, _LEARNING] = settled, setup[line, s], extra
                out[i, _HERE] = free_in[line] + total
                out[i, _LOSS] = lost
            else:
                elsewhere = min(elsewhere, free_in[line] + total)
        due = due_shift[o] - now_shift
        finish = out[i, _HERE] + tail
        out[i, _DUE] = due
        out[i, _SLACK] = due - finish
        out[i, _WEIGHT] = weight[o]
        out[i, _PIECES] = cut[o]
        out[i, _WAITING] = max(0.0, now_shift - ready_shift[o])
        out[i, _ELSEWHERE] = elsewhere
        out[i, _FASTEST] = fastest
        late_days = (finish - due) * days_per_min
        day = day_min * days_per_min
        now_usd = weight[o] * late_share(late_days, step_days, step_shares)
        out[i, _LATE_NOW] = now_usd
        later = late_share(late_days + day, step_days, step_shares)
        out[i, _LATE_DAY] = weight[o] * later - now_usd
        later = late_share(late_days + 3.0 * day, step_days, step_shares)
        out[i, _LATE_3] = weight[o] * later - now_usd
        later = late_share(late_days + 6.0 * day, step_days, step_shares)
        out[i, _LATE_WEEK] = weight[o] * later - now_usd
        out[i, _LEAST] = least
        out[i, _STYLE] = 1.0 if current[here] == s else 0.0
        out[i, _PRODUCT] = 1.0 if product_of[current[here]] == product_of[s] else 0.0
        out[i, _RUSH] = rush[o]
        _fill_company(out, i, orders, here, style, product_of, current, capable)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _fill_company(  # type: ignore[no-untyped-def]
    out, i, orders, here, style, product_of, current, capable
):
    """What else waits or runs of the same style and product; earlier rows get their share."""
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
    for line in range(capable.shape[0]):
        if line != here and capable[line, s]:
            on_style += 1.0 if current[line] == s else 0.0
            on_product += 1.0 if product_of[current[line]] == product_of[s] else 0.0
    out[i, _LINES_STYLE], out[i, _LINES_PRODUCT] = on_style, on_product


@njit(cache=True)  # type: ignore[untyped-decorator]
def expected_late_usd(  # type: ignore[no-untyped-def]
    released, shipped, planned_end, on_lines_only, paid, now_shift, book, tables, state, late, flow
):
    """Lateness penalties still to be expected from the orders in the house [USD].

    An order on a line ends when planned (``planned_end``, shift minutes, finite); a waiting one
    is given its earliest end on any line, as if it were alone.
    """
    style, cut, due_shift, weight = book[0], book[1], book[2], book[4]
    capable, piece_min, fill_min, tau = tables[0], tables[1], tables[2], tables[3]
    setup, loss, free_in = state[0], state[1], state[3]
    step_days, step_shares, days_per_min = late
    attendance, tail = flow[0], flow[1]
    total = 0.0
    for o in range(style.shape[0]):
        if released[o] > now_shift or shipped[o] < np.inf:
            continue
        end = planned_end[o]
        if end == np.inf and on_lines_only:
            continue
        if end == np.inf:
            s = style[o]
            for line in range(capable.shape[0]):
                if capable[line, s]:
                    settled = (cut[o] * piece_min[line, s] + fill_min[line, s]) / attendance
                    extra = learning_extra(settled, loss[line, s], tau[s])
                    finish = now_shift + free_in[line] + setup[line, s] + settled + extra
                    end = min(end, finish)
        late_days = (max(end, now_shift) + tail - due_shift[o]) * days_per_min
        usd = weight[o] * late_share(late_days, step_days, step_shares)
        total += max(0.0, usd - paid[o])
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def booked_work(  # type: ignore[no-untyped-def]
    release_min, release_shift, booked_min, is_group, work_days, now_min, now_shift, within_min
):
    """Work of booked orders whose fabric comes within each span of shift minutes, (spans,)."""
    out = np.zeros(within_min.shape[0])
    for o in range(release_min.shape[0]):
        if is_group[o] and release_min[o] > now_min and booked_min[o] <= now_min:
            for i in range(within_min.shape[0]):
                if release_shift[o] - now_shift <= within_min[i]:
                    out[i] += work_days[o]
    return out


@njit(cache=True)  # type: ignore[untyped-decorator]
def best_line(orders, book, tables, state, attendance):  # type: ignore[no-untyped-def]
    """The line that would finish each order first, shape (n,)."""
    style, cut = book[0], book[1]
    capable, piece_min, fill_min, tau = tables[0], tables[1], tables[2], tables[3]
    setup, loss, free_in = state[0], state[1], state[3]
    best = np.zeros(orders.shape[0], dtype=np.int64)
    for i in range(orders.shape[0]):
        o = orders[i]
        s = style[o]
        earliest = np.inf
        for line in range(capable.shape[0]):
            if capable[line, s]:
                settled = (cut[o] * piece_min[line, s] + fill_min[line, s]) / attendance
                extra = learning_extra(settled, loss[line, s], tau[s])
                finish = free_in[line] + setup[line, s] + settled + extra
                if finish < earliest:
                    earliest = finish
                    best[i] = line
    return best
