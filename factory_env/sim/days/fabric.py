"""Fabric comes in: on the promised day, or late; cancelled orders never come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
from simpy.events import Event, Timeout

from factory_env.sim.kernel.streams import uniforms
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY


class Fabric:
    """Brings orders to the cutting room; those of day 0 or before are cut and go to the floor."""

    def __init__(
        self,
        world: World,
        runs: Sequence[OrderRun],
        to_cutting: Callable[[OrderRun], None],
        to_floor: Callable[[OrderRun], None],
    ) -> None:
        self._world = world
        self._runs = runs
        self._to_cutting = to_cutting
        self._to_floor = to_floor
        self._not_before: dict[int, float] = {}  # minute, of orders whose mill has said so
        self._has_come: set[int] = set()
        self._placed: set[int] = set()  # by the floor with which the run begins

    def releases(self) -> Generator[Event, None, None]:
        """SimPy process: one step per order, at the minute its fabric was promised for."""
        world = self._world
        promised = world.book.release_min.copy()
        begin_min = 0.0 if world.floor is None else world.floor.at_min
        for order in np.argsort(promised, kind="stable").tolist():
            if order in self._placed:
                continue
            wait = float(promised[order]) - world.env.now
            if wait > 0:
                yield world.env.timeout(wait)
            delay = self._delay_min(order) if promised[order] > begin_min else 0.0
            if delay <= 0.0:
                self._arrive(order)
                continue
            until = world.env.now + delay
            if until > self._not_before.get(order, 0.0):
                world.book.set_release(order, until)
                world.recorder.event("fabric late", world.env.now, until, order=order)
            self._wait(order, delay)

    def place(self, order: int) -> None:
        """The order stands on the floor with which the run begins."""
        self._placed.add(order)
        self._has_come.add(order)

    def await_late(self, order: int, release_min: float) -> None:
        """The fabric of an order was promised for an earlier minute and comes at this one."""
        self._placed.add(order)
        self._world.book.set_release(order, release_min)
        self._wait(order, release_min - self._world.env.now)

    def postpone(self, order: int, release_min: float) -> None:
        """The fabric of an order that has not come yet will not come before a minute."""
        world, book = self._world, self._world.book
        if order in self._has_come or release_min <= book.release_min[order]:
            return
        self._not_before[order] = release_min
        world.recorder.event("fabric late", world.env.now, release_min, order=order)
        book.set_release(order, release_min)

    def _late(self, event: Any) -> None:
        self._arrive(int(event._value))

    def _wait(self, order: int, minutes: float) -> None:
        late = Timeout(self._world.env, minutes, order)
        late.callbacks.append(self._late)  # type: ignore[union-attr]

    def _delay_min(self, order: int) -> float:
        fabric = self._world.scenario.disruptions.fabric
        if fabric.share <= 0.0:
            return 0.0
        luck = int(self._world.book.luck[order])
        u, v = uniforms(self._world.streams.key("order", luck, "fabric"), 2).tolist()
        days = -fabric.mean_days * float(np.log(1.0 - v)) if u < fabric.share else 0.0
        return days * MIN_PER_DAY

    def _arrive(self, order: int) -> None:
        world, run = self._world, self._runs[order]
        more_min = self._not_before.get(order, 0.0) - world.env.now
        if more_min > 0.0:
            self._wait(order, more_min)
            return
        self._has_come.add(order)
        if run.is_cancelled:
            return
        world.to_come.arrive(order)
        world.recorder.watch("house", 1, world.env.now)
        world.ledger.watch(order, world.env.now)
        if world.book.release_min[order] <= 0.0 and world.floor is None:
            run.cut = int(world.book.cut[order])
            world.ledger.bind(float(world.book.value_usd[order]), world.env.now)
            self._to_floor(run)
        else:
            self._to_cutting(run)
