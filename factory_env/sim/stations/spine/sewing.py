"""A sewing line: takes an order and runs the compiled pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import DutyTable
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.power import load_curve
from factory_env.sim.stations.spine.gate import Gate
from factory_env.sim.stations.spine.line_end import LineEnd
from factory_env.sim.work.line_flow import NOTHING, LineEngine
from factory_env.sim.work.line_pass import LinePass, Shift
from factory_env.sim.work.line_people import LinePeople
from factory_env.sim.work.lot_agenda import AgendaGate
from factory_env.sim.work.pass_input import pass_input, time_luck
from factory_env.sim.work.piece_luck import PieceLuck
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]


class SewingLine:
    """One line. ``free`` is called when its first station is done with the last bundle."""

    def __init__(
        self,
        world: World,
        number: int,
        clock: WorkingClock,
        gate: Gate | AgendaGate,
        end: LineEnd,
        engine: LineEngine,
        free: Callable[[SewingLine], None],
    ) -> None:
        self._world = world
        self.number = number
        self.clock = clock
        self.gate = gate
        self.engine = engine
        self._is_free = free
        spec = self._world.scenario.plant.lines[number]
        self.name = spec.name
        self.operators = spec.operators
        self.people = LinePeople(world, number)
        self.passes: list[LinePass] = []  # all orders of the run, in the order of taking
        self.load = NOTHING if self._world.power is None else load_curve(clock)  # of its machines
        self._free = np.zeros(spec.operators)  # working minute at which each operator is free
        self._end = end

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
    def can_take(self) -> bool:
        """Does it wait for work, and is it in order?"""
        return self.is_idle and not self._world.down[self.number]

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

    def take(self, run: OrderRun, strictness: float) -> None:
        """Change over to the order's style and run it through the line and its inspection."""
        world, clock, order = self._world, self.clock, run.order
        style = int(world.book.style[order])
        world.recorder.watch("line", run.cut, world.env.now)
        setup, share = world.setups.change(self.number, style, world.env.now)
        taken_work = clock.now
        np.maximum(self._free, taken_work, out=self._free)
        self._free += setup
        before = self._free.copy()
        job = pass_input(world, self.number, run, share=share, free=self._free, load=self.load)
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
        self._end.make_lots(new)
        clock.call_at(new.result.loaded_min, self._loaded, (new, new.version))
        if self.people.are_counted:
            clock.set_factor("balance", self.people.pace())
        if self.people.lacking:
            self.set_machine_pace()

    def set_machine_pace(self) -> None:
        """The line goes as fast as its machines in order allow."""
        self.clock.set_factor("machines", self.people.machine_pace())

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
            self._world.recorder.watch("line", -back, self._world.env.now)
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
            job = part.job
            fresh = time_luck(self._world, self.number, part.run, job.pieces, job.smv_min)
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
        self._end.stay(end, end + minutes * self._rate, self.passes)

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
            self._end.make_lots(part)
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

    def _shift_now(self) -> Shift:
        world, clock = self._world, self.clock
        return Shift(
            now_shift=world.now_shift,
            now_work=clock.now,
            rate=self._rate,
            day_min=world.scenario.calendar.shift_min,
        )

    def _loaded(self, argument: tuple[LinePass, int]) -> None:
        part, version = argument
        if version != part.version:
            return
        part.run.loaded_min = self._world.env.now
        self._is_free(self)
