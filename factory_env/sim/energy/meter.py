"""The site's meter: what machines and people did in every slot of 15 minutes, from the passes.

No event is spent on it. While a line is passed through, each operation adds what it uses to the
line's load curve in working minutes; the line's clock turns that into slots of wall time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.product import MANUAL_MACHINE
from factory_env.domain.series import SLOT_MIN
from factory_env.domain.site import MachinePower, Site
from factory_env.sim.energy.slot_engine import FEED
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.plant.line_balance import Balance
from factory_env.sim.work.line_flow import LOAD_BIN_MIN
from factory_env.units import MIN_PER_DAY

if TYPE_CHECKING:
    from factory_env.sim.factory import Factory
    from factory_env.sim.stations.sewing import SewingLine

Floats = NDArray[np.float64]
RUN_KW, RUNNING, RUN_IDLE_KW, FUSING, IRONING = range(5)  # rows of a load curve
ROWS: Final = 5
NOT_SEWING: Final = ("FUS", "IRON")  # have consumers of their own
# columns of `FEED` to which every line adds, in the order of `_add`
SUMS: Final = (
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


class Meter:
    """Use of every station type, and the feed of the slot engine."""

    def __init__(self, site: Site) -> None:
        self._power: dict[str, MachinePower] = {p.machine: p for p in site.machine_powers}
        self._weights: dict[tuple[str, ...], Floats] = {}

    def weights(self, plan: Balance) -> Floats:
        """What one operation at each station uses while it runs, shape (ROWS, K)."""
        if plan.machines not in self._weights:
            found = np.zeros((ROWS, plan.stations), order="F")
            for k, machine in enumerate(plan.machines):
                found[FUSING, k], found[IRONING, k] = machine == "FUS", machine == "IRON"
                if machine in self._power and machine not in NOT_SEWING:
                    power = self._power[machine]
                    found[RUN_KW, k], found[RUNNING, k] = power.run_kw, 1.0
                    found[RUN_IDLE_KW, k] = power.idle_kw
            self._weights[plan.machines] = found
        return self._weights[plan.machines]

    def manned(self, plan: Balance) -> tuple[float, float, float]:
        """Idle kW, standby kW and irons of the machines that a plan mans."""
        idle, standby, irons = 0.0, 0.0, 0.0
        for machine, people in zip(plan.machines, np.diff(plan.crew_start).tolist(), strict=True):
            if machine == "IRON":
                irons += people
            elif machine != MANUAL_MACHINE and machine not in NOT_SEWING:
                idle += people * self._power[machine].idle_kw
                standby += people * self._power[machine].standby_kw
        return idle, standby, irons

    def feed(self, factory: Factory, first: int, last: int) -> NDArray[np.void]:
        """Activity of slots ``first`` to ``last`` (not included), which lie in the past."""
        wall: Floats = np.arange(first, last + 1, dtype=np.float64) * SLOT_MIN
        out = np.zeros(last - first, dtype=FEED)
        sums = np.zeros((last - first, len(SUMS)))
        world = factory.world
        open_ = np.diff(world.shifts.shift_at_many(wall)) / SLOT_MIN
        for line in factory.floor.lines:
            duty = np.diff(line.clock.shifts.shift_at_many(wall)) / SLOT_MIN
            open_ = np.maximum(open_, duty)
            self._add_line(sums, factory, line, wall, duty)
        for column, name in enumerate(SUMS):
            out[name] = sums[:, column]
        out["open_share"] = open_
        self._add_rooms(out, factory, wall, open_)
        return out

    def _add_line(
        self, sums: Floats, factory: Factory, line: SewingLine, wall: Floats, duty: Floats
    ) -> None:
        spec = factory.scenario.plant.lines[line.number]
        present = np.zeros(int(wall[-1] // MIN_PER_DAY) + 1)
        for day, k, share in factory.world.recorder.attendance:
            if k == line.number and day < present.shape[0]:
                present[day] = share
        taken, manned = self._manned(factory, line)
        style = np.searchsorted(taken, wall[:-1] + SLOT_MIN / 2.0, side="right") - 1
        used = _between(line.load, line.clock.work_at_many(wall))
        staff = (float(spec.operators), float(spec.inspectors), float(spec.repairers))
        _add(sums, used, duty, style, manned, wall, present, staff)

    def _manned(self, factory: Factory, line: SewingLine) -> tuple[Floats, Floats]:
        """When a line took its styles, (p,); idle kW, standby kW and irons of each, (p, 3)."""
        world = factory.world
        first = world.tables.styles[int(world.setups.first_style[line.number])].product
        products = [first, *(part.run.product for part in line.passes)]
        by_product = {
            product: self.manned(world.tables.balance(line.number, product))
            for product in dict.fromkeys(products)
        }
        taken = np.array([-np.inf, *(part.run.taken_min for part in line.passes)])
        return taken, np.array([by_product[product] for product in products])

    def _add_rooms(
        self, out: NDArray[np.void], factory: Factory, wall: Floats, open_: Floats
    ) -> None:
        rooms = factory.scenario.plant.rooms
        stations = {
            "press_busy": (factory.floor.pressing, rooms.press_crew),
            "packers_busy": (factory.shipping.packing, rooms.pack_crew),
        }
        for name, (station, crew) in stations.items():
            spans = np.array(station.spans, dtype=np.float64).reshape(-1, 2)
            busy = _busy(spans[:, 0], spans[:, 1], station.clock.work_at_many(wall))
            out[name] = busy * crew / SLOT_MIN
        clock = factory.cutting.clock
        lays = np.array(factory.cutting.spans(), dtype=np.float64).reshape(-1, 2)
        busy = _busy(lays[:, 0], lays[:, 1], clock.work_at_many(wall))
        out["cutting_share"] = busy / (SLOT_MIN * rooms.cutting_tables)
        out["people"] += open_ * _others(factory)


class LiveMeter:
    """The same feed slot by slot, while the run goes on; asked in order, at the slots' ends."""

    def __init__(self, meter: Meter, factory: Factory) -> None:
        self._meter = meter
        self._factory = factory
        lines, rooms = factory.floor.lines, factory.scenario.plant.rooms
        self._work = [0.0] * len(lines)
        self._duty = [0.0] * len(lines)
        self._known = [(-1, (0.0, 0.0, 0.0))] * len(lines)  # passes, and what the last one mans
        self._staff = [
            (s.operators, s.inspectors + s.repairers) for s in factory.scenario.plant.lines
        ]
        self._rooms = (
            (factory.floor.pressing, rooms.press_crew),
            (factory.shipping.packing, rooms.pack_crew),
        )
        self._rooms_work = [0.0, 0.0]
        self._cutting_work = 0.0
        self._cut = 0  # orders whose cutting is over
        self._tables = rooms.cutting_tables
        self._open = 0.0
        self._others = _others(factory)

    def feed(self) -> tuple[float, ...]:
        """Activity of the slot that ends now, in the order of `FEED`."""
        factory = self._factory
        open_now = factory.world.shifts.shift_at(factory.world.env.now)
        open_ = (open_now - self._open) / SLOT_MIN
        self._open = open_now
        # people, machines_running, run_kw, idle_kw, rest_idle_kw, rest_standby_kw, fusing_busy,
        # line_irons_busy, line_irons_ready
        sums = [0.0] * 9
        for i, line in enumerate(factory.floor.lines):
            shift = line.clock.shift_now
            if shift > self._duty[i]:
                open_ = max(open_, self._add_line(sums, i, line, shift))
        people, running, run_kw, idle_kw, rest_idle_kw, standby_kw, fusing, irons, ready = sums
        pressing, packing, cutting = self._room(0), self._room(1), self._cutting()
        return (
            open_,
            people + open_ * self._others,
            running,
            run_kw,
            idle_kw,
            rest_idle_kw,
            standby_kw,
            cutting,
            fusing,
            pressing,
            irons,
            ready,
            packing,
        )

    def _add_line(self, sums: list[float], i: int, line: SewingLine, shift: float) -> float:
        duty = (shift - self._duty[i]) / SLOT_MIN
        work = line.clock.now
        run_kw, running, run_idle_kw, fusing, ironing = _used(line.load, self._work[i], work)
        self._work[i], self._duty[i] = work, shift
        idle_kw, standby_kw, irons = self._manned(i, line)
        ready_kw = max(duty * idle_kw - run_idle_kw, 0.0)
        operators, others = self._staff[i]
        present = float(self._factory.world.attendance[i])
        sums[0] += duty * (operators * present + others)
        sums[1] += running
        sums[2] += run_kw
        if running > 0.0:
            sums[3] += ready_kw
        else:
            sums[4] += ready_kw
            sums[5] += duty * standby_kw
        sums[6] += fusing
        sums[7] += ironing
        sums[8] += max(duty * irons - ironing, 0.0)
        return duty

    def _manned(self, i: int, line: SewingLine) -> tuple[float, float, float]:
        passes = len(line.passes)
        if self._known[i][0] != passes:
            world = self._factory.world
            product = (
                line.passes[-1].run.product
                if passes
                else world.tables.styles[int(world.setups.first_style[line.number])].product
            )
            plan = world.tables.balance(line.number, product)
            self._known[i] = (passes, self._meter.manned(plan))
        return self._known[i][1]

    def _room(self, i: int) -> float:
        """People at work in pressing or packing, mean."""
        station, crew = self._rooms[i]
        now, before = station.clock.now, self._rooms_work[i]
        if now == before:
            return 0.0
        self._rooms_work[i] = now
        spans = station.spans or []
        station.spans = [span for span in spans if span[1] > now]
        return _within(spans, before, now) * crew / SLOT_MIN

    def _cutting(self) -> float:
        """Share of the cutting tables at work."""
        cutting = self._factory.cutting
        now, before = cutting.clock.now, self._cutting_work
        if now == before:
            return 0.0
        self._cutting_work = now
        plans = cutting.plans_from(self._cut)
        busy = sum(_within(zip(p.start, p.end, strict=True), before, now) for p in plans)
        for plan in plans:  # those at the head that are done are not looked at again
            if max(plan.end, default=0.0) > now:
                break
            self._cut += 1
        return busy / (SLOT_MIN * self._tables)


def _within(spans: Iterable[tuple[float, float]], before: float, now: float) -> float:
    """Minutes of the spans between two moments."""
    return sum(max(0.0, min(end, now) - max(start, before)) for start, end in spans)


def _others(factory: Factory) -> float:
    """People outside the lines, in the house while it is open."""
    rooms = factory.scenario.plant.rooms
    return float(rooms.cutting_tables * rooms.cutting_crew + rooms.presses + rooms.packers)


def load_curve(clock: WorkingClock) -> Floats:
    """An empty load curve of a line, long enough for all its duty, shape (ROWS, bins)."""
    longest = clock.shifts.end_shift_min * 2.0 + 60.0 * 24.0 * 30.0  # overtime and good form
    # column by column: what an operation adds to a bin lies side by side
    return np.zeros((ROWS, int(longest / LOAD_BIN_MIN) + 1), order="F")


@njit(cache=True)  # type: ignore[untyped-decorator]
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


@njit(cache=True)  # type: ignore[untyped-decorator]
def _add(sums, used, duty, style, manned, wall, present, staff):  # type: ignore[no-untyped-def]
    """Add a line to the sums of all lines, slot by slot."""
    operators, inspectors, repairers = staff
    for i in range(sums.shape[0]):
        run_kw, running = used[RUN_KW, i] / SLOT_MIN, used[RUNNING, i] / SLOT_MIN
        fusing, irons = used[FUSING, i] / SLOT_MIN, used[IRONING, i] / SLOT_MIN
        idle_kw, standby_kw, irons_ready = manned[style[i]]
        ready_kw = max(duty[i] * idle_kw - used[RUN_IDLE_KW, i] / SLOT_MIN, 0.0)
        here = operators * present[int(wall[i] // MIN_PER_DAY)] + inspectors + repairers
        sums[i, 0] += duty[i] * here
        sums[i, 1] += running
        sums[i, 2] += run_kw
        if running > 0.0:
            sums[i, 3] += ready_kw
        else:
            sums[i, 4] += ready_kw
            sums[i, 5] += duty[i] * standby_kw
        sums[i, 6] += fusing
        sums[i, 7] += irons
        sums[i, 8] += max(duty[i] * irons_ready - irons, 0.0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _used(load, begin, end):  # type: ignore[no-untyped-def]
    """Use between two working minutes, a mean over a slot: the rows of the load curve."""
    found = _between(load, np.array([begin, end]))
    return (
        found[RUN_KW, 0] / SLOT_MIN,
        found[RUNNING, 0] / SLOT_MIN,
        found[RUN_IDLE_KW, 0] / SLOT_MIN,
        found[FUSING, 0] / SLOT_MIN,
        found[IRONING, 0] / SLOT_MIN,
    )


@njit(cache=True)  # type: ignore[untyped-decorator]
def _busy(start: Floats, end: Floats, edges: Floats) -> Floats:
    """Minutes of the spans [start, end) between successive edges, shape (n,)."""
    n = edges.shape[0] - 1
    out = np.zeros(n)
    for j in range(start.shape[0]):
        i = max(np.searchsorted(edges, start[j], side="right") - 1, 0)
        while i < n and edges[i] < end[j]:
            out[i] += max(0.0, min(end[j], edges[i + 1]) - max(start[j], edges[i]))
            i += 1
    return out
