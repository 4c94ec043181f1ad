"""Observation block: the rest of the site, one row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import CUTTING
from factory_env.envs.observation import MAX_LINES, MAX_ORDERS, Feature, Row


class Site:
    """Calendar, queue and booked work of the asking line's fabric group."""

    rows = 1
    features = (
        Feature(name="weekday", unit="of a week", low=0.0, high=1.0),
        Feature(name="shift_hour", unit="10 h", low=0.0, high=2.4),
        Feature(name="horizon_share", unit="share of the run gone by", low=0.0, high=1.5),
        Feature(name="queue_days", unit="10 line days a line", low=0.0, high=10.0),
        Feature(name="booked_2_days", unit="10 line days a line", low=0.0, high=10.0),
        Feature(name="booked_5_days", unit="10 line days a line", low=0.0, high=10.0),
        Feature(name="booked_10_days", unit="10 line days a line", low=0.0, high=10.0),
        Feature(name="group_lines", unit="of 16", low=0.0, high=4.0),
        Feature(name="more_to_come", unit="0/1, fabric still to arrive", low=0.0, high=1.0),
        Feature(name="waiting", unit="of 32 orders", low=0.0, high=10.0),
        Feature(name="can_hold", unit="0/1", low=0.0, high=1.0),
        Feature(name="is_cutting", unit="0/1, a cutting table asks", low=0.0, high=1.0),
    )

    def __init__(self, prior: dict[str, float]) -> None:
        del prior

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        site = question.site
        waiting = 0 if question.shown is None else len(question.shown)
        out[:] = (
            site.weekday / 6.0,
            min(site.shift_hour / 10.0, 2.4),
            min(site.horizon_share, 1.5),
            min(site.queue_days / 10.0, 10.0),
            min(site.booked_2_days / 10.0, 10.0),
            min(site.booked_5_days / 10.0, 10.0),
            min(site.booked_10_days / 10.0, 10.0),
            min(site.group_lines / MAX_LINES, 4.0),
            site.more_to_come,
            min(waiting / MAX_ORDERS, 10.0),
            float(question.may_decline),
            float(question.kind == CUTTING),
        )


PLUG = Site
