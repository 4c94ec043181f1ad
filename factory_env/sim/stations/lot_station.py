"""A room that treats transfer lots first come, first served, by so many servers.

In the room's own working minutes a first-come queue needs no queue: a lot starts when it has
come and the earliest free server is free. So a lot costs one timer, whatever the load, and a
change of rate (an outage, less steam) re-times everything through the clock alone. Times in
a lot are working minutes of the room; the logbook turns them into wall time.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.use import Spans


class LotStation:
    """``stage`` names the two times (start, end) it writes into a lot."""

    __slots__ = ("_free", "_minutes", "_stage", "_then", "clock", "name", "spans")

    def __init__(
        self,
        name: str,
        clock: WorkingClock,
        servers: int,
        stage: int,
        minutes: Callable[[Lot], float],
        then: Callable[[Lot], None] | None,
        is_metered: bool = False,
    ) -> None:
        self.name = name
        self.clock = clock
        self._free = [0.0] * servers  # heap of working minutes at which servers are free
        self._stage = stage
        self._minutes = minutes
        self._then = then
        self.spans = Spans() if is_metered else None  # of service

    def arrive(self, lot: Lot) -> None:
        """A lot comes in; ``then``, if given, is called when it is done."""
        start = max(self.clock.now, heappop(self._free))
        end = start + self._minutes(lot)
        heappush(self._free, end)
        lot.times[self._stage] = start
        lot.times[self._stage + 1] = end
        if self.spans is not None:
            self.spans.add(start, end)
        if self._then is not None:
            self.clock.call_at(end, self._then, lot)
