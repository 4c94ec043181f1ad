"""Reports a sewing line to the site's meter: its people, its machines at work and ready.

While a line is passed through, each operation adds what it uses to the line's load curve in
working minutes; the line's clock turns that into slots of wall time. No event is spent on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.product import Product
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.plant.power import (
    FUSING,
    IRONING,
    LOAD_BIN_MIN,
    RUN_IDLE_KW,
    RUN_KW,
    RUNNING,
    PowerTable,
    Waiting,
)
from factory_env.sim.work.line_pass import LinePass
from factory_env.sim.work.use import NO_USE, Floats, Use
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY

# columns of `Use` that a line fills, in the order of `_line_slots`
COLUMNS = (
    "people",
    "machines_running",
    "run_kw",
    "idle_kw",
    "rest_idle_kw",
    "rest_standby_kw",
    "fusing_busy",
    "line_irons_busy",
    "line_irons_ready",
)


class LineUse:
    """``passes`` and ``load`` are the line's own: they grow while it works."""

    staff = 0  # its people come and go with the line

    def __init__(
        self,
        world: World,
        power: PowerTable,
        line: int,
        clock: WorkingClock,
        passes: Sequence[LinePass],
        load: Floats,
    ) -> None:
        self._world = world
        self._power = power
        self._line = line
        self._clock = clock
        self._passes = passes
        self._load = load
        self._spec = world.scenario.plant.lines[line]
        self._operators = self._spec.operators
        self._others = self._spec.inspectors + self._spec.repairers
        self._seen = (0.0, 0.0)  # working and duty minutes at the last report
        self._known = (-1, Waiting())  # passes, and what the last one mans

    def used(self, wall_min: Floats) -> Use:
        """In past slots, between successive wall minutes."""
        duty = np.diff(self._clock.shifts.shift_at_many(wall_min)) / SLOT_MIN
        taken, waiting = self._manned()
        style = np.searchsorted(taken, wall_min[:-1] + SLOT_MIN / 2.0, side="right") - 1
        run = _between(self._load, self._clock.work_at_many(wall_min))
        spec = self._spec
        staff = LineStaff(float(spec.operators), float(spec.inspectors), float(spec.repairers))
        present = self._present(wall_min)
        columns = _line_slots(run, duty, style, waiting, wall_min, present, staff)
        return NO_USE._replace(open_share=duty, **dict(zip(COLUMNS, columns, strict=True)))

    def used_now(self) -> Use:
        """In the slot that ends now, asked slot by slot."""
        shift = self._clock.shift_now
        seen_work, seen_shift = self._seen
        if not shift > seen_shift:
            return NO_USE
        duty = (shift - seen_shift) / SLOT_MIN
        work = self._clock.now
        run_kw, running, run_idle_kw, fusing, ironing = _run_mean(self._load, seen_work, work)
        self._seen = work, shift
        idle_kw, standby_kw, irons = self._waiting_now()
        ready_kw = max(duty * idle_kw - run_idle_kw, 0.0)
        is_running = running > 0.0
        present = float(self._world.attendance[self._line])
        return Use(
            open_share=duty,
            people=duty * (self._operators * present + self._others),
            machines_running=running,
            run_kw=run_kw,
            idle_kw=ready_kw if is_running else 0.0,
            rest_idle_kw=0.0 if is_running else ready_kw,
            rest_standby_kw=0.0 if is_running else duty * standby_kw,
            fusing_busy=fusing,
            line_irons_busy=ironing,
            line_irons_ready=max(duty * irons - ironing, 0.0),
        )

    def _present(self, wall_min: Floats) -> Floats:
        """Share of the operators who have come, by day up to the last slot."""
        present = np.ones(int(wall_min[-1] // MIN_PER_DAY) + 1)
        for day, line, share in self._world.recorder.attendance:
            if line == self._line and day < present.shape[0]:
                present[day] = share
        return present

    def _manned(self) -> tuple[Floats, Floats]:
        """When the line took its styles, (p,); what waits under each, as `Waiting`, (p, 3)."""
        products = [self._first_product, *(part.run.product for part in self._passes)]
        waiting = {product: self._waiting(product) for product in dict.fromkeys(products)}
        taken = np.array([-np.inf, *(part.run.taken_min for part in self._passes)])
        return taken, np.array([waiting[product] for product in products])

    def _waiting_now(self) -> Waiting:
        if self._known[0] != len(self._passes):
            product = self._passes[-1].run.product if self._passes else self._first_product
            self._known = (len(self._passes), self._waiting(product))
        return self._known[1]

    def _waiting(self, product: Product) -> Waiting:
        return self._power.waiting(self._world.tables.balance(self._line, product))

    @property
    def _first_product(self) -> Product:
        """Of the style that the line starts the run with."""
        world = self._world
        return world.tables.styles[int(world.setups.first_style[self._line])].product


@compiled
def _between(load: Floats, work: Floats) -> Floats:
    """Use between successive working minutes, shape (ROWS, n) for ``work`` (n + 1,), rising."""
    rows, n = load.shape[0], work.shape[0] - 1
    out = np.zeros((rows, n))
    for s in range(n):
        begin, end = work[s], work[s + 1]
        i = int(begin / LOAD_BIN_MIN)
        while begin < end - 1e-12 and i < load.shape[1]:
            edge = min(end, (i + 1) * LOAD_BIN_MIN)
            share = (edge - begin) / LOAD_BIN_MIN
            for r in range(rows):
                out[r, s] += load[r, i] * share
            begin = edge
            i += 1
    return out


class LineStaff(NamedTuple):
    """People of a line."""

    operators: float
    inspectors: float
    repairers: float


@compiled
def _line_slots(
    run: Floats,
    duty: Floats,
    style: NDArray[np.int64],
    waiting: Floats,
    wall_min: Floats,
    present: Floats,
    staff: LineStaff,
) -> Floats:
    """A line slot by slot, shape (len(COLUMNS), n)."""
    out = np.zeros((9, duty.shape[0]))
    for i in range(duty.shape[0]):
        running = run[RUNNING, i] / SLOT_MIN
        irons = run[IRONING, i] / SLOT_MIN
        idle_kw, standby_kw, irons_ready = waiting[style[i]]
        ready_kw = max(duty[i] * idle_kw - run[RUN_IDLE_KW, i] / SLOT_MIN, 0.0)
        come = staff.operators * present[int(wall_min[i] // MIN_PER_DAY)]
        here = come + staff.inspectors + staff.repairers
        out[0, i] = duty[i] * here
        out[1, i] = running
        out[2, i] = run[RUN_KW, i] / SLOT_MIN
        if running > 0.0:
            out[3, i] = ready_kw
        else:
            out[4, i] = ready_kw
            out[5, i] = duty[i] * standby_kw
        out[6, i] = run[FUSING, i] / SLOT_MIN
        out[7, i] = irons
        out[8, i] = max(duty[i] * irons_ready - irons, 0.0)
    return out


@compiled
def _run_mean(load: Floats, begin: float, end: float) -> tuple[float, float, float, float, float]:
    """What ran between two working minutes, a mean over a slot: the rows of the load curve."""
    run = _between(load, np.array([begin, end]))
    return (
        run[RUN_KW, 0] / SLOT_MIN,
        run[RUNNING, 0] / SLOT_MIN,
        run[RUN_IDLE_KW, 0] / SLOT_MIN,
        run[FUSING, 0] / SLOT_MIN,
        run[IRONING, 0] / SLOT_MIN,
    )
