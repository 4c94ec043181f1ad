"""A sewing line: takes an order, runs the compiled pass, lets lots fall off its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.domain.calendar import DutyTable
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.streams import from_table
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.machine_stops import stop_minutes
from factory_env.sim.plant.power import load_curve
from factory_env.sim.stations.gate import Gate
from factory_env.sim.work.line_flow import NOTHING, LineEngine, PassInput
from factory_env.sim.work.line_pass import LinePass, Shift, bundles_of, colour_changes
from factory_env.sim.work.lot import SEWN, Lot
from factory_env.sim.work.piece_luck import PieceLuck
from factory_env.sim.work.spoilage import Lots, judged_lots
from factory_env.units import MIN_PER_DAY

if TYPE_CHECKING:
    from factory_env.sim.stations.floor import Floor

Floats = NDArray[np.float64]


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
        self.engine = engine
        spec = self._world.scenario.plant.lines[number]
        self.name = spec.name
        self.operators = spec.operators
        self.present = np.ones(spec.operators, dtype=np.bool_)  # who has come today
        self.passes: list[LinePass] = []  # all orders of the run, in the order of taking
        self.load = NOTHING if self._world.power is None else load_curve(clock)  # of its machines
        self._free = np.zeros(spec.operators)  # working minute at which each operator is free
        self._evenings: list[tuple[float, float]] = []  # of overtime: from and to, working minutes

    @property
    def duty(self) -> DutyTable:
        """The line's own table of duty, to which evenings can be added."""
        if not isinstance(self.clock.shifts, DutyTable):
            raise TypeError(f"line {self.name} works no overtime in this scenario")
        return self.clock.shifts

    @property
    def is_idle(self) -> bool:
        """Does it wait for work?"""
        return bool(self._world.idle[self.number])

    @property
    def style(self) -> int:
        """Position of the style it is set up for."""
        return int(self._world.setups.current[self.number])

    @property
    def first_style(self) -> int:
        """Position of the style it was set up for when the run began."""
        return int(self._world.setups.first_style[self.number])

    def overtime_min(self, day: int) -> float:
        """Overtime of a calendar day."""
        shifts = self.clock.shifts
        return shifts.overtime_min.get(day, 0.0) if isinstance(shifts, DutyTable) else 0.0

    def question(self, serial: int) -> OrderChoice | None:
        """Which waiting order next? None if nothing waits or there is one choice only."""
        if not self._world.idle[self.number]:
            return None
        orders = self._floor.waiting_for(self.number)
        if not orders.shape[0]:
            return None
        can_hold = self._floor.may_hold(self)
        if orders.shape[0] == 1 and not can_hold:
            self._floor.strictness.hand_over(self, int(orders[0]))
            return None
        return self._floor.planner.dispatch(serial, self.number, orders, can_hold)

    def answer(self, choice: OrderChoice, answer: int) -> None:
        """Hold, or take an order."""
        if answer != HOLD:
            self._floor.strictness.hand_over(self, int(choice.orders[answer - 1]))

    def take(self, order: int, strictness: float) -> None:
        """Change over to the order's style and run it through the line and its inspection."""
        world, clock = self._world, self.clock
        run = self._floor.pick(order, self.number)
        style = int(world.book.style[order])
        setup, share = world.setups.change(self.number, style, world.env.now)
        taken_work = clock.now
        np.maximum(self._free, taken_work, out=self._free)
        self._free += setup
        before = self._free.copy()
        job = self._pass_input(run, style, share)
        new = LinePass(
            run=run,
            style=style,
            share=share,
            setup_min=setup,
            taken_work=taken_work,
            at=self._shift_now(),
            job=job,
            free=before,
            result=self.engine(job, world.recorder.keeps_operations),
            luck=PieceLuck.of(world, order),
            people=world.crews.defect_factor(self.number) * world.heat_defects,
            strictness=strictness,
            before=self.passes[-1] if self.passes else None,
        )
        self.passes.append(new)
        run.setup_min, run.strictness = setup, strictness
        self._book(new, 0.0, 0.0)
        self._make_lots(new)
        clock.call_at(new.result.loaded_min, self._loaded, (new, new.version))
        if self._floor.counts_people:
            clock.set_factor("balance", self._floor.pace(self))

    def cut(self, run: OrderRun) -> int:
        """The order is not wanted any more: no more bundles are loaded. Returns pieces given back.

        Bundles on the line are finished; the line asks for other work when its first station is
        done with them.
        """
        part = next(p for p in reversed(self.passes) if p.run is run)
        if part is not self.passes[-1]:
            return 0  # all of it is on the line already
        loaded = max(1, part.loaded_bundles(self.clock.now))
        back = int(part.job.pieces[loaded:].sum())
        if back:
            part.take_back_load(self.engine)
            part.cut_after(loaded)
            self._do_again([part])
        return back

    def renew_luck(self) -> None:
        """What is still to come of the orders on the line meets the streams' present luck."""
        now = self.clock.now
        open_passes = [p for p in self.passes if float(p.result.done[-1]) > now]
        for part in open_passes:
            part.take_back_load(self.engine)
            later = part.recorded(self.engine).start > now
            fresh = self._luck_of(part.run, part.job.pieces, part.job.smv_min)
            part.job.noise = np.where(later, fresh[0], part.job.noise)
            if part.job.stop.shape[0]:
                part.job.stop = np.where(later, fresh[1], part.job.stop)
            part.luck.renew(self._world, part.run.order, now)
        self._do_again(open_passes)

    def stay(self, day: int, minutes: float) -> None:
        """The line and its gate work on this evening; what leaves the line then meets overtime."""
        clock, duty = self.clock, self.duty
        end = clock.now + (duty.shift_at((day + 1) * MIN_PER_DAY) - clock.shift_now) * self._rate
        duty.stay(day, minutes)
        clock.retime()
        self.gate.clock.retime()
        if not self._world.scenario.inspection.station.enabled:
            return
        self._evenings.append((end, end + minutes * self._rate))
        for part in self.passes:
            if float(part.result.done[-1]) > end:
                for lot, found in zip(part.lots, self._judged(part).found(), strict=True):
                    if not lot.has_fallen:
                        lot.becomes(*found)

    @property
    def _rate(self) -> float:
        """Working minutes of a shift minute; a line at a standstill will not stay so."""
        return self.clock.rate or 1.0

    def _do_again(self, parts: list[LinePass]) -> None:
        """Run passes again, oldest first, each from where the one before leaves the operators."""
        world, record = self._world, self._world.recorder.keeps_operations
        for i, part in enumerate(parts):
            if i:
                np.maximum(self._free, part.taken_work, out=part.free)
                part.free += part.setup_min
            old = part.result
            part.run_again(self.engine, record)
            self._book(part, old.work_min, old.learning_lost_min)
            self._make_lots(part)
            if part is self.passes[-1] and not world.idle[self.number]:
                self.clock.call_at(part.result.loaded_min, self._loaded, (part, part.version))

    def _book(self, part: LinePass, work_before: float, lost_before: float) -> None:
        """Learning, labour lost and the line's knowledge of the style after the pass."""
        world, run, result, job = self._world, part.run, part.result, part.job
        sewn_for = float(result.done[-1]) - job.start_min
        share = 1.0 - (1.0 - part.share) * float(np.exp(-sewn_for / job.learn_tau_min))
        if part is self.passes[-1]:
            world.setups.learn(self.number, share, world.env.now)
        run.work_min, run.learning_lost_min = result.work_min, result.learning_lost_min
        operators = self._free.shape[0] if part.version == 0 else 0
        world.ledger.lose_labour(operators, part.setup_min, result.learning_lost_min - lost_before)

    def _pass_input(self, run: OrderRun, style: int, share: float) -> PassInput:
        world = self._world
        tables, flow = world.tables, world.scenario.flow
        plan = world.crews.plan(self.number, run.product)
        pieces, begins = bundles_of(
            run.cut, world.book.orders[run.order].colours, flow.bundle_pieces
        )
        smv_min = plan.smv_min * tables.styles[style].smv_factor
        noise, stop = self._luck_of(run, pieces, smv_min)
        change = NOTHING
        if begins and world.scenario.changeover.enabled:
            minutes = world.scenario.changeover.same_style.setup_min
            change = colour_changes(pieces.shape[0], begins, plan.crew_start, minutes)
        first_crew = plan.crew[: plan.crew_start[1]]
        return PassInput(
            pieces=pieces,
            smv_min=smv_min,
            crew=plan.crew,
            crew_start=plan.crew_start,
            efficiency=plan.efficiency,
            free=self._free,
            noise=noise,
            stop=stop,
            change=change,
            start_min=float(self._free[first_crew].min()),
            pace_min=plan.bottleneck_min * tables.styles[style].smv_factor * flow.pace_slack,
            learn_loss=float(tables.learn_loss[style]) * (1.0 - share),
            learn_tau_min=float(tables.learn_tau_min[style]),
            load_weight=NOTHING if world.power is None else world.power.weights(plan),
            load=self.load,
        )

    def _luck_of(self, run: OrderRun, pieces: Floats, smv_min: Floats) -> tuple[Floats, Floats]:
        """Time noise and machine stops of every operation, shape (B, K) or (0, 0)."""
        world, tables = self._world, self._world.tables
        luck = int(world.book.luck[run.order])
        key = world.streams.key("order", luck, "time")
        noise = from_table(key, pieces.shape[0], smv_min.shape[0], tables.noise_table)
        if not world.scenario.disruptions.machines.enabled:
            return noise, NOTHING
        plan = world.crews.plan(self.number, run.product)
        key = world.streams.key("order", luck, "failures")
        return noise, stop_minutes(tables, key, pieces, plan, smv_min)

    def _shift_now(self) -> Shift:
        world, clock = self._world, self.clock
        return Shift(
            now_shift=world.now_shift,
            now_work=clock.now,
            rate=self._rate,
            day_min=world.scenario.calendar.shift_min,
        )

    def _make_lots(self, part: LinePass) -> None:
        """Let judged transfer lots fall off the line's end; those that have fallen stay."""
        world, clock, run = self._world, self.clock, part.run
        lots = self._judged(part)
        fallen = [lot for lot in part.lots if lot.has_fallen]
        for lot in part.lots[len(fallen) :]:
            lot.is_void = True
        run.lots_open += int(lots.sewn.shape[0]) - len(part.lots)
        part.lots = fallen
        rows = zip(lots.sewn.tolist(), lots.pieces.tolist(), lots.found(), strict=True)
        for number, (sewn, pieces, found) in enumerate(rows):
            if number < len(fallen):
                continue
            lot = Lot(world, run, number, pieces)
            lot.becomes(*found)
            part.lots.append(lot)
            clock.call_at(sewn, self._sewn, lot)

    def _judged(self, part: LinePass) -> Lots:
        """The lots of a pass as things stand; the order's counts follow."""
        evenings = [span for span in self._evenings if span[1] > part.job.start_min]
        lots = judged_lots(
            self._world,
            self.number,
            part,
            part.luck,
            part.at,
            part.people,
            np.array(evenings).reshape(-1, 2),
        )
        run, fates = part.run, lots.fates
        run.defective, run.caught = int(lots.defective.sum()), int(lots.caught.sum())
        run.false_alarms, run.seconds = int(lots.false_alarms.sum()), int(fates.seconds.sum())
        run.repaired, run.repairs = int(fates.repaired.sum()), int(fates.repairs.sum())
        run.let_go, run.returns = int(fates.let_go.sum()), float(fates.returns.sum())
        return lots

    def _sewn(self, lot: Lot) -> None:
        if lot.is_void:
            return
        now = self._world.env.now
        lot.has_fallen = True
        lot.times[SEWN] = now
        lot.run.sewn_min = now
        self.gate.arrive(lot)

    def _loaded(self, argument: tuple[LinePass, int]) -> None:
        part, version = argument
        if version != part.version:
            return
        part.run.loaded_min = self._world.env.now
        self._floor.line_free(self)
