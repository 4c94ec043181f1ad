"""The mill says that the fabric of an order will come later."""

from __future__ import annotations

from factory_env.domain.changes import LateFabric
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: LateFabric, reach: Reach) -> None:
    """Fabric that is late anyway comes on the later of both days."""

    def postpone() -> None:
        for part in reach.parts(change.order_id):
            reach.fabric.postpone(part, change.release_min)

    reach.at(change.at_min, postpone)


PLUG = Cause(kind=LateFabric, begin=begin)
