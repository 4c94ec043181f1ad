"""Plans as sequences of orders per line, and what they cost by the planner's estimates, compiled.

A line takes the orders of its sequence one after the other, each as soon as it is there. What a
line costs hangs on its own sequence alone, so a plan that moves an order costs two lines' work to
judge: less than a microsecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined
from factory_env.decisions.plans.outlook import Outlook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARNING_ROUNDS = 3  # of the fixed point, as the planner of the house has it


class Shop(NamedTuple):
    """`Outlook` as the kernels take it; orders (n), lines (L)."""

    ready_min: Floats
    due_min: Floats
    weight_usd: Floats
    holding_usd_per_min: Floats
    sewing_min: Floats  # (L, n)
    free_min: Floats  # (L,)
    lost_usd_per_min: Floats  # (L,) of changes and learning
    first_stop_min: Floats  # (L, n)
    first_loss: Floats  # (L, n)
    full_loss: Floats
    tau_min: Floats
    home_share: Floats  # (L, n)
    memory_share: Floats  # (L, n)
    repeat_stop_min: float
    stop_min: Floats  # (n, n)
    kept_share: Floats  # (n, n)
    tail_min: float
    days_per_min: float
    late_days: Floats
    late_shares: Floats
    unsure_days: float
    unsure_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """How a planner sees what its estimates leave out; chosen on mid, seeds 220000 to 220047."""

    # of a minute lost to changes and learning, in labour: orders to come want the minutes, too
    minute_value: float = 2.0
    unsure_days: float = 1.5  # by which an end may be missed, either way
    unsure_share: float = 0.1  # and so much more a day that it is ahead
    tail_share: float = 0.6  # of the time that plans leave from the last stitch to the lorry


def open_shop(outlook: Outlook, views: Views) -> Shop:
    """The outlook for the kernels."""
    return Shop(
        outlook.ready_min,
        outlook.due_min,
        outlook.weight_usd,
        outlook.holding_usd_per_min,
        outlook.sewing_min,
        outlook.free_min.copy(),
        outlook.crew_usd_per_min * views.minute_value,
        outlook.first_stop_min,
        outlook.first_loss,
        np.maximum(outlook.full_loss, 1e-9),
        outlook.tau_min,
        outlook.home_share,
        outlook.memory_share,
        outlook.repeat_stop_min,
        outlook.stop_min,
        outlook.kept_share,
        outlook.tail_min * views.tail_share,
        outlook.days_per_min,
        outlook.late_days,
        outlook.late_shares,
        views.unsure_days,
        views.unsure_share,
    )


@inlined
def late_share(late_days: float, ahead_days: float, shop: Shop) -> float:
    """Expected share of the weight lost by an order that should ship ``ahead_days`` from now.

    The end is not known to the day, the less so the further it is ahead: every step of the penalty
    becomes a slope.
    """
    width = shop.unsure_days + shop.unsure_share * ahead_days
    share, last = 0.0, 0.0
    for i in range(shop.late_days.shape[0]):
        over = (late_days - shop.late_days[i] + width) / (2.0 * width)
        if over <= 0.0:
            return share
        share += (shop.late_shares[i] - last) * min(1.0, over)
        last = shop.late_shares[i]
    return share


@inlined
def learning_min(settled_min: float, loss: float, tau_min: float) -> float:
    """Extra minutes until work worth ``settled_min`` is done by a line that still learns."""
    extra = loss * tau_min * (1.0 - np.exp(-settled_min / tau_min))
    for _ in range(LEARNING_ROUNDS):
        extra = loss * tau_min * (1.0 - np.exp(-(settled_min + extra) / tau_min))
    return float(extra)


@compiled
def line_usd(line: int, seq: Ints, count: int, shop: Shop) -> float:
    """Lateness, lost labour and bound capital of a line that takes ``seq[:count]`` [USD]."""
    t, share, usd = shop.free_min[line], 0.0, 0.0
    for i in range(count):
        o = seq[i]
        if i == 0:
            stop = shop.first_stop_min[line, o]
            loss = shop.first_loss[line, o]
        else:
            before = seq[i - 1]
            stop = shop.stop_min[before, o]
            share *= shop.kept_share[before, o]
            if shop.memory_share[line, o] > 0.0:
                stop = min(stop, shop.repeat_stop_min)
                share = max(share, shop.memory_share[line, o])
            share = max(share, shop.home_share[line, o])
            loss = shop.full_loss[o] * (1.0 - share)
        settled, tau = shop.sewing_min[line, o], shop.tau_min[o]
        lost = stop + learning_min(settled, loss, tau)
        begin = max(t, shop.ready_min[o])
        t = begin + settled + lost
        first_share = 1.0 - loss / shop.full_loss[o]
        share = 1.0 - (1.0 - first_share) * np.exp(-(t - begin) / tau)
        shipped = t + shop.tail_min
        late_days = (shipped - shop.due_min[o]) * shop.days_per_min
        usd += shop.weight_usd[o] * late_share(late_days, shipped * shop.days_per_min, shop)
        usd += shop.lost_usd_per_min[line] * lost + shop.holding_usd_per_min[o] * shipped
    return usd
