"""What a room between the gate and the lorry is: one per file of `factory_env/sim/stations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from factory_env.domain.records import Table
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.use import Consumer

Then = Callable[[Lot], None]


class Station(Protocol):
    """A room that lots pass. Its name is that of its file, of its stage and in routes."""

    name: str
    columns: tuple[str, str]  # of the log's lots: when its stage began and was over
    needs_steam: bool  # does it slow down with the boiler?
    clock: WorkingClock

    def arrive(self, lot: Lot) -> None:
        """A lot comes in; it goes on when the room is done with all of it."""
        ...

    @property
    def consumers(self) -> tuple[Consumer, ...]:
        """Who reports to the site's meter; nobody where energy is not accounted for."""
        ...

    def tables(self) -> Mapping[str, Table]:
        """Tables of the log that are the room's own."""
        ...

    def facts(self) -> Mapping[str, float]:
        """Numbers that a reader of its tables needs."""
        ...
