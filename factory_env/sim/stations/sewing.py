"""A sewing line: takes an order, runs the compiled pass, lets lots fall off its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.sim.clock import WorkingClock
from factory_env.sim.line_flow import LineEngine, PassInput, PassResult
from factory_env.sim.stations.gate import Gate
from factory_env.sim.stations.lot import SEWN, Lot
from factory_env.sim.stations.order_run import OrderRun
from factory_env.sim.stations.quality import Shift, judged_lots
from factory_env.sim.streams import from_table

if TYPE_CHECKING:
    from factory_env.sim.floor import Floor

Floats = NDArray[np.float64]
NO_STOPS = np.empty((0, 0))


class SewingLine:
    """One line. Asks for work when its first station is done with the last bundle."""

    def __init__(
        self, floor: Floor, number: int, clock: WorkingClock, engine: LineEngine, gate: Gate
    ) -> None:
        self._floor = floor
        self._world = floor.world
        self.number = number
        self.clock = clock
        self.gate = gate
        self._engine = engine
        spec = self._world.scenario.plant.lines[number]
        self.name = spec.name
        self._free = np.zeros(spec.operators)  # working minute at which each operator is free

    def question(self, serial: int) -> OrderChoice | None:
        """Which waiting order next? None if nothing waits or there is one choice only."""
        if not self._world.idle[self.number]:
            return None
        orders = self._floor.waiting_for(self.number)
        if not orders.shape[0]:
            return None
        can_hold = self._floor.may_hold(self)
        if orders.shape[0] == 1 and not can_hold:
            self.take(int(orders[0]))
            return None
        return self._floor.planner.dispatch(serial, self.number, orders, can_hold)

    def answer(self, choice: OrderChoice, answer: int) -> None:
        """Hold, or take an order."""
        if answer != HOLD:
            self.take(int(choice.orders[answer - 1]))

    def take(self, order: int) -> None:
        """Change over to the order's style and run it through the line."""
        world, clock = self._world, self.clock
        run = self._floor.pick(order, self.number)
        style = int(world.book.style[order])
        operators = self._free.shape[0]
        setup, share = world.setups.change(self.number, style, world.env.now)
        np.maximum(self._free, clock.now, out=self._free)
        self._free += setup
        job = self._pass_input(run, style, share)
        result = self._engine(job, world.recorder.keeps_operations)
        tau = float(world.tables.learn_tau_min[style])
        sewn_for = float(result.done[-1]) - job.start_min
        world.setups.learn(
            self.number, 1.0 - (1.0 - share) * float(np.exp(-sewn_for / tau)), world.env.now
        )
        run.setup_min = setup
        run.work_min, run.learning_lost_min = result.work_min, result.learning_lost_min
        world.ledger.lose_labour(operators, setup, result.learning_lost_min)
        self._make_lots(run, share, job, result)
        clock.call_at(result.loaded_min, self._loaded, run)
        if world.recorder.keeps_operations:
            self._floor.keep_operations(self, run, result)

    def _pass_input(self, run: OrderRun, style: int, share: float) -> PassInput:
        world = self._world
        tables, flow = world.tables, world.scenario.flow
        plan = tables.balance(self.number, run.product)
        factor = tables.styles[style].smv_factor
        full, rest = divmod(run.cut, flow.bundle_pieces)
        pieces = np.full(full + (rest > 0), float(flow.bundle_pieces))
        if rest:
            pieces[-1] = rest
        first_crew = plan.crew[: plan.crew_start[1]]
        key = world.streams.key("order", run.order, "time")
        return PassInput(
            pieces=pieces,
            smv_min=plan.smv_min * factor,
            crew=plan.crew,
            crew_start=plan.crew_start,
            efficiency=tables.efficiency(self.number, run.product),
            free=self._free,
            noise=from_table(key, pieces.shape[0], plan.stations, tables.noise_table),
            stop=NO_STOPS,
            start_min=float(self._free[first_crew].min()),
            pace_min=float(tables.piece_min[self.number, style]) * flow.pace_slack,
            learn_loss=float(tables.learn_loss[style]) * (1.0 - share),
            learn_tau_min=float(tables.learn_tau_min[style]),
        )

    def _make_lots(self, run: OrderRun, share: float, job: PassInput, result: PassResult) -> None:
        """Let judged transfer lots fall off the line's end."""
        world, clock = self._world, self.clock
        at = Shift(
            now_shift=world.now_shift,
            now_work=clock.now,
            rate=clock.rate,
            day_min=world.scenario.calendar.shift_min,
        )
        lots = judged_lots(world, run.order, self.number, job, result, share, at)
        run.lots_open = int(lots.sewn.shape[0])
        run.defective = int(lots.defective.sum())
        run.caught = int(lots.caught.sum())
        run.false_alarms = int(lots.false_alarms.sum())
        run.seconds = int(lots.seconds.sum())
        columns = (lots.sewn, lots.pieces, lots.seconds, lots.repair_min)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for number, (sewn, pieces, seconds, repair_min) in enumerate(rows):
            lot = Lot(world, run, number, pieces)
            lot.good = pieces - seconds
            lot.repair_min = repair_min
            clock.call_at(sewn, self._sewn, lot)

    def _sewn(self, lot: Lot) -> None:
        now = self._world.env.now
        lot.times[SEWN] = now
        lot.run.sewn_min = now
        self.gate.arrive(lot)

    def _loaded(self, run: OrderRun) -> None:
        run.loaded_min = self._world.env.now
        self._floor.line_free(self)
