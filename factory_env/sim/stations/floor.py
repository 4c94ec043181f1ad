"""The sewing floor: what waits, which lines are free, and who asks when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import DutyTable
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.questions.inspection import Strictness
from factory_env.sim.stations.cutting import CuttingRoom
from factory_env.sim.stations.inspection import gate_of
from factory_env.sim.stations.lot_station import LotStation
from factory_env.sim.stations.sewing import SewingLine
from factory_env.sim.work.line_flow import LineEngine
from factory_env.sim.world import World

NO_ORDER_DAYS = 30.0  # slack shown for a line without an order


class Floor:
    """Lines with their gates and repair benches, and the orders cut and waiting for them."""

    cutting: CuttingRoom  # set by the factory: the room hands its orders to the floor

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
        self.pressing = pressing
        self._days = world.scenario.calendar.calendar_days(world.scenario.horizon_days) + 1
        self.site: SiteRun | None = None  # the energy side, if it is accounted for
        # are absent operators counted by head, or does absence slow the line evenly?
        self.counts_people = world.scenario.rebalance.mode != "even"
        shift_min = world.scenario.calendar.shift_min
        self._after_moving = 1.0 - world.scenario.rebalance.cost_min / shift_min
        self._run_at: tuple[float, frozenset[int]] | None = None  # heat, and who stands
        self._desk = desk
        self._runs = runs
        self._waiting: dict[bool, list[int]] = {False: [], True: []}  # by is-knit, order of coming
        self._knit = world.tables.group_of[world.book.style].tolist()
        self._sewable = np.asarray(world.tables.capable.any(axis=0))[world.book.style].tolist()
        self._line_knit = world.tables.group_lines.tolist()
        self.strictness = Strictness(world, self, desk)  # hands chosen orders to the lines
        self.lines = [
            self._line(number, engine, pressing)
            for number in range(len(world.scenario.plant.lines))
        ]

    def _line(self, number: int, engine: LineEngine, pressing: LotStation) -> SewingLine:
        world = self.world
        spec = world.scenario.plant.lines[number]
        duty = world.shifts
        if world.scenario.overtime.mode != "off":
            duty = DutyTable(world.scenario.calendar, self._days)
        clock = WorkingClock(world.env, duty, spec.name)
        day = WorkingClock(world.env, duty, f"{spec.name} gate")
        gate = gate_of(world, spec, day, pressing.arrive, clock)
        return SewingLine(self, number, clock, engine, gate)

    def order_ready(self, run: OrderRun) -> None:
        """An order is cut; every idle line of its group is asked."""
        world, order = self.world, run.order
        if run.is_cancelled:
            return
        knit = self._knit[order]
        run.ready_min = world.env.now
        world.book.ready_shift[order] = world.now_shift
        world.to_come.make_ready(order)
        self._waiting[knit].append(order)
        self._ask_idle(knit)

    def line_free(self, line: SewingLine) -> None:
        """A line can take the next order."""
        self.world.idle[line.number] = True
        self._desk.request(line)

    def pace(self, line: SewingLine, *, is_morning: bool = False) -> float:
        """How well the people who have come can be placed: pace of the line / share present.

        Without re-balancing the thinnest station limits the line; moving people costs minutes.
        """
        rules, world = self.world.scenario.rebalance, self.world
        here = np.count_nonzero(line.present)
        if not self.counts_people or here == line.operators or not here:
            return 1.0
        product = world.tables.styles[int(world.setups.current[line.number])].product
        kept, moved = world.crews.capacities(line.number, product, line.present)
        pace = kept
        if rules.mode == "shift" and moved >= kept * (1.0 + rules.min_gain):
            pace = moved
            if is_morning:
                pace *= self._after_moving
        return pace * line.operators / here

    def cancel(self, run: OrderRun) -> int:
        """The order is not wanted any more; pieces cut and given back by floor or line."""
        order = run.order
        waiting = self._waiting[self._knit[order]]
        if order in waiting:
            waiting.remove(order)
            self.planner.forget(order, None)
            return run.cut
        if not run.is_taken:  # fabric to come, or on the cutting table
            return run.cut
        back = self.lines[run.line].cut(run)
        self.planner.forget(order, run.line if back else None)
        return back

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
        if self.world.to_come.may_ready(knit) and self.cutting.may_feed(knit):
            return True
        return any(
            other is not line
            and self._line_knit[other.number] == knit
            and (not self.world.idle[other.number] or self._desk.has_request(other))
            for other in self.lines
        )

    def waiting_days(self, knit: bool) -> float:
        """Planned sewing work of a group's waiting orders [working days of one line]."""
        return float(self.planner.work_days[self._waiting[knit]].sum())

    def backlog_days(self) -> float:
        """Planned sewing work of all waiting orders [working days a line]."""
        return sum(self.waiting_days(knit) for knit in self._waiting) / len(self.lines)

    def slack_days(self) -> NDArray[np.float64]:
        """Working days from the planned end of each line's order to its due date, (lines,)."""
        world = self.world
        due, idle, tail_min = world.book.due_shift, world.idle, world.scenario.flow.tail_min
        slack = np.full(len(self.lines), NO_ORDER_DAYS)
        for line in self.lines:
            if line.passes and not idle[line.number]:
                order = line.passes[-1].run.order
                end = self.planner.planned_end(order) + tail_min
                slack[line.number] = (due[order] - end) / world.scenario.calendar.shift_min
        return slack

    def run_at(self, efficiency: float, defects: float, standing: frozenset[int]) -> None:
        """A hot hall slows the lines and spoils more; ``standing`` lines do not work at all."""
        self.world.heat_defects = defects
        if (efficiency, standing) == self._run_at:
            return
        self._run_at = efficiency, standing
        for line in self.lines:
            is_up = line.number not in standing
            line.clock.set_factors({"heat": efficiency, "curtailed": float(is_up)})

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
        self.cutting.look()
        return run

    def record_operations(self) -> None:
        """Write every operation done so far in wall minutes, if they are kept; anew each time."""
        recorder = self.world.recorder
        recorder.operation_blocks.clear()
        if not recorder.keeps_operations:
            return
        taken = [
            (part.run.taken_min, i, line, part)
            for line in self.lines
            for i, part in enumerate(line.passes)
        ]
        for _, _, line, part in sorted(taken, key=lambda row: (row[0], row[2].number, row[1])):
            result, clock = part.result, line.clock
            bundle, station = np.nonzero(result.end <= clock.now)
            recorder.operation_blocks.append(
                {
                    "order": np.full(bundle.shape[0], part.run.order),
                    "line": np.full(bundle.shape[0], line.number),
                    "bundle": bundle,
                    "station": station,
                    "operator": result.operator[bundle, station],
                    "start_min": clock.history_wall_at(result.start[bundle, station]),
                    "end_min": clock.history_wall_at(result.end[bundle, station]),
                }
            )

    def _ask_idle(self, knit: bool) -> None:
        for line in self.lines:
            if self.world.idle[line.number] and self._line_knit[line.number] == knit:
                self._desk.request(line)
