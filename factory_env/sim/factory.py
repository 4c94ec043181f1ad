"""The running factory: advance to the next question, answer it, read the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.decision import Question
from factory_env.domain.answers import AnswerRow
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.days.amendments import Amendments
from factory_env.sim.days.customers import Customers
from factory_env.sim.days.evening import Evenings
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.days.morning import Days
from factory_env.sim.energy.meter import LiveMeter, Meter
from factory_env.sim.energy.site_run import Activity, SiteRun
from factory_env.sim.history.fork import forked
from factory_env.sim.history.line_days import record_operations
from factory_env.sim.history.logbook import run_log
from factory_env.sim.history.replay import Past, Renewal
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.collection import season_styles
from factory_env.sim.orders.demand import draw_orders, style_mixes
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.orders.parts import split_orders
from factory_env.sim.planning.planner import Planner
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.questions.energy import SlotProcess
from factory_env.sim.questions.inspection import HandOver
from factory_env.sim.questions.order import LineAsks, TableAsks
from factory_env.sim.questions.overtime import OvertimeAsks
from factory_env.sim.stations.cutting import CuttingRoom
from factory_env.sim.stations.finishing import Finishing
from factory_env.sim.stations.floor import Floor
from factory_env.sim.stations.sewing import SewingLine
from factory_env.sim.stations.shipping import Shipping
from factory_env.sim.work.line_flow import LineEngine, run_pass
from factory_env.sim.work.line_use import LineUse
from factory_env.sim.work.use import Consumer
from factory_env.sim.world import new_world
from factory_env.units import MIN_PER_DAY


class Factory:
    """One run of a scenario under one seed.

    >>> factory = Factory(scenario, seed=1)             # doctest: +SKIP
    >>> while (question := factory.advance()) is not None:  # doctest: +SKIP
    ...     factory.answer(policy.choose(question))
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        orders: Sequence[Order] | None = None,
        tables: PlantTables | None = None,
        engine: LineEngine = run_pass,
        record_operations: bool = False,
    ) -> None:
        streams = Streams(seed)
        styles = season_styles(scenario, streams)
        if tables is None or tables.scenario is not scenario or tables.styles != styles:
            tables = PlantTables(scenario, styles, earlier=tables)
        days = scenario.calendar.calendar_days(scenario.horizon_days)
        shifts = ShiftTable(scenario.calendar, days + 1)
        self.scenario = scenario
        self.seed = seed
        self.engine = engine
        self.given = None if orders is None else tuple(orders)  # None = it draws its own
        self.renewals: list[Renewal] = []  # of the luck; see fork.py
        self.horizon_min = days * MIN_PER_DAY
        if orders is None:
            orders = draw_orders(tables, streams, shifts, tables.derived(style_mixes))
        orders = split_orders(orders, tables)
        book = Book(orders, styles, scenario, shifts)
        self.world = new_world(
            scenario, tables, book, streams, shifts, Recorder(operations=record_operations)
        )
        self.runs = [OrderRun(o, styles[book.style[o]].product) for o in range(len(book))]
        self._desk = Desk()
        self._is_late = False  # the horizon has come
        self._settled = False
        self._build(engine, days)

    def _build(self, engine: LineEngine, days: int) -> None:
        world, scenario = self.world, self.scenario
        env = world.env
        clock = WorkingClock(env, world.shifts, "finishing")
        shipping = Shipping(world, clock, self.runs)
        self.finishing = Finishing(world, clock, shipping.arrive)
        planner = self.planner = Planner(world)
        self.floor = Floor(world, planner, self.runs, engine, self.finishing.arrive)
        cutting_clock = WorkingClock(env, world.shifts, "cutting")
        self.cutting = CuttingRoom(
            world, cutting_clock, planner, self.floor.order_ready, self.floor.waiting_days
        )
        handing = HandOver(world, self.floor, self.cutting, planner, self._desk)
        LineAsks(world, self.floor, self.cutting, planner, self._desk, handing.hand_over)
        TableAsks(self.cutting, planner, self._desk)
        horizon = env.timeout(self.horizon_min)
        assert horizon.callbacks is not None
        horizon.callbacks.append(self._horizon)
        rooms_clocks = [cutting_clock, *self.finishing.clocks]
        self._amendments = Amendments(world, self.runs, planner, self.cutting, self.floor)
        customers = Customers(world, self._amendments)
        self.site = self._site(days)
        self.days = Days(world, self.floor, customers, rooms_clocks, days, self.site)
        fabric = Fabric(world, self.runs, self.cutting.arrive, self.floor.order_ready)
        env.process(fabric.releases())
        env.process(self.days.mornings())
        if scenario.overtime.mode != "off":
            evenings = Evenings(world, self.floor.lines, planner)
            OvertimeAsks(world, evenings, planner, self._desk)
            env.process(evenings.process(days))

    def _site(self, days: int) -> SiteRun | None:
        """The energy side, if the scenario has one."""
        setup, world = self.scenario.energy, self.world
        if setup is None:
            return None
        is_run = setup.control.mode == "agent"
        consumers = self.consumers()
        meter: Activity = (
            LiveMeter(consumers, self.finishing.clock) if is_run else Meter(consumers, world.shifts)
        )
        weather = world.streams.generator("weather")
        lines = len(self.floor.lines)
        site = SiteRun(setup, days, lines, world.shifts, weather, meter, world.ledger.use_energy)
        if is_run:
            asker = SlotProcess(site, self.scenario.calendar, self.floor, self.finishing.set_steam)
            world.env.process(asker.process(world.env, self._desk))
        return site

    def consumers(self) -> list[Consumer]:
        """Everybody who reports to the meter, lines first."""
        world = self.world
        assert world.power is not None
        return [
            *(
                LineUse(world, world.power, line.number, line.clock, line.passes, line.load)
                for line in self.floor.lines
            ),
            *self.finishing.consumers,
            self.cutting.use,
        ]

    def advance(self) -> Question | None:
        """Run until somebody asks; None when everything is shipped or the horizon has come."""
        step, desk, to_come = self.world.env.step, self._desk, self.world.to_come
        while to_come.left and not self._is_late:
            if desk.is_waiting:
                question = desk.pending()
                if question is not None:
                    return question
            step()
        self._settle()
        return None

    def answer(self, answer: Any) -> AnswerRow:
        """Answer the pending question; returns how the log keeps it.

        Raises
        ------
        IllegalAnswer
            If the answer is not offered; the question stays pending.
        """
        row = self._desk.answer(answer).row(answer)
        self.world.recorder.answers.append(row)
        return row

    def fork(self, at_min: float | None = None, fresh_seed: int | None = None) -> Factory:
        """A new factory that has lived the same past; this one is not touched.

        Parameters
        ----------
        at_min
            Wall minute to go back to: answers given in it or later are left to the new policy.
            None = now; then both stand at the same question.
        fresh_seed
            Everything still to come is drawn anew from it (look-ahead without clairvoyance);
            None = the same luck lies ahead (what if).

        Raises
        ------
        BranchError
            If the run has not come to ``at_min`` yet.
        """
        return forked(self, at_min, fresh_seed)

    @property
    def past(self) -> Past:
        """What has to be known to live this run again."""
        return Past(
            scenario=self.scenario,
            seed=self.seed,
            orders=self.given,
            answers=tuple(self.world.recorder.answers),
            renewals=tuple(self.renewals),
        )

    def ask_again(self) -> None:
        """Have the pending question built anew, because what it shows has changed."""
        self._desk.ask_again()

    @property
    def is_asking(self) -> bool:
        """Has a question been asked and not been answered?"""
        return self._desk.is_asking

    @property
    def is_over(self) -> bool:
        """Is everything shipped, or has the horizon come?"""
        return self._is_late or not self.world.to_come.left

    @property
    def now_min(self) -> float:
        """Wall minutes since the start."""
        return float(self.world.env.now)

    @property
    def tables(self) -> PlantTables:
        """What the plant's lines can do with the season's styles; serves the next run too."""
        return self.world.tables

    @property
    def book(self) -> Book:
        """The order book as it stands."""
        return self.world.book

    @property
    def lines(self) -> Sequence[SewingLine]:
        """The sewing lines."""
        return self.floor.lines

    @property
    def free_in_min(self) -> NDArray[np.float64]:
        """Shift minutes until each line is free, as the planner estimates; shape (lines,)."""
        return np.maximum(0.0, self.planner.free_shift - self.world.now_shift)

    @property
    def shipped(self) -> int:
        """Orders that have left the house."""
        return self.world.to_come.shipped

    @property
    def finished(self) -> bool:
        """Has everything been shipped, or been cancelled?"""
        return self.world.to_come.left == 0

    def cancel(self, order: int) -> None:
        """The customer no longer wants an order; what is on a line is finished and lost."""
        self._amendments.cancel(order)

    def renew_luck(self, fresh_seed: int) -> None:
        """From this minute on, everything still to come is drawn anew.

        Orders already known stay; work on the lines keeps what is done and meets new luck from
        here on. Orders that nobody has heard of are exchanged when a fork is made (fork.py).
        """
        self.world.streams.renew(fresh_seed)
        self.days.renew_luck()
        for line in self.floor.lines:
            line.renew_luck()

    @property
    def cost_usd(self) -> float:
        """Cost accrued so far [USD]; at the horizon, open orders included."""
        return self.world.ledger.total(self.world.env.now)

    @property
    def projected_cost_usd(self) -> float:
        """Cost accrued plus penalties to be expected from open orders; at the end, the cost."""
        if self.is_over:
            return self.cost_usd
        return self.cost_usd + self.planner.expected_late_usd()

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Cost accrued plus the cost to go if a rule scheduled what is in the house.

        ``rule``: k1, k2, k3, grace_min, hold_beyond of the line-matching ATCS. At the end it is
        the cost.
        """
        if self.is_over:
            return self.cost_usd
        return self.cost_usd + self.planner.cost_to_go_usd(rule)

    @property
    def cost_parts_usd(self) -> dict[str, float]:
        """Cost accrued so far by part [USD]; lateness, changeover, learning, holding, short."""
        self.world.ledger.total(self.world.env.now)
        return self.world.ledger.parts()

    def log(self) -> RunLog:
        """The run so far as columns."""
        record_operations(self.world, self.floor.lines)
        self._account()
        return run_log(self.world, self.runs, self.seed, self.floor, self.finishing, self.site)

    def _account(self) -> None:
        """Book the energy of the slots that have passed."""
        if self.site is not None:
            self.site.account(int(self.world.env.now // SLOT_MIN))

    def _settle(self) -> None:
        self._account()
        if not self._settled and not self.finished:
            self.world.ledger.settle(self.horizon_min)
        self._settled = True

    def _horizon(self, event: Event) -> None:
        self._is_late = True
