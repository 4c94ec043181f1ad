"""A floor of toy lines without a desk: the test itself is who decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factory_env import Order, Scenario
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_flow import run_pass
from factory_env.sim.work.lot import Lot
from factory_env.sim.world import new_world
from tests.laws.tiny_plant import line, order, product, scenario

TEE = product("tee", [1.0])


def orders(*pieces: int) -> list[Order]:
    """Orders of so many tees, cut before the run."""
    return [order(f"o{i}", "tee-01", n, 9.0, 100.0) for i, n in enumerate(pieces)]


def one_operator(days: int = 20) -> Scenario:
    """One line, one person, one piece a minute, around the clock."""
    return scenario([line("only", 1, tee=1.0)], [TEE], days)


class Bench:
    """A floor whose orders are all cut; lots that pass a gate are kept."""

    def __init__(self, plant: Scenario, book: Sequence[Order], **given: Any) -> None:
        recorder = Recorder(operations=given.pop("operations", False))
        plain = {"orders": book, "tables": None, "inspector": None}
        self.world = new_world(plant, 0, recorder, **(plain | given))
        styles = self.world.tables.styles
        self.runs = [
            OrderRun(o, styles[s].product) for o, s in enumerate(self.world.book.style.tolist())
        ]
        self.planner = Planner(self.world)
        self.through: list[Lot] = []
        self.free: list[tuple[int, float]] = []  # lines that the floor told of, and when
        self.floor = Floor(self.world, self.planner, self.runs, run_pass, self.through.append)
        self.floor.listen(self._hear)

    def _hear(self, told: SewingLine) -> None:
        self.free.append((told.number, float(self.world.env.now)))

    def cut(self, *orders: int) -> None:
        """The cutting room has cut these orders."""
        for number in orders:
            self.world.to_come.arrive(number)
            self.runs[number].cut = int(self.world.book.cut[number])
            self.floor.order_ready(self.runs[number])

    def take(self, number: int, line_number: int = 0) -> None:
        """A line takes an order."""
        self.floor.lines[line_number].take(self.floor.pick(number, line_number), 1.0)
