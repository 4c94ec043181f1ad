"""Turns the state of the floor into estimates, and into the frozen question a policy sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from factory_env.decisions.candidates import N_COLUMNS, CandidateTable
from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.decisions.order_choice import OrderChoice
from factory_env.decisions.plans.outlook import Outlook
from factory_env.domain.scenario import Scenario
from factory_env.sim.orders.book import Book
from factory_env.sim.planning.cost_to_go import MatchRule, StyleFacts, cost_to_go_usd
from factory_env.sim.planning.estimate import (
    BookColumns,
    Floats,
    Ints,
    LinesNow,
    LineTimes,
    Terms,
    best_line,
    expected_late_usd,
    fill_candidates,
    stay_min,
)
from factory_env.sim.planning.outlook import draw_outlook
from factory_env.sim.planning.views import Views
from factory_env.sim.planning.whole_book import whole_cost_usd
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.world import World
from factory_env.units import DAYS_PER_WEEK

NO_ORDERS: Final[Ints] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Look:
    """Draws up a question's outlook, if somebody asks for it before it is answered."""

    planner: Planner
    serial: int
    orders: Ints
    asker: int
    lines: LinesNow

    def __call__(self) -> Outlook:
        return self.planner.look_out(self.serial, self.orders, self.asker, self.lines)


class Planner:
    """Knows what a planner may know: book, standard times, the lines' state; no luck to come."""

    def __init__(self, world: World) -> None:
        book, n_lines = world.book, len(world.scenario.plant.lines)
        self._world = world
        self._book = _book_columns(book)
        self.times = _line_times(world.tables)  # as planners know them
        self._terms = _terms(world.scenario)
        self._styles = _style_facts(world)
        self.free_shift = np.zeros(n_lines)  # estimated, shift minutes
        self._order_on = np.full(n_lines, -1)  # last order each line took
        self._planned_end = np.full(len(book), np.inf)  # of sewing, for orders taken by a line
        # sewing work of each order on an average line of its group, working days
        unsewn = ~self.times.capable.any(axis=0)  # such a style keeps its infinite minutes
        mean = np.where(self.times.capable | unsewn, self.times.piece_min, np.nan)
        per_piece = np.nanmean(mean, axis=0) / self._terms.attendance
        self._piece_days = per_piece[book.style] / self._terms.day_min
        self.work_days = book.cut * self._piece_days
        self._views = Views(world, self.work_days)
        self._serial = -1  # of the last question

    def dispatch(self, serial: int, line: int, orders: Ints, can_hold: bool) -> OrderChoice:
        """A free line asks."""
        askers = np.full(orders.shape[0], line)
        return self._choice("dispatch", serial, line, orders, askers, can_hold, self._group(line))

    def cutting(self, serial: int, table: int, orders: Ints) -> OrderChoice:
        """A free cutting table asks; every order is seen from the line that would end it first."""
        now = self._lines_now(self._world.now_shift)
        askers = best_line(orders, self._book, self.times, now, self._terms.attendance)
        group = int(self._world.tables.group_of[self._book.style[orders[0]]])
        return self._choice("cutting", serial, table, orders, askers, False, group)

    def reckon(self, order: int) -> None:
        """The order has another quantity."""
        self.work_days[order] = self._book.cut[order] * self._piece_days[order]

    def planned_end(self, order: int) -> float:
        """When sewing of an order was planned to end, shift minutes; infinite if no line has it."""
        return float(self._planned_end[order])

    def forget(self, order: int, line: int | None) -> None:
        """The order is cancelled; ``line`` had it and is free when what is on it is done."""
        now_shift = self._world.now_shift
        self._planned_end[order] = now_shift
        if line is not None:
            tomorrow = now_shift + self._terms.day_min
            self.free_shift[line] = min(float(self.free_shift[line]), tomorrow)

    def late_after_evenings(self, line: int, minutes: Floats) -> Floats:
        """Penalties to be expected if the line worked so many minutes longer, shape (n,) [USD]."""
        free, ends = self.free_shift[line], self._planned_end
        order = self._order_on[line]
        end = ends[order] if order >= 0 else 0.0
        late_usd = np.empty(minutes.shape[0])
        for i, more in enumerate(minutes.tolist()):
            self.free_shift[line] = free - more
            if order >= 0:
                ends[order] = end - more
            late_usd[i] = self.expected_late_usd()
        self.free_shift[line] = free
        if order >= 0:
            ends[order] = end
        return late_usd

    def gain(self, line: int, minutes: float) -> None:
        """The line works so many minutes longer tonight."""
        self.free_shift[line] -= minutes
        if self._order_on[line] >= 0:
            self._planned_end[self._order_on[line]] -= minutes

    def view_lines(self, line: int) -> LinesView:
        """The lines as a question of ``line`` shows them."""
        free_in_min = np.maximum(0.0, self.free_shift - self._world.now_shift)
        return self._views.lines(self._group(line), free_in_min)

    def view_site(self, line: int) -> SiteView:
        """The site as a question of ``line`` shows it, no orders waiting."""
        return self._views.site(self._group(line), self._world.now_shift, NO_ORDERS)

    def plan(self, order: int, line: int) -> None:
        """``line`` takes ``order``: note when both should be done."""
        end = self._world.now_shift + self.estimate_min(order, line)
        self.free_shift[line] = self._planned_end[order] = end
        self._order_on[line] = order

    def expected_late_usd(self, *, on_lines_only: bool = False) -> float:
        """Penalties still to come from the orders in the house, as the planner sees it [USD]."""
        ledger = self._world.ledger
        ledger.book_steps(self._world.env.now)
        return float(
            expected_late_usd(
                self._planned_end,
                ledger.shipped_min,
                ledger.late_usd,
                on_lines_only,
                self._world.now_shift,
                self._book,
                self.times,
                self._lines_now(self._world.now_shift),
                self._terms,
            )
        )

    def cost_to_go_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Lateness and lost labour still to come if a rule scheduled what is in the house [USD].

        ``rule``: k1, k2, k3, grace_min and hold_beyond of the line-matching ATCS.
        """
        return self._schedule_usd(cost_to_go_usd, rule)

    def whole_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """The same of the whole book, what is still to come included: no planner knows it [USD]."""
        return self._schedule_usd(whole_cost_usd, rule)

    def _schedule_usd(self, kernel: Any, rule: tuple[float, float, float, float, float]) -> float:
        world = self._world
        world.ledger.book_steps(world.env.now)
        return float(
            kernel(
                self._planned_end,
                world.ledger.shipped_min,
                world.ledger.late_usd,
                world.setups.learned,
                world.now_shift,
                self._book,
                self.times,
                self._lines_now(self._world.now_shift),
                self._styles,
                self._terms,
                MatchRule(*rule),
            )
        )

    def estimate_min(self, order: int, line: int) -> float:
        """Estimated shift minutes of setup, sewing and learning of ``order`` on ``line``."""
        times, setups, style = self.times, self._world.setups, self._book.style[order]
        return float(
            stay_min(
                self._book.cut[order],
                times.piece_min[line, style],
                times.fill_min[line, style],
                self._terms.attendance,
                setups.setup_min[line, style],
                setups.loss[line, style],
                times.learn_tau_min[style],
            )
        )

    def look_out(self, serial: int, orders: Ints, asker: int, lines: LinesNow) -> Outlook:
        """The outlook of the pending question; see `draw_outlook`."""
        if serial != self._serial:
            raise RuntimeError(f"question {serial} is answered: what it looked out on is gone")
        unsewn = np.isinf(self._planned_end) & np.isinf(self._world.ledger.shipped_min)
        return draw_outlook(
            self._world, unsewn, orders, asker, lines, self.times, self._terms, self._styles
        )

    def _group(self, line: int) -> int:
        return int(self._world.tables.group_lines[line])

    def _lines_now(self, now_shift: float) -> LinesNow:
        setups = self._world.setups
        free_in_min = np.maximum(0.0, self.free_shift - now_shift)
        return LinesNow(setups.setup_min, setups.loss, setups.current, free_in_min)

    def _choice(
        self,
        kind: Literal["dispatch", "cutting"],
        serial: int,
        asker: int,
        orders: Ints,
        askers: Ints,
        can_hold: bool,
        group: int,
    ) -> OrderChoice:
        now_shift = self._world.now_shift
        self._serial = serial
        lines = self._lines_now(now_shift)
        data = np.empty((orders.shape[0], N_COLUMNS))
        fill_candidates(data, orders, askers, now_shift, self._book, self.times, lines, self._terms)
        return OrderChoice(
            kind=kind,
            serial=serial,
            now_min=self._world.env.now,
            asker=asker,
            orders=orders,
            table=CandidateTable(data),
            can_hold=can_hold,
            lines=self._views.lines(group, lines.free_in_min),
            site=self._views.site(group, now_shift, orders),
            look=Look(self, serial, orders, asker if kind == "dispatch" else -1, lines),
            rehearse=self._world.rehearse,
        )


def _book_columns(book: Book) -> BookColumns:
    return BookColumns(
        style=book.style,
        cut=book.cut,
        release_shift=book.release_shift,
        due_shift=book.due_shift,
        ready_shift=book.ready_shift,
        weight_usd=book.weight_usd,
        is_rush=book.is_rush,
    )


def _line_times(tables: PlantTables) -> LineTimes:
    return LineTimes(
        capable=tables.capable,
        piece_min=tables.piece_min,
        fill_min=tables.fill_min,
        learn_tau_min=tables.learn_tau_min,
        product_of=tables.product_of,
        operators=tables.operators,
    )


def _terms(scenario: Scenario) -> Terms:
    calendar, costs, flow = scenario.calendar, scenario.costs, scenario.flow
    week_min = calendar.working_days_per_week * calendar.shift_min
    return Terms(
        attendance=flow.planned_attendance,
        tail_min=flow.tail_min,
        labour_usd_per_min=costs.labour_usd_per_min,
        day_min=calendar.shift_min,
        late_days=np.array([s.after_days for s in costs.late_steps]),
        late_shares=np.array([s.share for s in costs.late_steps]),
        days_per_min=DAYS_PER_WEEK / week_min,
    )


def _style_facts(world: World) -> StyleFacts:
    tables = world.tables
    return StyleFacts(
        product_of=tables.product_of,
        kind_of=tables.kind_of,
        group_of=tables.group_of,
        learn_loss=tables.learn_loss,
        home=tables.home,
        home_share=world.scenario.learning.home_share,
        setup_factor=tables.setup_factor,
        kept_factor=tables.kept_factor,
        changes=world.setups.changes,
    )
