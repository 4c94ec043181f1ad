"""A room that treats transfer lots first come, first served, by so many servers.

In the room's own working minutes a first-come queue needs no queue: a lot starts when it has
come and the earliest free server is free. So a lot costs one timer, whatever the load, and a
change of rate (an outage, less steam) re-times everything through the clock alone. Times in
a lot are working minutes of the room; the logbook turns them into wall time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush

from factory_env.domain.records import Table
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.use import Consumer, RoomUse


class LotStation:
    """Serves a lot for ``minutes`` and hands it on to ``then``, if somebody waits for it.

    ``use`` reports its work, if a meter wants to know.
    """

    __slots__ = ("_free", "_minutes", "_then", "_use", "clock", "name")

    def __init__(
        self,
        name: str,
        clock: WorkingClock,
        servers: int,
        minutes: Callable[[Lot], float],
        then: Callable[[Lot], None] | None,
        use: RoomUse | None = None,
    ) -> None:
        self.name = name
        self.clock = clock
        self._free = [0.0] * servers  # heap of working minutes at which servers are free
        self._minutes = minutes
        self._then = then
        self._use = use

    def arrive(self, lot: Lot) -> None:
        """A lot comes in; ``then``, if given, is called when it is done."""
        start = max(self.clock.now, heappop(self._free))
        end = start + self._minutes(lot)
        heappush(self._free, end)
        lot.times[self.name] = start, end
        if self._use is not None:
            self._use.spans.add(start, end)
        if self._then is not None:
            self.clock.call_at(end, self._then, lot)

    def resume(self, lot: Lot, times_min: Sequence[float]) -> None:
        """A lot is here since before the run; ``times_min``: its start and end, from now on."""
        start, end = (self.clock.now + minute for minute in times_min)
        heappop(self._free)
        heappush(self._free, end)
        lot.times[self.name] = start, end
        if self._use is not None:
            self._use.spans.add(start, end)
        if self._then is not None:
            self.clock.call_at(end, self._then, lot)

    @property
    def servers(self) -> int:
        """How many lots can be served at once."""
        return len(self._free)

    @property
    def consumers(self) -> tuple[Consumer, ...]:
        """Its people at work."""
        return () if self._use is None else (self._use,)

    def tables(self) -> Mapping[str, Table]:
        """Its times stand in the lots; it has no table of its own."""
        return {}

    def facts(self) -> Mapping[str, float]:
        """None: its times say all."""
        return {}
