"""The sewing floor: what waits, which lines are free, and who asks when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.clock import WorkingClock
from factory_env.sim.desk import Desk
from factory_env.sim.line_flow import LineEngine, PassResult
from factory_env.sim.stations.gate import Gate
from factory_env.sim.stations.lot_station import LotStation
from factory_env.sim.stations.order_run import OrderRun
from factory_env.sim.stations.sewing import SewingLine
from factory_env.sim.view import Planner
from factory_env.sim.world import World


class Floor:
    """Lines with their gates and repair benches, and the orders cut and waiting for them."""

    def __init__(
        self,
        world: World,
        desk: Desk,
        planner: Planner,
        runs: list[OrderRun],
        engine: LineEngine,
        pressing: LotStation,
    ) -> None:
        self.world = world
        self.planner = planner
        self._desk = desk
        self._runs = runs
        self._waiting: dict[bool, list[int]] = {False: [], True: []}  # by is-knit, order of coming
        # orders of each group that no line can choose yet: fabric to come, or on the cutting table
        knit = world.tables.group_of[world.book.style]
        self.coming = [int((~knit).sum()), int(knit.sum())]
        self._knit = knit.tolist()
        self._sewable = np.asarray(world.tables.capable.any(axis=0))[world.book.style].tolist()
        self._line_knit = world.tables.group_lines.tolist()
        self.lines = [
            self._line(number, engine, pressing)
            for number in range(len(world.scenario.plant.lines))
        ]
        self._pending_operations: list[tuple[SewingLine, OrderRun, PassResult]] = []

    def _line(self, number: int, engine: LineEngine, pressing: LotStation) -> SewingLine:
        world = self.world
        spec = world.scenario.plant.lines[number]
        clock = WorkingClock(world.env, world.shifts, spec.name)
        day = WorkingClock(world.env, world.shifts, f"{spec.name} gate")
        return SewingLine(self, number, clock, engine, Gate(spec, day, pressing.arrive))

    def order_ready(self, run: OrderRun) -> None:
        """An order is cut; every idle line of its group is asked."""
        world, order = self.world, run.order
        knit = self._knit[order]
        run.ready_min = world.env.now
        world.book.ready_shift[order] = world.now_shift
        self.coming[int(knit)] -= 1
        self._waiting[knit].append(order)
        self._ask_idle(knit)

    def line_free(self, line: SewingLine) -> None:
        """A line can take the next order."""
        self.world.idle[line.number] = True
        self._desk.request(line)

    def morning(self) -> None:
        """A shift begins: lines that hold are asked again."""
        for knit, waiting in self._waiting.items():
            if waiting:
                self._ask_idle(knit)

    def waiting_for(self, line: int) -> NDArray[np.int64]:
        """Orders that the line could take, in order of coming, shape (n,)."""
        orders = np.array(self._waiting[self._line_knit[line]], dtype=np.int64)
        world = self.world
        return np.asarray(orders[world.tables.capable[line, world.book.style[orders]]])

    def may_hold(self, line: SewingLine) -> bool:
        """May other work still come, or another line of the group still take what waits?"""
        knit = self._line_knit[line.number]
        if self.coming[int(knit)] > 0:
            return True
        return any(
            other is not line
            and self._line_knit[other.number] == knit
            and (not self.world.idle[other.number] or self._desk.has_request(other))
            for other in self.lines
        )

    def stuck_orders(self) -> list[int]:
        """Waiting orders that no line of the plant can sew."""
        return [o for orders in self._waiting.values() for o in orders if not self._sewable[o]]

    def pick(self, order: int, line: int) -> OrderRun:
        """Take an order from the waiting ones for ``line``."""
        world, run = self.world, self._runs[order]
        self._waiting[self._knit[order]].remove(order)
        world.idle[line] = False
        run.line = line
        run.taken_min = world.env.now
        self.planner.plan(order, line)
        return run

    def keep_operations(self, line: SewingLine, run: OrderRun, result: PassResult) -> None:
        """Remember every operation; times become wall minutes when the run is over."""
        self._pending_operations.append((line, run, result))

    def record_operations(self) -> None:
        """Write every operation done so far in wall minutes; anew at every call."""
        self.world.recorder.operation_blocks.clear()
        for line, run, result in self._pending_operations:
            bundle, station = np.nonzero(result.end <= line.clock.now)
            start, end = result.start[bundle, station], result.end[bundle, station]
            self.world.recorder.operation_blocks.append(
                {
                    "order": np.full(bundle.shape[0], run.order),
                    "line": np.full(bundle.shape[0], line.number),
                    "bundle": bundle,
                    "station": station,
                    "operator": result.operator[bundle, station],
                    "start_min": line.clock.history_wall_at(start),
                    "end_min": line.clock.history_wall_at(end),
                }
            )

    def _ask_idle(self, knit: bool) -> None:
        for line in self.lines:
            if self.world.idle[line.number] and self._line_knit[line.number] == knit:
                self._desk.request(line)
