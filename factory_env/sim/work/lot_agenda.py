"""All transfer lots of a run, and the clocks they wait for, in the hands of compiled kernels.

`LotAgenda` owns the tables that `lot_moves` reads and writes, gives them room, and does in Python
what a timer asks for. Python sees lots as ever: as `Lot`, made when somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.plant import LAST_ROOM, LineSpec
from factory_env.sim.kernel.agenda import HouseEnvironment
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work import clock_timers as timers
from factory_env.sim.work import lot_moves as moves
from factory_env.sim.work.clock_agenda import FIRST_CAPACITY, AgendaClock, ClockAgenda
from factory_env.sim.work.lot import AGAIN, CAMERA, INSPECT, REPAIR, Found, Lot
from factory_env.sim.work.use import Spans
from factory_env.sim.world import World

Floats = NDArray[np.float64]
PRESSING = "pressing"
ROOMS = {PRESSING: moves.PRESS, LAST_ROOM: moves.PACK}
STAGES = {  # stage -> the column of its start; that of its end is the next one
    CAMERA: moves.CAMERA_START,
    INSPECT: moves.INSPECT_START,
    REPAIR: moves.REPAIR_START,
    AGAIN: moves.AGAIN_START,
    PRESSING: moves.PRESS_START,
    LAST_ROOM: moves.PACK_START,
}


def can_compile_lots(world: World) -> bool:
    """Does every lot of this run go through a plain gate, and then through rooms known here?

    A station with a camera, a gate that stops its line and a plant's own rooms need Python for
    every lot.
    """
    scenario = world.scenario
    rooms = {room for product in world.tables.products for room in scenario.route(product)}
    is_plain = not scenario.inspection.station.enabled and not scenario.flow.gate_limit_lots
    return is_plain and rooms <= ROOMS.keys()


def make_clock(
    world: World, agenda: LotAgenda | None, shifts: ShiftTable, name: str
) -> WorkingClock:
    """A department's clock, in the hands of the agenda if there is one."""
    if agenda is None:
        return WorkingClock(world.env, shifts, name)
    return agenda.make_clock(shifts, name)


class AgendaGate:
    """What a line and whoever asks can see of a gate that the agenda keeps."""

    def __init__(self, agenda: LotAgenda, line: int, clock: WorkingClock) -> None:
        self.clock = clock
        self._gate = agenda.gates[line]

    @property
    def waiting_min(self) -> tuple[float, float]:
        """Working minutes until table and bench are done with all that is here."""
        now, gate = self.clock.now, self._gate
        table, bench = float(gate[moves.TABLE_FREE]), float(gate[moves.BENCH_FREE])
        return max(0.0, table - now), max(0.0, bench - now)


class LotAgenda:
    """Lots, the clocks of lines, gates and finishing, and who else waits for these."""

    def __init__(self, world: World, runs: Sequence[OrderRun]) -> None:
        lines = len(world.scenario.plant.lines)
        # clocks of lines and gates, of cutting and finishing, of rooms
        self._clocks = ClockAgenda(world.env, 2 * lines + 2 + len(ROOMS))
        self._recorder = world.recorder
        self._runs = runs
        self._lots = np.zeros((FIRST_CAPACITY, moves.LOT_SIZE))
        self._came = np.zeros((len(ROOMS), FIRST_CAPACITY), dtype=np.int64)
        self._orders = np.zeros((len(runs), moves.ORDER_SIZE))
        self.gates = np.zeros((lines, moves.GATE_SIZE))
        self._rooms = np.zeros((len(ROOMS), moves.FREE))
        self._complete: Callable[[OrderRun], None] | None = None
        self._write_orders(world)
        world.env.keep(self)

    def _write_orders(self, world: World) -> None:
        for run in self._runs:
            product, row = run.product, self._orders[run.order]
            row[moves.ORDER_SEWN] = run.sewn_min
            row[moves.INSPECT_PIECE_MIN] = product.inspect_min
            row[moves.PRESS_PIECE_MIN] = product.press_min
            row[moves.PACK_PIECE_MIN] = product.clean_min + product.pack_min
            row[moves.IS_PRESSED] = world.scenario.route(product.name)[0] == PRESSING

    def make_clock(self, shifts: ShiftTable, name: str) -> AgendaClock:
        """A new clock."""
        clock = self._clocks.make_clock(shifts, name)
        clock.name_argument = self._name_argument
        return clock

    def _name_argument(self, kind: int, argument: Any) -> Any:
        """Who waits for a clock: a lot, an order, or what others wait for."""
        if kind == timers.CALL:
            return argument
        return self._runs[argument] if kind == moves.COMPLETE else self.lots([argument])[0]

    def make_gate(self, line: int, spec: LineSpec, clock: AgendaClock) -> AgendaGate:
        """The plain gate of a line."""
        self.gates[line] = clock.number, spec.inspectors, spec.repairers, 0.0, 0.0
        return AgendaGate(self, line, clock)

    def open_room(self, name: str, clock: AgendaClock, servers: int, crew: int) -> AgendaSpans:
        """A room of so many crews; returns its busy spans, for a meter."""
        room, width = ROOMS[name], moves.FREE + servers
        if width > self._rooms.shape[1]:
            self._rooms = np.pad(self._rooms, ((0, 0), (0, width - self._rooms.shape[1])))
        self._rooms[room, : moves.FREE] = clock.number, crew, servers
        return AgendaSpans(self, name)

    def call_when_complete(self, call: Callable[[OrderRun], None]) -> None:
        """Call with each order whose last lot is packed."""
        self._complete = call

    def add_lots(
        self, clock: int, run: OrderRun, first: int, rows: Floats, sewn_min: Floats
    ) -> range:
        """Lots of an order from number ``first`` on fall off its line; returns their places."""
        clocks, more = self._clocks, sewn_min.shape[0] - first
        before = int(clocks.state[timers.LOTS])
        clocks.make_room(more)
        while before + more > self._lots.shape[0]:
            self._lots = np.concatenate((self._lots, np.zeros_like(self._lots)))
            self._came = np.concatenate((self._came, np.zeros_like(self._came)), axis=1)
        number, now = next(clocks.env._eid), float(clocks.env._now)
        place = (clock, run.order, run.line, first)
        after = moves.add_lots(*clocks.tables, self._lots, number, now, *place, rows, sewn_min)
        clocks.go_on(number, after)
        self._orders[run.order, moves.OPEN_LOTS] += more
        return range(before, before + more)

    @property
    def next_min(self) -> float:
        """Wall minute of the next timer; infinite if there is none."""
        return self._clocks.next_min

    def ring_due(self, env: HouseEnvironment, wall_min: float, priority: int, event: int) -> bool:
        """Ring what is due before a SimPy event; False if that is nothing that Python would see."""
        clocks = self._clocks
        state = clocks.state
        if state.item(timers.NEXT_WALL) > wall_min:
            return False
        is_watched, has_rung = self._recorder.is_watched, False
        while True:
            kind = moves.ring_due(
                *clocks.tables,
                self._lots,
                self._orders,
                self.gates,
                self._rooms,
                self._came,
                next(env._eid),
                wall_min,
                priority,
                event,
                is_watched,
            )
            env._eid = count(int(state.item(timers.NEXT_ID)))
            if kind < 0:
                return has_rung
            has_rung = True
            env._now = state.item(timers.NOW)
            self._act(kind, int(state.item(timers.WHAT)))

    def _act(self, kind: int, what: int) -> None:
        """Do what a timer asks Python for."""
        if kind == timers.CALL:
            ring, argument = self._clocks.take_call(what)
            ring(argument)
        elif kind == moves.COMPLETE:
            run = self._runs[what]
            self._settle(run)
            assert self._complete is not None, "somebody waits for orders to be complete"
            self._complete(run)
        else:
            self._tell(kind, what)

    def _tell(self, kind: int, what: int) -> None:
        """Tell the watcher of a lot that passes a door."""
        watch, now, lot = self._recorder.watch, self._clocks.env.now, self._lots[what]
        if kind == moves.FALL:
            watch("line", -int(lot[moves.PIECES]), now)
            watch("gate", 1, now)
            return
        is_pressed = self._orders[int(lot[moves.ORDER]), moves.IS_PRESSED] > 0.0
        if kind == moves.LEAVE_GATE:
            watch("gate", -1, now)
            watch(PRESSING if is_pressed else LAST_ROOM, 1, now)
        elif kind == moves.LEAVE_PRESS:
            watch(PRESSING, -1, now)
            watch(LAST_ROOM, 1, now)
        else:
            watch(LAST_ROOM, -1, now)

    def refuse(self, lot: Lot) -> None:
        """No lot falls off a line but by the agenda."""
        raise AssertionError(f"lot {lot.number} of order {lot.run.order} has no row")

    def drop(self, places: Iterable[int]) -> None:
        """Lots that have not fallen will not do so: their pass is done again."""
        for i in places:
            self._lots[i, moves.IS_VOID] = 1.0
            self._orders[int(self._lots[i, moves.ORDER]), moves.OPEN_LOTS] -= 1.0

    def has_fallen(self, place: int) -> bool:
        """Has a lot fallen off its line?"""
        return bool(self._lots[place, moves.HAS_FALLEN])

    def cancel(self, order: int) -> None:
        """Nobody waits for an order any more."""
        self._orders[order, moves.IS_CANCELLED] = 1.0

    def settle(self) -> None:
        """Let the orders know what has become of their lots."""
        for run in self._runs:
            self._settle(run)

    def _settle(self, run: OrderRun) -> None:
        row = self._orders[run.order]
        run.lots_open, run.good = int(row[moves.OPEN_LOTS]), int(row[moves.ORDER_GOOD])
        run.packed_work, run.sewn_min = float(row[moves.PACKED_WORK]), float(row[moves.ORDER_SEWN])

    def lots(self, places: Iterable[int]) -> list[Lot]:
        """Lots as they stand now."""
        rows = self._lots[list(places)].tolist()
        return [_lot(row, self._runs[int(row[moves.ORDER])]) for row in rows]

    def list_packed(self) -> list[Lot]:
        """Lots that have come to packing, in the order of coming."""
        n = int(self._clocks.state[timers.PACKED])
        return self.lots(self._came[moves.PACK, :n].tolist())

    def packed_counts(self) -> NDArray[np.float64]:
        """Order, pieces, good and working minute of the end of packing of these, shape (n, 4)."""
        n = int(self._clocks.state[timers.PACKED])
        columns = [moves.ORDER, moves.PIECES, moves.GOOD, STAGES[LAST_ROOM] + 1]
        return self._lots[self._came[moves.PACK, :n]][:, columns]

    def served_since(self, name: str, before: int) -> list[tuple[float, float]]:
        """Start and end of every service in a room but the first ``before``."""
        column = timers.PRESSED if name == PRESSING else timers.PACKED
        places = self._came[ROOMS[name], before : int(self._clocks.state[column])]
        start = STAGES[name]
        return [(s, e) for s, e in self._lots[places, start : start + 2].tolist()]


def _lot(row: list[float], run: OrderRun) -> Lot:
    """A lot from its row."""
    lot = Lot(run, int(row[moves.NUMBER]), int(row[moves.PIECES]))
    lot.good = int(row[moves.GOOD])
    lot.found = Found(*map(int, row[moves.FOUND : moves.BENCH_MIN]))
    lot.bench_min, lot.check_min = row[moves.BENCH_MIN], row[moves.CHECK_MIN]
    lot.sewn_min = row[moves.SEWN_MIN]
    lot.has_fallen, lot.is_void = bool(row[moves.HAS_FALLEN]), bool(row[moves.IS_VOID])
    lot.times = {stage: (row[start], row[start + 1]) for stage, start in STAGES.items()}
    return lot


class LotRows(Sequence[Lot]):
    """Lots of a pass by their places in the agenda's table."""

    def __init__(self, agenda: LotAgenda, places: list[int]) -> None:
        self.places = places
        self._agenda = agenda

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, i: int) -> Lot: ...
    @overload
    def __getitem__(self, i: slice) -> list[Lot]: ...
    def __getitem__(self, i: int | slice) -> Lot | list[Lot]:
        if isinstance(i, slice):
            return self._agenda.lots(self.places[i])
        return self._agenda.lots([self.places[i]])[0]


class AgendaSpans(Spans):
    """Busy spans of a room that the agenda keeps."""

    __slots__ = ("_agenda", "_known", "_name")

    def __init__(self, agenda: LotAgenda, name: str) -> None:
        super().__init__()
        self._agenda = agenda
        self._name = name
        self._known = 0  # services

    def _learn(self) -> None:
        for start, end in self._agenda.served_since(self._name, self._known):
            self.add(start, end)
            self._known += 1

    def busy(self, work_min: Floats) -> Floats:
        self._learn()
        return super().busy(work_min)

    def busy_since(self, work_min: float) -> float:
        self._learn()
        return super().busy_since(work_min)
