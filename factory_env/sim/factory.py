"""The running factory: advance to the next question, answer it, read the log."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from simpy import Environment
from simpy.events import Event

from factory_env import designs, inspectors
from factory_env.catalogue import load_plug
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.sim.book import Book
from factory_env.sim.clock import WorkingClock
from factory_env.sim.days import mornings
from factory_env.sim.demand import draw_orders, style_mixes
from factory_env.sim.desk import Desk
from factory_env.sim.floor import Floor
from factory_env.sim.ledger import Ledger
from factory_env.sim.line_flow import LineEngine, run_pass
from factory_env.sim.logbook import run_log
from factory_env.sim.recorder import Recorder
from factory_env.sim.setups import Setups
from factory_env.sim.stations.cutting import CuttingRoom
from factory_env.sim.stations.lot import PACK, PRESS, Lot
from factory_env.sim.stations.lot_station import LotStation
from factory_env.sim.stations.order_run import OrderRun
from factory_env.sim.streams import Streams
from factory_env.sim.tables import PlantTables
from factory_env.sim.view import Planner
from factory_env.sim.world import World
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
        source = load_plug(designs, scenario.designs)()
        styles = source.collection(scenario.library.products, streams.generator("designs"))
        if tables is None or tables.scenario is not scenario or tables.styles != styles:
            tables = PlantTables(scenario, styles)
        days = scenario.calendar.calendar_days(scenario.horizon_days)
        shifts = ShiftTable(scenario.calendar, days + 1)
        self.scenario = scenario
        self.seed = seed
        self.horizon_min = days * MIN_PER_DAY
        if orders is None:
            orders = draw_orders(tables, streams, shifts, tables.cached("mixes", style_mixes))
        book = Book(orders, styles, scenario, shifts)
        n_lines = len(scenario.plant.lines)
        knit = tables.group_of[book.style]
        self.world = World(
            env=Environment(),
            scenario=scenario,
            tables=tables,
            book=book,
            streams=streams,
            shifts=shifts,
            setups=Setups(scenario, tables),
            ledger=Ledger(scenario.costs, book),
            recorder=Recorder(operations=record_operations),
            inspector=load_plug(inspectors, scenario.inspector)(),
            attendance=np.ones(n_lines),
            idle=np.ones(n_lines, dtype=np.bool_),
            unreleased=[int((~knit).sum()), int(knit.sum())],
        )
        self._runs = [OrderRun(o, styles[book.style[o]].product) for o in range(len(book))]
        self._desk = Desk()
        self._over = not self._runs  # everything is shipped, or the horizon has come
        self._settled = False
        self._build(engine, days)

    def _build(self, engine: LineEngine, days: int) -> None:
        world, scenario = self.world, self.scenario
        env, rooms = world.env, scenario.plant.rooms
        finishing = WorkingClock(env, world.shifts, "finishing")
        self._finishing = finishing
        self._packing = LotStation(
            "packing", finishing, max(1, rooms.packers // rooms.pack_crew), PACK, _pack_min, None
        )
        pressing = LotStation(
            "pressing",
            finishing,
            max(1, rooms.presses // rooms.press_crew),
            PRESS,
            _press_min,
            self._pack,
        )
        planner = Planner(world)
        self.floor = Floor(world, self._desk, planner, self._runs, engine, pressing)
        cutting_clock = WorkingClock(env, world.shifts, "cutting")
        self.cutting = CuttingRoom(
            world, cutting_clock, self._desk, planner, self.floor.order_ready
        )
        horizon = env.timeout(self.horizon_min)
        assert horizon.callbacks is not None
        horizon.callbacks.append(self._horizon)
        env.process(self._releases())
        env.process(mornings(world, self.floor, days))

    def advance(self) -> OrderChoice | None:
        """Run until somebody asks; None when everything is shipped or the horizon has come."""
        step, desk = self.world.env.step, self._desk
        while not self._over:
            if desk.is_waiting:
                question = desk.pending()
                if question is not None:
                    return question
            step()
        self._settle()
        return None

    def answer(self, answer: int) -> None:
        """Answer the pending question.

        Raises
        ------
        IllegalAnswer
            If the answer is not offered; the question stays pending.
        """
        choice = self._desk.answer(answer)
        order = float("nan") if answer == HOLD else float(choice.orders[answer - 1])
        self.world.recorder.decisions.append(
            (
                choice.serial,
                choice.kind,
                choice.now_min,
                choice.asker,
                len(choice.table),
                int(answer),
                order,
            )
        )

    @property
    def now_min(self) -> float:
        """Wall minutes since the start."""
        return float(self.world.env.now)

    @property
    def finished(self) -> bool:
        """Has everything been shipped?"""
        return self.world.shipped == len(self._runs)

    @property
    def cost_usd(self) -> float:
        """Cost accrued so far [USD]; at the horizon, open orders included."""
        return self.world.ledger.total(self.world.env.now)

    @property
    def projected_cost_usd(self) -> float:
        """Cost accrued plus penalties to be expected from open orders; at the end, the cost."""
        if self._over:
            return self.cost_usd
        return self.cost_usd + self.floor.planner.expected_late_usd()

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Cost accrued plus the cost to go if a rule scheduled what is in the house.

        ``rule``: k1, k2, k3, grace_min, hold_beyond of the line-matching ATCS. At the end it is
        the cost.
        """
        if self._over:
            return self.cost_usd
        return self.cost_usd + self.floor.planner.cost_to_go_usd(rule)

    @property
    def cost_parts_usd(self) -> dict[str, float]:
        """Cost accrued so far by part [USD]; lateness, changeover, learning, holding, short."""
        self.world.ledger.total(self.world.env.now)
        return self.world.ledger.parts()

    def log(self) -> RunLog:
        """The run so far as columns."""
        self.floor.record_operations()
        gates = [line.gate.clock for line in self.floor.lines]
        return run_log(self.world, self._runs, self.seed, gates, self._finishing)

    def _settle(self) -> None:
        if not self._settled and not self.finished:
            self.world.ledger.settle(self.horizon_min)
        self._settled = True

    def _horizon(self, event: Event) -> None:
        self._over = True

    def _releases(self) -> Generator[Event, None, None]:
        """SimPy process: fabric comes in. Orders of day 0 or before are cut already."""
        world, floor = self.world, self.floor
        book = world.book
        for order in np.argsort(book.release_min, kind="stable").tolist():
            wait = float(book.release_min[order]) - world.env.now
            if wait > 0:
                yield world.env.timeout(wait)
            run = self._runs[order]
            world.unreleased[int(world.tables.group_of[book.style[order]])] -= 1
            world.in_house += 1
            world.ledger.watch(order)
            if book.release_min[order] <= 0.0:
                run.cut = int(book.cut[order])
                world.ledger.bind(float(book.value_usd[order]), world.env.now)
                floor.order_ready(run)
            else:
                self.cutting.arrive(run)

    def _pack(self, lot: Lot) -> None:
        """A lot comes to packing; its order leaves when its last lot is packed."""
        run = lot.run
        self._packing.arrive(lot)
        self.world.recorder.lots.append(
            (run.order, lot.number, run.line, lot.pieces, lot.good, *lot.times)
        )
        run.good += lot.good
        run.packed_work = max(run.packed_work, lot.times[PACK + 1])
        run.lots_open -= 1
        if run.lots_open == 0:
            self._finishing.call_at(run.packed_work, self._ship, run)

    def _ship(self, run: OrderRun) -> None:
        world = self.world
        run.shipped_min = world.env.now
        world.ledger.ship(run.order, run.good, world.env.now)
        world.ledger.bind(-float(world.book.value_usd[run.order]), world.env.now)
        world.in_house -= 1
        world.shipped += 1
        self._over = world.shipped == len(self._runs)


def _press_min(lot: Lot) -> float:
    crew = lot.world.scenario.plant.rooms.press_crew
    return lot.good * lot.run.product.press_min / crew


def _pack_min(lot: Lot) -> float:
    product = lot.run.product
    crew = lot.world.scenario.plant.rooms.pack_crew
    return lot.good * (product.clean_min + product.pack_min) / crew
