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

    def releases(self) -> Generator[Event, None, None]:
        """SimPy process: one step per order, at the minute its fabric was promised for."""
        world = self._world
        promised = world.book.release_min.copy()
        for order in np.argsort(promised, kind="stable").tolist():
            wait = float(promised[order]) - world.env.now
            if wait > 0:
                yield world.env.timeout(wait)
            delay = self._delay_min(order) if promised[order] > 0.0 else 0.0
            if delay <= 0.0:
                self._arrive(order)
                continue
            world.book.set_release(order, world.env.now + delay)
            world.recorder.event("fabric late", world.env.now, world.env.now + delay, order=order)
            late = Timeout(world.env, delay, order)
            late.callbacks.append(self._late)  # type: ignore[union-attr]

    def _late(self, event: Any) -> None:
        self._arrive(int(event._value))

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
        if run.is_cancelled:
            return
        world.to_come.arrive(order)
        world.recorder.watch("house", 1, world.env.now)
        world.ledger.watch(order, world.env.now)
        if world.book.release_min[order] <= 0.0:
            run.cut = int(world.book.cut[order])
            world.ledger.bind(float(world.book.value_usd[order]), world.env.now)
            self._to_floor(run)
        else:
            self._to_cutting(run)
