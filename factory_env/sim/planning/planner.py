"""Turns the state of the floor into the frozen question a policy sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.candidates import N_COLUMNS, CandidateTable
from factory_env.decisions.order_choice import LinesView, OrderChoice, SiteView
from factory_env.sim.planning.cost_to_go import cost_to_go_usd
from factory_env.sim.planning.estimate import (
    best_line,
    booked_work,
    expected_late_usd,
    fill_candidates,
)
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY, MIN_PER_HOUR

if TYPE_CHECKING:
    from factory_env.sim.world import World


class Planner:
    """Knows what a planner may know: book, standard times, the lines' state; no luck to come."""

    def __init__(self, world: World) -> None:
        scenario, book, tables = world.scenario, world.book, world.tables
        self._world = world
        self.free_shift = np.zeros(len(scenario.plant.lines))  # estimated, shift minutes
        self._planned_end = np.full(len(book), np.inf)  # of sewing, for orders taken by a line
        self._order_on = np.full(len(scenario.plant.lines), -1)  # last order each line took
        self._book = (
            book.style,
            book.cut,
            book.due_shift,
            book.ready_shift,
            book.weight_usd,
            book.is_rush,
        )
        self._tables = (
            tables.capable,
            tables.piece_min,
            tables.fill_min,
            tables.learn_tau_min,
            tables.product_of,
            tables.operators,
        )
        calendar, costs, flow = scenario.calendar, scenario.costs, scenario.flow
        self._day_min = calendar.shift_min
        week_min = calendar.working_days_per_week * self._day_min
        self._late = (
            np.array([s.after_days for s in costs.late_steps]),
            np.array([s.share for s in costs.late_steps]),
            DAYS_PER_WEEK / week_min,
        )
        self._flow = (
            flow.planned_attendance,
            flow.tail_min,
            costs.labour_usd_per_min,
            self._day_min,
        )
        # sewing work of each order on an average line of its group, working days
        mean = np.where(tables.capable, tables.piece_min, np.nan)
        per_piece = np.nanmean(mean, axis=0) / flow.planned_attendance
        self._piece_days = per_piece[book.style] / self._day_min
        self.work_days = book.cut * self._piece_days
        self._is_knit = tables.group_of[book.style]
        self._is_group = {True: self._is_knit, False: ~self._is_knit}
        group_lines = tables.group_lines
        self._line_is_group = {k: (group_lines == k).astype(np.float64) for k in (True, False)}
        self._n_lines = {k: float(v.sum()) for k, v in self._line_is_group.items()}
        self._ahead_min = np.array([2.0, 5.0, 10.0]) * self._day_min
        self._horizon_shift = scenario.horizon_days * self._day_min

    def dispatch(
        self, serial: int, line: int, orders: NDArray[np.int64], can_hold: bool
    ) -> OrderChoice:
        """A free line asks."""
        askers = np.full(orders.shape[0], line)
        knit = bool(self._world.tables.group_lines[line])
        return self._choice("dispatch", serial, line, orders, askers, can_hold, knit)

    def cutting(self, serial: int, table: int, orders: NDArray[np.int64]) -> OrderChoice:
        """A free cutting table asks; every order is seen from the line that would end it first."""
        askers = best_line(orders, self._book, self._tables, self._state(), self._flow[0])
        knit = bool(self._is_knit[orders[0]])
        return self._choice("cutting", serial, table, orders, askers, False, knit)

    def reckon(self, order: int) -> None:
        """The order has another quantity."""
        self.work_days[order] = self._world.book.cut[order] * self._piece_days[order]

    def planned_end(self, order: int) -> float:
        """When sewing of an order was planned to end, shift minutes; infinite if no line has it."""
        return float(self._planned_end[order])

    def forget(self, order: int, line: int | None) -> None:
        """The order is cancelled; ``line`` had it and is free when what is on it is done."""
        self._planned_end[order] = self._world.now_shift
        if line is not None:
            self.free_shift[line] = min(
                float(self.free_shift[line]), self._world.now_shift + self._day_min
            )

    def late_after_evenings(self, line: int, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Penalties to be expected if the line worked so many minutes longer, shape (n,) [USD]."""
        free, ends = self.free_shift[line], self._planned_end
        order = self._order_on[line]
        end = ends[order] if order >= 0 else 0.0
        found = np.empty(minutes.shape[0])
        for i, more in enumerate(minutes.tolist()):
            self.free_shift[line] = free - more
            if order >= 0:
                ends[order] = end - more
            found[i] = self.expected_late_usd()
        self.free_shift[line] = free
        if order >= 0:
            ends[order] = end
        return found

    def gain(self, line: int, minutes: float) -> None:
        """The line works so many minutes longer tonight."""
        self.free_shift[line] -= minutes
        if self._order_on[line] >= 0:
            self._planned_end[self._order_on[line]] -= minutes

    def lines_of(self, line: int) -> LinesView:
        """The lines as a question of ``line`` shows them."""
        return self._lines(bool(self._world.tables.group_lines[line]), self._world.now_shift)

    def site_of(self, line: int) -> SiteView:
        """The site as a question of ``line`` shows it, no orders waiting."""
        knit = bool(self._world.tables.group_lines[line])
        return self._site(knit, self._world.now_shift, np.empty(0, dtype=np.int64))

    def plan(self, order: int, line: int) -> None:
        """``line`` takes ``order``: note when both should be done."""
        end = self._world.now_shift + self.estimate_min(order, line)
        self.free_shift[line] = self._planned_end[order] = end
        self._order_on[line] = order

    def expected_late_usd(self, *, on_lines_only: bool = False) -> float:
        """Penalties still to come from the orders in the house, as the planner sees it [USD]."""
        world = self._world
        return float(
            expected_late_usd(
                world.book.release_shift,
                world.ledger.shipped_min,
                self._planned_end,
                on_lines_only,
                world.ledger.late_usd,
                world.now_shift,
                self._book,
                self._tables,
                self._state(),
                self._late,
                self._flow,
            )
        )

    def cost_to_go_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Lateness and lost labour still to come if a rule scheduled what is in the house [USD].

        ``rule``: k1, k2, k3, grace_min and hold_beyond of the line-matching ATCS.
        """
        world, setups, tables = self._world, self._world.setups, self._world.tables
        now = world.now_shift
        house = world.book.release_shift <= now
        orders = np.flatnonzero(house & np.isinf(self._planned_end))
        taken = self.expected_late_usd(on_lines_only=True)
        if not orders.size:
            return taken
        free_in = np.maximum(0.0, self.free_shift - now)
        state = (free_in, setups.current.copy(), setups.learned.copy())
        home_share = world.scenario.learning.home_share
        styles = (
            tables.product_of,
            tables.group_of,
            tables.learn_loss,
            tables.home,
            home_share,
            tables.setup_factor,
            tables.kept_factor,
        )
        return taken + float(
            cost_to_go_usd(
                orders,
                now,
                self._book,
                self._tables,
                state,
                styles,
                setups.changes,
                self._late,
                self._flow,
                rule,
            )
        )

    def estimate_min(self, order: int, line: int) -> float:
        """Estimated shift minutes of setup, sewing and learning of ``order`` on ``line``."""
        out = np.empty((1, N_COLUMNS))
        orders, askers = np.array([order]), np.array([line])
        self._fill(out, orders, askers, self._world.now_shift)
        table = CandidateTable(out)
        return float(table.setup_min[0] + table.sewing_min[0] + table.learning_min[0])

    def _state(self) -> tuple[Any, ...]:
        setups = self._world.setups
        free_in = np.maximum(0.0, self.free_shift - self._world.now_shift)
        return (setups.setup_min, setups.loss, setups.current, free_in)

    def _fill(
        self,
        out: NDArray[np.float64],
        orders: NDArray[np.int64],
        askers: NDArray[np.int64],
        now: float,
    ) -> None:
        fill_candidates(
            out,
            orders,
            askers,
            now,
            self._book,
            self._tables,
            self._state(),
            self._late,
            self._flow,
        )

    def _choice(
        self,
        kind: Literal["dispatch", "cutting"],
        serial: int,
        asker: int,
        orders: NDArray[np.int64],
        askers: NDArray[np.int64],
        can_hold: bool,
        knit: bool,
    ) -> OrderChoice:
        world = self._world
        now_shift = world.now_shift
        data = np.empty((orders.shape[0], N_COLUMNS))
        self._fill(data, orders, askers, now_shift)
        return OrderChoice(
            kind=kind,
            serial=serial,
            now_min=world.env.now,
            asker=asker,
            orders=orders,
            table=CandidateTable(data),
            can_hold=can_hold,
            lines=self._lines(knit, now_shift),
            site=self._site(knit, now_shift, orders),
        )

    def _lines(self, knit: bool, now_shift: float) -> LinesView:
        world = self._world
        return LinesView(
            is_group=self._line_is_group[knit],
            free_in_min=np.maximum(0.0, self.free_shift - now_shift),
            learned_share=world.setups.learned.copy(),
            attendance=world.attendance.copy(),
            is_idle=world.idle.astype(np.float64),
        )

    def _site(self, knit: bool, now_shift: float, orders: NDArray[np.int64]) -> SiteView:
        world = self._world
        now = world.env.now
        lines = self._n_lines[knit]
        book = world.book
        within = booked_work(
            book.release_min,
            book.release_shift,
            book.booked_min,
            self._is_group[knit],
            self.work_days,
            now,
            now_shift,
            self._ahead_min,
        )
        within /= lines
        return SiteView(
            weekday=float(int(now // MIN_PER_DAY) % DAYS_PER_WEEK),
            shift_hour=now_shift % self._day_min / MIN_PER_HOUR,
            horizon_share=now_shift / self._horizon_shift,
            queue_days=float(self.work_days[orders].sum()) / lines,
            booked_2_days=float(within[0]),
            booked_5_days=float(within[1]),
            booked_10_days=float(within[2]),
            group_lines=lines,
            more_to_come=float(world.to_come.may_bring(knit)),
        )
