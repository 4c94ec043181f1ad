"""What a customer may do to an order: cancel it, or want another quantity.

Whoever holds the order is told here, so that book, planner and rooms never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.world import World


class Amendments:
    """Changes of orders, told to everybody whom they concern."""

    def __init__(
        self,
        world: World,
        runs: Sequence[OrderRun],
        planner: Planner,
        cutting: CuttingRoom,
        floor: Floor,
    ) -> None:
        self._world = world
        self._runs = runs
        self._planner = planner
        self._cutting = cutting
        self._floor = floor

    def is_uncut(self, order: int) -> bool:
        """Has nothing of the order been cut, and is it still wanted?"""
        run = self._runs[order]
        return run.cut == 0 and not run.is_cancelled

    def is_open(self, order: int) -> bool:
        """Is it neither shipped nor cancelled?"""
        run = self._runs[order]
        return not (run.is_shipped or run.is_cancelled)

    def set_quantity(self, order: int, pieces: int) -> None:
        """The customer wants another quantity of an order that is not cut yet."""
        world = self._world
        more = float(pieces - int(world.book.quantity[order]))
        world.book.set_quantity(order, pieces)
        self._planner.reckon(order)
        world.recorder.event("quantity", world.env.now, order=order, amount=more)

    def cancel(self, order: int) -> None:
        """The customer no longer wants an order; what is on a line is finished and lost."""
        world, run, now = self._world, self._runs[order], self._world.env.now
        if run.is_cancelled or run.is_shipped:
            return
        is_here = world.to_come.has_come(order)
        is_bound = run.cut > 0
        self._cutting.drop(order)  # ``run.cut`` is then what has been cut of it
        run.cancelled_min = now
        run.scrapped += self._floor.cancel(run)
        self._cutting.look()  # less is cut ahead now
        if is_here and is_bound:
            world.ledger.bind(-float(world.book.value_usd[order]), now)
        if is_here:
            world.recorder.watch("house", -1, now)
        world.ledger.cancel(order, run.cut, now)
        world.recorder.event("cancelled", now, order=order)
        world.to_come.drop(order, is_here=is_here, is_ready=run.is_ready)
