"""The cutting room: orders queue for tables; a rule or the policy picks the next one.

With lays, all tables work on the order that was begun, lay by lay, and the next order begins
when a table finds no lay left. The tables share one clock, so who cuts which lay when is known
when an order begins: it costs a timer a table and one for the order, however many lays it has.
Without lays a table cuts an order as a whole.

A limit on work in progress holds back new orders of a fabric group while enough is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.work.lays import LayPlan, LayUse, lay_out, order_lays
from factory_env.sim.world import World

GROUPS = range(len(FABRIC_GROUPS))


class CuttingRoom:
    """Tables with a crew each, which shares the standard minutes of the order on its table.

    ``waiting_days`` tells the sewing work of a fabric group's orders that are cut and wait for
    a line [days of one line].
    """

    name = "cutting"

    def __init__(
        self,
        world: World,
        clock: WorkingClock,
        planner: Planner,
        then: Callable[[OrderRun], None],
        waiting_days: Callable[[int], float],
    ) -> None:
        self._world = world
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._planner = planner
        self._then = then
        self._waiting_days = waiting_days
        flow, tables = world.scenario.flow, world.scenario.plant.rooms.cutting_tables
        self._rule = flow.cutting_rule
        lines = world.tables.group_lines
        self._limit_days = {
            group: flow.wip_limit_days * float((lines == group).sum()) for group in GROUPS
        }
        self._is_limited = flow.wip_limit_days > 0.0
        self._group_of_style = world.tables.group_of
        self._free = list(range(tables))
        self._end = [0.0] * tables  # working minute at which each table is done
        self._queue: list[OrderRun] = []
        self._plans: dict[int, LayPlan] = {}  # every order ever begun
        self._being_cut: dict[int, LayPlan] = {}  # begun and not yet ready
        self.use = LayUse(clock, self._plans, world.scenario.plant.rooms)

    def listen(self, ask: Callable[[], None]) -> None:
        """From now on call ``ask`` when an order could begin and no rule says which."""
        self._listeners.append(ask)

    @property
    def waiting(self) -> int:
        """Orders whose fabric is here and not yet on a table."""
        return len(self._queue)

    def arrive(self, run: OrderRun) -> None:
        """An order's fabric is in the house."""
        self._queue.append(run)
        self._watch(1)
        self.go_on()

    def look(self) -> None:
        """Work has left the waiting orders: a group held back may go on."""
        if self._is_limited:
            self.go_on()

    def may_feed(self, group: int) -> bool:
        """Can another order of the group become ready before a line takes one that waits?"""
        return (
            not self._is_limited
            or not self._is_held(group)
            or any(self._group(plan.run) == group for plan in self._being_cut.values())
        )

    def drop(self, order: int) -> bool:
        """The order is not wanted any more. True: it waited here and is gone.

        False: it did not wait. If it is being cut, lays begun are cut to their end, the others
        are not begun, ``run.cut`` is what was cut, and the order does not go on to the floor.
        """
        for run in self._queue:
            if run.order == order:
                self._queue.remove(run)
                self._watch(-1)
                return True
        plan = self._being_cut.pop(order, None)
        if plan is not None:
            self._watch(-1)
            # no later order can have begun while this one has lays left: tables go back to it
            tables = plan.stop(self._clock.now)
            done = {**plan.before, **plan.ends()}
            for table in sorted(tables):
                self._busy_until(table, done[table])
            plan.run.cut = sum(plan.pieces)
            self.go_on()
        return False

    @property
    def clock(self) -> WorkingClock:
        """The room's working clock."""
        return self._clock

    @property
    def plans(self) -> Mapping[int, LayPlan]:
        """The lays of every order ever begun, in the order of beginning."""
        return self._plans

    @property
    def free_table(self) -> int | None:
        """The first table without work."""
        return self._free[0] if self._free else None

    def allowed_orders(self) -> NDArray[np.int64]:
        """Orders that may begin, in order of coming, shape (n,)."""
        return np.array([run.order for run in self._allowed()], dtype=np.int64)

    def begin(self, order: int) -> None:
        """Cut an order that may begin, on the tables that are free."""
        self._start(next(run for run in self._queue if run.order == order))

    def go_on(self) -> None:
        """Begin what may begin, by the house's rule; or tell whoever listens that one could."""
        if self._rule == "agent":
            if self._free and self._queue:
                for ask in self._listeners:
                    ask()
            return
        while self._free:
            runs = self._allowed()
            if not runs:
                return
            due = self._world.book.due_min
            if self._rule == "edd":
                run = min(runs, key=lambda r: (due[r.order], r.order))
            else:
                run = runs[0]
            self._start(run)

    def _allowed(self) -> list[OrderRun]:
        """Orders that may begin, in order of coming."""
        if not self._is_limited or not self._queue:
            return self._queue
        held = {group: self._is_held(group) for group in GROUPS}
        return [run for run in self._queue if not held[self._group(run)]]

    def _is_held(self, group: int) -> bool:
        """Is enough work of the group cut or on tables? Never if there is none."""
        days = self._waiting_days(group)
        for plan in self._being_cut.values():
            if self._group(plan.run) == group:
                days += plan.work_days
        return 0.0 < days >= self._limit_days[group]

    def _group(self, run: OrderRun) -> int:
        return int(self._group_of_style[self._world.book.style[run.order]])

    def _start(self, run: OrderRun) -> None:
        world = self._world
        self._queue.remove(run)
        run.cut = int(world.book.cut[run.order])
        world.ledger.bind(float(world.book.value_usd[run.order]), world.env.now)
        plan = self._plan(run)
        self._plans[run.order] = self._being_cut[run.order] = plan
        cutting = world.scenario.cutting
        lead_min = cutting.lead_min if cutting.lays else 0.0
        self._clock.call_at(max(plan.end) + lead_min, self._ready, plan)
        for table, end in plan.ends().items():
            self._busy_until(table, end)

    def _plan(self, run: OrderRun) -> LayPlan:
        world, now = self._world, self._clock.now
        rules = world.scenario.cutting
        pieces, minutes = order_lays(run, rules, world.scenario.plant.rooms.cutting_crew)
        free = [(now, self._free[0])]
        if rules.lays:
            free = [(max(now, end), table) for table, end in enumerate(self._end)]
        table, start, end = lay_out(minutes, free)
        return LayPlan(
            run=run,
            work_days=float(self._planner.work_days[run.order]),
            pieces=pieces,
            table=table,
            start=start,
            end=end,
            before={t: self._end[t] for t in table},
        )

    def _busy_until(self, table: int, end: float) -> None:
        if self._end[table] != end or table in self._free:
            self._end[table] = end
            if table in self._free:
                self._free.remove(table)
            self._clock.call_at(end, self._end_of_table, (table, end))

    def _end_of_table(self, job: tuple[int, float]) -> None:
        table, end = job
        if self._end[table] == end and table not in self._free:  # else it was given more, or less
            self._free.append(table)
            self._free.sort()
            self.go_on()

    def _ready(self, plan: LayPlan) -> None:
        if self._being_cut.pop(plan.run.order, None) is not None:  # else it was dropped
            self._watch(-1)
            self._then(plan.run)

    def _watch(self, more: int) -> None:
        self._world.recorder.watch(self.name, more, self._world.env.now)
