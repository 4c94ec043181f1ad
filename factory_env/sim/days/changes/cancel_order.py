"""A customer no longer wants an order."""

from __future__ import annotations

from factory_env.domain.changes import CancelOrder
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: CancelOrder, reach: Reach) -> None:
    """What has been shipped by then stays sold."""

    def cancel() -> None:
        for part in reach.parts(change.order_id):
            reach.amendments.cancel(part)

    reach.at(change.at_min, cancel)


PLUG = Cause(kind=CancelOrder, begin=begin)
