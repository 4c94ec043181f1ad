"""From the gates to the lorry: every product takes its own way through the rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.catalogue import load_plug
from factory_env.domain.plant import LAST_ROOM
from factory_env.domain.records import Table
from factory_env.sim import stations
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.stations.packing import Packing
from factory_env.sim.stations.pressing import Pressing
from factory_env.sim.work.clock_agenda import AgendaClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_agenda import LotAgenda, make_clock
from factory_env.sim.work.station import Station, Then
from factory_env.sim.work.use import Consumer, RoomUse
from factory_env.sim.world import World


class Finishing:
    """The rooms that the routes of this run name, and the way of each lot through them.

    Parameters
    ----------
    clock
        Of the finishing department: of packing, and of every room without one of its own.
    leave
        Called with each lot that has come to packing; when it will be packed is known then.
    agenda
        Who moves the lots in one compiled pass; None = they move one by one.
    """

    def __init__(
        self,
        world: World,
        clock: WorkingClock,
        leave: Callable[[Lot], None],
        agenda: LotAgenda | None = None,
    ) -> None:
        self.clock = clock
        self._agenda = agenda
        self._world = world
        self._recorder = world.recorder
        self._packed_singly: list[Lot] = []
        self._leave = leave
        # product -> names of its rooms, in order
        self.routes = {name: world.scenario.route(name) for name in world.tables.products}
        names = dict.fromkeys(room for route in self.routes.values() for room in route)
        self.rooms = {name: self._room(world, name) for name in names}
        if agenda is not None:
            self._hand_over(agenda)
        self._first: dict[str, Then] = {}  # product -> the door of its first room
        self._next: dict[tuple[str, str], Then] = {}  # (product, room) -> the door after it
        for product, route in self.routes.items():
            self._first[product] = self._door(route[0])
            for room, after in pairwise(route):
                self._next[product, room] = self._door(after)

    def arrive(self, lot: Lot) -> None:
        """A lot comes from its line's gate."""
        if self._recorder.is_watched:
            self._watch("gate", -1)
        self._first[lot.run.product.name](lot)

    def receive_packed(self, lot: Lot) -> None:
        """A lot has been in packing, or was packed, before the run."""
        self._packed_singly.append(lot)
        self._leave(lot)

    @property
    def packed_lots(self) -> list[Lot]:
        """Lots that have come to packing."""
        if self._agenda is None:
            return self._packed_singly
        return self._packed_singly + self._agenda.list_packed()

    def packed_counts(self) -> NDArray[np.float64]:
        """Order, pieces, good and working minute of the end of packing of these, shape (n, 4)."""
        rows = np.array(
            [(t.run.order, t.pieces, t.good, t.times[LAST_ROOM][1]) for t in self._packed_singly]
        ).reshape(-1, 4)
        return rows if self._agenda is None else np.vstack((rows, self._agenda.packed_counts()))

    def settle(self) -> None:
        """Let the orders know what has become of their lots so far."""
        if self._agenda is not None:
            self._agenda.settle()

    def set_steam(self, pace: float) -> None:
        """Rooms that need steam work at this pace."""
        for room in self.rooms.values():
            if room.needs_steam:
                room.clock.set_factor("steam", pace)

    @property
    def clocks(self) -> tuple[WorkingClock, ...]:
        """Of all rooms, each once."""
        return tuple(dict.fromkeys((*(r.clock for r in self.rooms.values()), self.clock)))

    @property
    def consumers(self) -> list[Consumer]:
        """Who reports to the site's meter."""
        return [consumer for room in self.rooms.values() for consumer in room.consumers]

    def tables(self) -> dict[str, Table]:
        """Tables of the log that belong to single rooms."""
        return {name: t for room in self.rooms.values() for name, t in room.tables().items()}

    def facts(self) -> Mapping[str, float]:
        """Facts of the log that belong to single rooms."""
        return {name: f for room in self.rooms.values() for name, f in room.facts().items()}

    def _room(self, world: World, name: str) -> Station:
        plug: Any = load_plug(stations, name)
        energy = world.scenario.energy
        is_run = energy is not None and energy.control.mode == "agent"
        clock = self.clock
        if is_run and plug.needs_steam:  # a boiler that somebody runs slows these rooms alone
            clock = make_clock(world, self._agenda, world.shifts, name)
        then = None if name == LAST_ROOM else partial(self._go_on, name)
        room: Station = plug(world, clock, then)
        return room

    def _hand_over(self, agenda: LotAgenda) -> None:
        """The agenda serves the lots in these rooms; the meter still asks the rooms."""
        for name, room in self.rooms.items():
            assert isinstance(room, Pressing | Packing), "the agenda knows these rooms"
            clock = room.clock
            assert isinstance(clock, AgendaClock), "the agenda keeps the rooms' clocks"
            spans = agenda.open_room(name, clock, room.servers, room.crew)
            for consumer in room.consumers:
                if isinstance(consumer, RoomUse):
                    consumer.spans = spans

    def _door(self, name: str) -> Then:
        return self._pack if name == LAST_ROOM else partial(self._enter, name)

    def _enter(self, room: str, lot: Lot) -> None:
        if self._recorder.is_watched:
            self._watch(room, 1)
        self.rooms[room].arrive(lot)

    def _go_on(self, room: str, lot: Lot) -> None:
        if self._recorder.is_watched:
            self._watch(room, -1)
        self._next[lot.run.product.name, room](lot)

    def _pack(self, lot: Lot) -> None:
        self._enter(LAST_ROOM, lot)
        if self._recorder.is_watched:  # nobody else waits for the end of packing
            self.clock.call_at(lot.times[LAST_ROOM][1], self._packed, lot)
        self._packed_singly.append(lot)
        self._leave(lot)

    def _packed(self, lot: Lot) -> None:
        self._watch(LAST_ROOM, -1)

    def _watch(self, room: str, more: int) -> None:
        self._recorder.watch(room, more, self._world.env.now)
