"""The sewing floor: its lines, and the orders that are cut and wait for them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import DutyTable
from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.inspection import gate_of
from factory_env.sim.stations.spine.line_end import AgendaEnd, LineEnd
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_flow import LineEngine
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_agenda import LotAgenda
from factory_env.sim.world import World

NO_ORDER_DAYS = 30.0  # slack shown for a line without an order


class Floor:
    """Lines with their gates and repair benches, and the orders cut and waiting for them.

    It decides nothing: whoever listens is told of each line that could take an order.
    """

    def __init__(
        self,
        world: World,
        planner: Planner,
        runs: list[OrderRun],
        engine: LineEngine,
        to_finishing: Callable[[Lot], None],
        agenda: LotAgenda | None = None,
    ) -> None:
        self._world = world
        self._agenda = agenda
        self._planner = planner
        self._runs = runs
        self._listeners: list[Callable[[SewingLine], None]] = []
        self._day_min = world.scenario.calendar.shift_min
        self._run_at: tuple[float, frozenset[int]] | None = None  # heat, and who stands
        self._waiting: list[list[int]] = [[] for _ in FABRIC_GROUPS]  # by group, in order of coming
        self._group_of = world.tables.group_of[world.book.style].tolist()
        self._meant_for: dict[int, int] = {}  # order -> the line that is to take it
        self._sewable = np.asarray(world.tables.capable.any(axis=0))[world.book.style].tolist()
        self._line_group = world.tables.group_lines.tolist()
        self.lines = [
            self._line(number, engine, to_finishing)
            for number in range(len(world.scenario.plant.lines))
        ]

    def _line(
        self, number: int, engine: LineEngine, to_finishing: Callable[[Lot], None]
    ) -> SewingLine:
        world = self._world
        scenario, spec = world.scenario, world.scenario.plant.lines[number]
        duty = world.shifts
        if world.may_stay:
            duty = DutyTable(scenario.calendar, scenario.calendar_days + 1)
        gate_name, agenda = f"{spec.name} gate", self._agenda
        if agenda is not None:
            line_clock = agenda.make_clock(duty, spec.name)
            gate = agenda.make_gate(number, spec, agenda.make_clock(duty, gate_name))
            end = AgendaEnd(world, number, line_clock, agenda)
            return SewingLine(world, number, line_clock, gate, end, engine, self._line_free)
        clock = WorkingClock(world.env, duty, spec.name)
        day = WorkingClock(world.env, duty, gate_name)
        plain = gate_of(world, spec, day, to_finishing, clock)
        lots = LineEnd(world, number, clock, plain.arrive)
        return SewingLine(world, number, clock, plain, lots, engine, self._line_free)

    def listen(self, ask: Callable[[SewingLine], None]) -> None:
        """From now on call ``ask`` with each line that could take an order."""
        self._listeners.append(ask)

    def order_ready(self, run: OrderRun) -> None:
        """An order is cut; every idle line of its group could take it."""
        world, order = self._world, run.order
        if run.is_cancelled:
            return
        group = self._group_of[order]
        run.ready_min = world.env.now
        world.book.ready_shift[order] = world.now_shift
        world.to_come.make_ready(order)
        self._waiting[group].append(order)
        world.recorder.watch("waiting for a line", 1, world.env.now)
        self._tell_of_idle(group)

    def cancel(self, run: OrderRun) -> int:
        """The order is not wanted any more; pieces cut and given back by floor or line."""
        order = run.order
        if self._agenda is not None:
            self._agenda.cancel(order)
        waiting = self._waiting[self._group_of[order]]
        if order in waiting:
            waiting.remove(order)
            self._world.recorder.watch("waiting for a line", -1, self._world.env.now)
            self._planner.forget(order, None)
            return run.cut
        if not run.is_taken:  # fabric to come, or on the cutting table
            return run.cut
        back = self.lines[run.line].cut(run)
        self._planner.forget(order, run.line if back else None)
        return back

    def morning(self) -> None:
        """A shift begins: lines that hold could think again."""
        for group, waiting in enumerate(self._waiting):
            if waiting:
                self._tell_of_idle(group)

    def wake(self, line: SewingLine) -> None:
        """A line that was out of order could take work again."""
        if self._world.idle[line.number] and self._waiting[self._line_group[line.number]]:
            self._tell(line)

    def waiting_for(self, line: int) -> NDArray[np.int64]:
        """Orders that the line could take, in order of coming, shape (n,)."""
        waiting = self._waiting[self._line_group[line]]
        if self._meant_for:
            waiting = [o for o in waiting if self._meant_for.get(o, line) == line]
        orders = np.array(waiting, dtype=np.int64)
        world = self._world
        return np.asarray(orders[world.tables.capable[line, world.book.style[orders]]])

    def reserve(self, order: int, line: SewingLine) -> None:
        """An order that no line has is the line's next one, and no other line's."""
        self._meant_for[order] = line.number
        self.wake(line)

    def first_meant(self, line: int) -> int | None:
        """The waiting order that is meant for a line, if there is one."""
        waiting = self._waiting[self._line_group[line]]
        return next((o for o, to in self._meant_for.items() if to == line and o in waiting), None)

    def others(self, line: SewingLine) -> list[SewingLine]:
        """The other lines of its fabric group."""
        group = self._line_group[line.number]
        return [x for x in self.lines if x is not line and self._line_group[x.number] == group]

    def waiting_days(self, group: int) -> float:
        """Planned sewing work of a group's waiting orders [working days of one line]."""
        return float(self._planner.work_days[self._waiting[group]].sum())

    def backlog_days(self) -> float:
        """Planned sewing work of all waiting orders [working days a line]."""
        days = [self.waiting_days(group) for group in range(len(self._waiting))]
        return sum(days) / len(self.lines)

    def slack_days(self) -> NDArray[np.float64]:
        """Working days from the planned end of each line's order to its due date, (lines,)."""
        world = self._world
        due, idle, tail_min = world.book.due_shift, world.idle, world.scenario.flow.tail_min
        slack = [NO_ORDER_DAYS] * len(self.lines)
        for line in self.lines:
            if line.passes and not idle[line.number]:
                order = line.passes[-1].run.order
                end = self._planner.planned_end(order) + tail_min
                slack[line.number] = (due[order] - end) / self._day_min
        return np.array(slack)

    def run_at(self, efficiency: float, defects: float, standing: frozenset[int]) -> None:
        """A hot hall slows the lines and spoils more; ``standing`` lines do not work at all."""
        self._world.heat_defects = defects
        if (efficiency, standing) == self._run_at:
            return
        self._run_at = efficiency, standing
        for line in self.lines:
            is_up = line.number not in standing
            line.clock.set_factors({"heat": efficiency, "curtailed": float(is_up)})

    def stuck_orders(self) -> list[int]:
        """Waiting orders that no line of the plant can sew."""
        return [o for orders in self._waiting for o in orders if not self._sewable[o]]

    def pick(self, order: int, line: int) -> OrderRun:
        """Take an order from the waiting ones for ``line``."""
        world, run = self._world, self._runs[order]
        self._waiting[self._group_of[order]].remove(order)
        world.recorder.watch("waiting for a line", -1, world.env.now)
        world.idle[line] = False
        run.line = line
        run.taken_min = world.env.now
        self._planner.plan(order, line)
        return run

    def _line_free(self, line: SewingLine) -> None:
        self._world.idle[line.number] = True
        self._tell(line)

    def _tell_of_idle(self, group: int) -> None:
        for line in self.lines:
            if self._world.idle[line.number] and self._line_group[line.number] == group:
                self._tell(line)

    def _tell(self, line: SewingLine) -> None:
        if self._world.down[line.number]:
            return
        for ask in self._listeners:
            ask(line)
