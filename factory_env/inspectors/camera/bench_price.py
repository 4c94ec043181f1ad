"""A price on the bench's minutes, so that a camera does not flag more than the bench can look at.

The price is 0 while the bench keeps up. Otherwise it is the least at which the flagged pieces take
no more than `BUSY` of the menders' time: the multiplier of that limit (a shadow price).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from factory_env.domain.product import Product
from factory_env.domain.scenario import Scenario
from factory_env.inspectors.camera.stakes import Ratios, Stakes

BUSY: Final = 0.8  # of the menders' time; beyond, lots wait long [assumed]
STEPS: Final = 20  # of the bisection: a millionth of the highest price


def priced(stakes: Stakes, sound: Ratios, defective: Ratios, minutes: float) -> Stakes:
    """The stakes with the price of a bench of ``minutes`` a piece sewn.

    Parameters
    ----------
    sound, defective
        What the camera says, as ratios: (m, 7) of sound pieces, (7, n, 7) of each kind.
    """
    if bench_min(stakes, sound, defective) <= minutes:
        return stakes
    low, high = 0.0, stakes.escape_usd / stakes.look_min  # at the latter nothing is worth a look
    for _ in range(STEPS):
        price = 0.5 * (low + high)
        if bench_min(stakes.at_bench_price(price), sound, defective) > minutes:
            low = price
        else:
            high = price
    return stakes.at_bench_price(high)


def bench_min(stakes: Stakes, sound: Ratios, defective: Ratios) -> float:
    """Minutes of the bench a piece sewn, at strictness 1 and for the kinds that a camera sees."""
    alarms = float(stakes.flags(sound).mean())
    caught = stakes.flags(defective).mean(-1)
    looks = (1.0 - float(stakes.share.sum())) * alarms * stakes.look_min
    return looks + float((stakes.share * caught * stakes.caught_min).sum())


def free_bench_min(scenario: Scenario, product: Product) -> float:
    """Minutes of the menders a piece sewn, at the pace of the product's home lines.

    Pace: operators at the mean efficiency of their grades, those absent left out.
    """
    lines = [line for line in scenario.plant.lines if product.name in line.home]
    lines = lines or list(scenario.plant.lines)
    menders = float(np.mean([line.repairers / line.operators for line in lines]))
    sewing = product.smv_min / scenario.grades.mean_efficiency()
    return BUSY * menders * sewing / scenario.flow.planned_attendance
