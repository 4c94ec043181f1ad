"""A room that treats transfer lots: a queue, so many servers, one timer per service."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from factory_env.sim.clock import WorkingClock
from factory_env.sim.stations.lot import Lot


class LotStation:
    """First come, first served. ``stage`` names the two times it writes into a lot."""

    __slots__ = ("_clock", "_free", "_minutes", "_queue", "_stage", "_then", "name")

    def __init__(
        self,
        name: str,
        clock: WorkingClock,
        servers: int,
        stage: int,
        minutes: Callable[[Lot], float],
        then: Callable[[Lot], None],
    ) -> None:
        self.name = name
        self._clock = clock
        self._free = servers
        self._stage = stage
        self._minutes = minutes
        self._then = then
        self._queue: deque[Lot] = deque()

    @property
    def waiting(self) -> int:
        """Lots in the queue."""
        return len(self._queue)

    def arrive(self, lot: Lot) -> None:
        """A lot comes in."""
        if self._free:
            self._free -= 1
            self._start(lot)
        else:
            self._queue.append(lot)

    def _start(self, lot: Lot) -> None:
        lot.times[self._stage] = lot.world.env.now
        self._clock.call_after(self._minutes(lot), self._done, lot)

    def _done(self, lot: Lot) -> None:
        lot.times[self._stage + 1] = lot.world.env.now
        if self._queue:
            self._start(self._queue.popleft())
        else:
            self._free += 1
        self._then(lot)
