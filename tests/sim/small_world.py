"""The shared state of a run in which nothing happens by itself: no rooms, no people, no days."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env import Order, Scenario
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.world import World, new_world


def small_world(
    scenario: Scenario,
    orders: Sequence[Order] | None = None,
    *,
    seed: int = 1,
    tables: PlantTables | None = None,
) -> World:
    """A world at minute 0; ``orders`` None = drawn."""
    recorder = Recorder(operations=False)
    return new_world(scenario, seed, recorder, orders=orders, tables=tables, inspector=None)


def runs_of(world: World) -> list[OrderRun]:
    """What will happen to its orders."""
    styles = world.tables.styles
    return [OrderRun(o, styles[s].product) for o, s in enumerate(world.book.style.tolist())]
