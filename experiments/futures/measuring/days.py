"""A row a calendar day: pieces in the house, pieces packed, highest demand; and the mean week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.futures.outcome import Column
from factory_env.domain.records import RunLog
from factory_env.domain.series import SLOTS_PER_DAY, SLOTS_PER_HOUR
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY


def day_columns(log: RunLog) -> dict[str, Column]:
    """The columns of ``Outcome.days``, to the day in which the run ended."""
    count = int(log.end_min // MIN_PER_DAY) + 1
    evenings = (np.arange(count) + 1) * MIN_PER_DAY
    orders, lots = log.tables["orders"], log.tables["lots"]
    came = np.where(np.isnan(orders["ready_min"]), np.inf, orders["ready_min"])
    left = np.where(np.isnan(orders["shipped_min"]), np.inf, orders["shipped_min"])
    left = np.fmin(
        left, np.where(np.isnan(orders["cancelled_min"]), np.inf, orders["cancelled_min"])
    )
    packed_day = (lots["packed_min"] // MIN_PER_DAY).astype(int)
    return {
        "day": np.arange(count),
        "wip_pieces": _pieces_until(came, orders["cut"], evenings)
        - _pieces_until(left, orders["cut"], evenings),
        "packed_pieces": np.bincount(packed_day, weights=lots["good"], minlength=count)[:count],
        "peak_kw": _peaks(log, count),
    }


def week_load(log: RunLog) -> NDArray[np.float64]:
    """Mean load by quarter of an hour of the week, (672,); empty without a site."""
    slots = log.tables["slots"]
    if not slots["slot"].shape[0]:
        return np.zeros(0)
    length = SLOTS_PER_DAY * DAYS_PER_WEEK
    place = slots["slot"] % length
    sums = np.bincount(place, weights=slots["load_kw"], minlength=length)
    return sums / np.maximum(1, np.bincount(place, minlength=length))


def _pieces_until(when: Column, pieces: Column, evenings: Column) -> Column:
    order = np.argsort(when, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(pieces[order])])
    return running[np.searchsorted(when[order], evenings, side="right")]


def _peaks(log: RunLog, count: int) -> Column:
    slots = log.tables["slots"]
    peaks = np.zeros(count)
    inside = slots["slot"] < count * SLOTS_PER_DAY
    day = slots["slot"][inside] // SLOTS_PER_DAY
    np.maximum.at(peaks, day, slots["import_kwh"][inside] * SLOTS_PER_HOUR)
    return peaks
