"""The cutting room: orders queue for tables; a rule or the policy picks the next one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from factory_env.decisions.order_choice import OrderChoice
from factory_env.sim.clock import WorkingClock
from factory_env.sim.desk import Desk
from factory_env.sim.stations.order_run import OrderRun
from factory_env.sim.view import Planner
from factory_env.sim.world import World


class CuttingRoom:
    """Each table cuts one order at a time, its crew sharing the standard minutes."""

    name = "cutting"

    def __init__(
        self,
        world: World,
        clock: WorkingClock,
        desk: Desk,
        planner: Planner,
        then: Callable[[OrderRun], None],
    ) -> None:
        self._world = world
        self._clock = clock
        self._desk = desk
        self._planner = planner
        self._then = then
        self._rule = world.scenario.flow.cutting_rule
        self._free = list(range(world.scenario.plant.rooms.cutting_tables))
        self._queue: list[OrderRun] = []

    @property
    def waiting(self) -> int:
        """Orders whose fabric is here and not yet on a table."""
        return len(self._queue)

    def arrive(self, run: OrderRun) -> None:
        """An order's fabric is in the house."""
        self._queue.append(run)
        self._next()

    def question(self, serial: int) -> OrderChoice | None:
        """The pending choice, or None if there is nothing to choose any more."""
        if not self._free or not self._queue:
            return None
        if len(self._queue) == 1:
            self._start(self._queue[0])
            return None
        orders = np.array([run.order for run in self._queue], dtype=np.int64)
        return self._planner.cutting(serial, self._free[0], orders)

    def answer(self, choice: OrderChoice, answer: int) -> None:
        """Put the chosen order on the table."""
        self._start(self._queue[answer - 1])
        if self._free and self._queue:
            self._desk.request(self)

    def _next(self) -> None:
        if self._rule == "agent":
            if self._free and self._queue:
                self._desk.request(self)
            return
        while self._free and self._queue:
            due = self._world.book.due_min
            if self._rule == "edd":
                run = min(self._queue, key=lambda r: (due[r.order], r.order))
            else:
                run = self._queue[0]
            self._start(run)

    def _start(self, run: OrderRun) -> None:
        self._queue.remove(run)
        table = self._free.pop(0)
        product = run.product
        run.cut = int(self._world.book.cut[run.order])
        self._world.ledger.bind(float(self._world.book.value_usd[run.order]), self._world.env.now)
        crew = self._world.scenario.plant.rooms.cutting_crew
        minutes = run.cut * (product.cutting_min + product.fusing_min) / crew
        self._clock.call_after(minutes, self._done, (table, run))

    def _done(self, job: tuple[int, OrderRun]) -> None:
        table, run = job
        self._free.append(table)
        self._free.sort()
        self._then(run)
        self._next()
