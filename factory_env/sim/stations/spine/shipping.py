"""The end of the house: packed lots come together to orders, orders are audited and leave."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.domain.inspection_costs import returned_usd
from factory_env.domain.plant import LAST_ROOM
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.audit import AuditRoom, returns
from factory_env.sim.work.lot import Lot
from factory_env.sim.world import World


class Shipping:
    """The audit and the lorry. Parts of a customer's order leave together."""

    def __init__(
        self,
        world: World,
        clock: WorkingClock,
        runs: Sequence[OrderRun],
    ) -> None:
        self._world = world
        self._runs = runs
        self._clock = clock
        self._audit = AuditRoom(world, clock, self._passed)
        scenario = world.scenario
        self._has_station = scenario.inspection.station.enabled
        self._seconds_loss = scenario.costs.seconds_loss_share
        if self._has_station:
            self._seconds_loss = 1.0 - scenario.quality.seconds_price_share

    def arrive(self, lot: Lot) -> None:
        """A lot has come to packing; its order is done when its last lot is packed."""
        run = lot.run
        run.good += lot.good
        run.packed_work = max(run.packed_work, lot.times[LAST_ROOM][1])
        run.lots_open -= 1
        if run.lots_open == 0 and not run.is_cancelled:
            self._clock.call_at(run.packed_work, self.offer, run)

    def offer(self, run: OrderRun) -> None:
        """An order is packed: the audit looks at it."""
        self._audit.offer(run)

    def _passed(self, run: OrderRun) -> None:
        """The audit has let an order, or a part of one, go."""
        if run.is_cancelled:
            return
        run.has_passed = True
        parts = [self._runs[o] for o in self._world.book.parts(run.order)]
        if all(part.has_passed for part in parts):
            for part in parts:
                self._ship(part)

    def _ship(self, run: OrderRun) -> None:
        world = self._world
        run.shipped_min = world.env.now
        world.ledger.ship(run.order, run.good, world.env.now)
        run.by_air = world.ledger.by_air(run.order)
        world.ledger.lose_seconds(run.order, run.seconds, self._seconds_loss)
        if self._has_station:
            price_usd = world.book.orders[run.order].price_usd
            world.ledger.take_back(returns(run), returned_usd(world.scenario, price_usd))
        world.ledger.bind(-float(world.book.value_usd[run.order]), world.env.now)
        world.to_come.ship()
        world.recorder.watch("house", -1, world.env.now)
