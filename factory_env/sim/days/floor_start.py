"""Begins a run with the floor as it stands: orders on lines, in rooms, cut and being cut."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from simpy.events import Event

from factory_env.domain.floor_state import FloorState, LineNow, LotNow, SewnNow
from factory_env.domain.plant import LAST_ROOM
from factory_env.sim.days.cutting_start import resume_cutting
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.days.line_start import resume_pass
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.gate import Gate
from factory_env.sim.work.lot import AGAIN, CAMERA, INSPECT, REPAIR, Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.sim.world import World

GATE = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where orders can stand."""

    world: World
    planner: Planner
    cutting: CuttingRoom
    floor: Floor
    finishing: Finishing
    fabric: Fabric


class FloorStart:
    """Puts everything where it stands, at one minute; then fabric comes in as ever."""

    def __init__(self, rooms: Places, runs: Sequence[OrderRun], floor: FloorState) -> None:
        self._rooms = rooms
        self._world = rooms.world
        self._runs = runs
        self._fabric = rooms.fabric
        self._state = floor
        self._orders = {order.order_id: i for i, order in enumerate(rooms.world.book.orders)}

    def process(self) -> Generator[Event, None, None]:
        """SimPy process: nothing before the floor's minute, then the releases."""
        yield self._world.env.timeout(self._state.at_min)
        self._place()
        yield from self._fabric.releases()

    def _place(self) -> None:
        state = self._state
        for line in state.lines:
            self._set_line(line)
        lots = {(lot.order_id, lot.number): lot for lot in state.lots}
        here = [(now, self._come(now.order_id)) for now in state.sewn]
        fallen = [(now, self._resume(now, run)) for now, run in here]
        for line in state.lines:
            self._set_learned(line)
        self._put_lots(fallen, lots)
        for cutting in state.cutting:
            run = self._come(cutting.order_id)
            resume_cutting(self._world, self._rooms.cutting, run, cutting)
        for late in state.late:
            self._fabric.await_late(self._orders[late.order_id], late.release_wall_min)
        for cut in state.cut:
            run = self._come(cut.order_id)
            self._rooms.floor.order_ready(run)
            self._note_ready(run, cut.ready_wall_min)

    def _come(self, order_id: str) -> OrderRun:
        """The order is in the house."""
        world, order = self._world, self._orders[order_id]
        run = self._runs[order]
        self._fabric.place(order)
        world.to_come.arrive(order)
        world.recorder.watch("house", 1, world.env.now)
        world.ledger.watch(order, world.env.now)
        world.ledger.bind(float(world.book.value_usd[order]), world.env.now)
        run.cut = int(world.book.cut[order])
        return run

    def _note_ready(self, run: OrderRun, ready_wall_min: float | None) -> None:
        world = self._world
        run.ready_min = world.env.now if ready_wall_min is None else ready_wall_min
        world.book.ready_shift[run.order] = world.shifts.shift_at(run.ready_min)

    def _set_line(self, now: LineNow) -> None:
        """What the line has in hand, what it remembers, and who is there."""
        world, minute = self._world, self._world.env.now
        styles = {style.style_id: i for i, style in enumerate(world.tables.styles)}
        if now.style_id is not None:
            world.setups.current[now.line] = styles[now.style_id]
            world.setups.first_style[now.line] = styles[now.style_id]
        if now.learned is not None:
            world.setups.learned[now.line] = now.learned
        for style in now.remembered:
            world.setups.recall(now.line, styles[style.style_id], style.share, style.left_wall_min)
        world.setups.refresh(now.line, minute)
        if now.present is not None:
            world.attendance[now.line] = now.present
            self._rooms.floor.lines[now.line].clock.set_factor("attendance", now.present)

    def _set_learned(self, now: LineNow) -> None:
        """The share that stands in the floor, where its orders were resumed meanwhile."""
        setups, world = self._world.setups, self._world
        if now.learned is not None:
            setups.learn(now.line, now.learned, world.env.now)
        if now.free_shift_min is not None:
            self._rooms.planner.free_shift[now.line] = world.now_shift + now.free_shift_min

    def _resume(self, now: SewnNow, run: OrderRun) -> list[Lot]:
        world, planner = self._world, self._rooms.planner
        world.to_come.make_ready(run.order)
        run.line = now.line
        self._note_ready(run, now.ready_wall_min)
        # the whole order as the planner sees it, before the line has turned to its style
        whole_min = planner.estimate_min(run.order, now.line)
        line = self._rooms.floor.lines[now.line]
        fallen = resume_pass(world, line, run, now)
        end = now.end_shift_min
        if end is None:
            end = whole_min * now.left / max(run.cut, 1)
        planner.free_shift[now.line] = planner._planned_end[run.order] = world.now_shift + end
        planner._order_on[now.line] = run.order
        return fallen

    def _put_lots(
        self,
        fallen: Sequence[tuple[SewnNow, list[Lot]]],
        known: dict[tuple[str, int], LotNow],
    ) -> None:
        """Lots off the lines: in their room by the time at which they will leave it, or packed."""
        waiting: list[tuple[Lot, LotNow]] = []
        for now, lots in fallen:
            unpacked = now.unpacked or 0
            for lot in reversed(lots):  # the last ones are those that are not packed
                place = known.get((now.order_id, lot.number))
                if place is not None:
                    waiting.append((lot, place))
                elif unpacked > 0:
                    unpacked -= lot.pieces
                    self._gate(now.line).arrive(lot)
                else:
                    self._pack(lot, now.line)
        for lot, place in sorted(waiting, key=lambda pair: pair[1].times_min):
            self._put_lot(lot, place)

    def _pack(self, lot: Lot, line: int) -> None:
        """It was packed some time ago."""
        finishing = self._rooms.finishing
        gate = self._rooms.floor.lines[line].gate.clock.now
        lot.times = dict.fromkeys((CAMERA, INSPECT, REPAIR, AGAIN), (gate, gate))
        for name in finishing.routes[lot.run.product.name]:
            now = finishing.rooms[name].clock.now
            lot.times[name] = now, now
        finishing.receive_packed(lot)

    def _put_lot(self, lot: Lot, now: LotNow) -> None:
        finishing, line = self._rooms.finishing, self._rooms.floor.lines[lot.run.line]
        if now.place == GATE:
            self._gate(lot.run.line).resume(lot, now.times_min)
            return
        gate = line.gate.clock.now
        lot.times = dict.fromkeys((CAMERA, INSPECT, REPAIR, AGAIN), (gate, gate))
        for name in finishing.routes[lot.run.product.name]:
            room = finishing.rooms[name]
            if name == now.place:
                if isinstance(room, LotStation):
                    room.resume(lot, now.times_min)
                    if name == LAST_ROOM:
                        finishing.receive_packed(lot)
                else:
                    room.arrive(lot)
                return
            lot.times[name] = room.clock.now, room.clock.now

    def _gate(self, line: int) -> Gate:
        gate = self._rooms.floor.lines[line].gate
        assert isinstance(gate, Gate), "lots of a run with a floor move one by one"
        return gate
