"""A quick look ahead, compiled: what would it cost if a rule scheduled all that is in the house?

Lines are filled in order of their free times; each takes the order with the highest
line-matching ATCS index, or waits half a day if its choice would end sooner elsewhere. Times
are the planner's estimates, so nothing of the luck to come is used. The result estimates the
cost to go and serves as a potential for rewards.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from factory_env.sim.planning.estimate import late_share, learning_extra
from factory_env.sim.plant.setups import OTHER_FABRIC, SAME_FABRIC, SAME_PRODUCT, SAME_STYLE

WAIT_MIN = 240.0  # a holding line looks again after so many shift minutes


@njit(cache=True)  # type: ignore[untyped-decorator]
def cost_to_go_usd(  # type: ignore[no-untyped-def]
    orders, now_shift, book, tables, state, styles, changes, late, flow, rule
):
    """Expected lateness and lost labour of ``orders`` (n,) not yet taken by a line [USD].

    ``state`` = free_in_min, current style, learned share (changed in place: pass copies);
    ``styles`` = product, group, first-minute loss, home (lines, styles), home share;
    ``rule`` = k1, k2, k3, grace, hold_beyond.
    """
    style, cut, due_shift, weight = book[0], book[1], book[2], book[4]
    capable, tau, operators = tables[0], tables[3], tables[5]
    busy_until, current, learned = state
    attendance, tail, usd_per_min, _ = flow
    n, n_lines = orders.shape[0], capable.shape[0]
    total = np.empty((n_lines, n))  # setup + sewing + learning of an order on a line, as it stands
    lost = np.empty((n_lines, n))  # setup + learning
    sewing = np.empty((n_lines, n))
    for line in range(n_lines):
        _line_row(
            line,
            orders,
            style,
            cut,
            tables,
            current,
            learned,
            styles,
            changes,
            attendance,
            total,
            lost,
            sewing,
        )
    left = np.ones(n, dtype=np.bool_)
    remaining, cost, rounds = n, 0.0, 0
    while remaining > 0 and rounds < 6 * n + 6 * n_lines:
        rounds += 1
        line = _next_line(busy_until, orders, style, capable, left)
        if line < 0:
            break
        i, mismatch = _choice(
            line,
            busy_until,
            orders,
            style,
            weight,
            due_shift,
            capable,
            left,
            total,
            lost,
            sewing,
            now_shift,
            tail,
            rule,
        )
        if mismatch > rule[4] and rounds < 5 * n:
            busy_until[line] += WAIT_MIN
            continue
        o = orders[i]
        s = style[o]
        end = busy_until[line] + total[line, i]
        late_days = (now_shift + end + tail - due_shift[o]) * late[2]
        cost += weight[o] * late_share(late_days, late[0], late[1])
        cost += operators[line] * lost[line, i] * usd_per_min
        left[i] = False
        remaining -= 1
        share = 1.0 - _loss(line, s, current, learned, styles, changes) / max(styles[2][s], 1e-9)
        learned[line] = 1.0 - (1.0 - share) * np.exp(-(end - busy_until[line]) / tau[s])
        current[line] = s
        busy_until[line] = end
        _line_row(
            line,
            orders,
            style,
            cut,
            tables,
            current,
            learned,
            styles,
            changes,
            attendance,
            total,
            lost,
            sewing,
        )
    return cost


@njit(cache=True)  # type: ignore[untyped-decorator]
def _row(old, s, styles):  # type: ignore[no-untyped-def]
    product_of, group_of = styles[0], styles[1]
    if s == old:
        return SAME_STYLE
    if product_of[s] == product_of[old]:
        return SAME_PRODUCT
    return SAME_FABRIC if group_of[s] == group_of[old] else OTHER_FABRIC


@njit(cache=True)  # type: ignore[untyped-decorator]
def _loss(line, s, current, learned, styles, changes):  # type: ignore[no-untyped-def]
    """Share of efficiency missing at the first minute of style ``s``; memory is left out."""
    kept = changes[_row(current[line], s, styles), 1] * styles[6][current[line], s]
    share = learned[line] * min(1.0, kept)
    if styles[3][line, s]:
        share = max(share, styles[4])
    return styles[2][s] * (1.0 - share)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _line_row(  # type: ignore[no-untyped-def]
    line,
    orders,
    style,
    cut,
    tables,
    current,
    learned,
    styles,
    changes,
    attendance,
    total,
    lost,
    sewing,
):
    capable, piece_min, fill_min, tau = tables[0], tables[1], tables[2], tables[3]
    for i in range(orders.shape[0]):
        o = orders[i]
        s = style[o]
        if not capable[line, s]:
            total[line, i] = np.inf
            continue
        settled = (cut[o] * piece_min[line, s] + fill_min[line, s]) / attendance
        loss = _loss(line, s, current, learned, styles, changes)
        extra = learning_extra(settled, loss, tau[s])
        stop = changes[_row(current[line], s, styles), 0] * styles[5][current[line], s]
        sewing[line, i] = settled
        lost[line, i] = stop + extra
        total[line, i] = settled + stop + extra


@njit(cache=True)  # type: ignore[untyped-decorator]
def _next_line(busy_until, orders, style, capable, left):  # type: ignore[no-untyped-def]
    """The line free first among those that can sew something that is left; -1 if none."""
    best = -1
    for line in range(busy_until.shape[0]):
        if best >= 0 and busy_until[line] >= busy_until[best]:
            continue
        for i in range(orders.shape[0]):
            if left[i] and capable[line, style[orders[i]]]:
                best = line
                break
    return best


@njit(cache=True)  # type: ignore[untyped-decorator]
def _choice(  # type: ignore[no-untyped-def]
    line,
    busy_until,
    orders,
    style,
    weight,
    due_shift,
    capable,
    left,
    total,
    lost,
    sewing,
    now_shift,
    tail,
    rule,
):
    """The rule's order for ``line`` and how much sooner another line could end it."""
    k1, k2, k3, grace, _ = rule
    count, p_bar, s_bar = 0.0, 0.0, 0.0
    for i in range(orders.shape[0]):
        if left[i] and capable[line, style[orders[i]]]:
            count += 1.0
            p_bar += sewing[line, i]
            s_bar += lost[line, i]
    p_bar, s_bar = p_bar / count, max(s_bar / count, 1e-9)
    best, best_index, best_apart = -1, -np.inf, 0.0
    for i in range(orders.shape[0]):
        if not left[i] or not capable[line, style[orders[i]]]:
            continue
        o = orders[i]
        here = busy_until[line] + total[line, i]
        elsewhere = np.inf
        for other in range(busy_until.shape[0]):
            if other != line and capable[other, style[o]]:
                elsewhere = min(elsewhere, busy_until[other] + total[other, i])
        apart = max(0.0, here - elsewhere) / p_bar
        slack = due_shift[o] - now_shift - here - tail + lost[line, i] + grace
        index = np.log(weight[o] / sewing[line, i] + 1e-9) - max(0.0, slack) / (k1 * p_bar)
        index -= lost[line, i] / (k2 * s_bar) + apart / k3
        if index > best_index:
            best, best_index, best_apart = i, index, apart
    return best, best_apart
