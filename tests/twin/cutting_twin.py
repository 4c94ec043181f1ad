"""The cutting room event by event: one SimPy process a table, one timeout a lay."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence

from simpy import Environment
from simpy.events import Event


class PlainRoom:
    """Orders first in, first out; a free table takes the next lay of the order begun.

    ``orders``: (minute of coming, minutes of each lay), by coming.
    """

    def __init__(self, orders: Sequence[tuple[float, Sequence[float]]], tables: int) -> None:
        self._env = Environment()
        self._lays: deque[tuple[int, float]] = deque()
        self._came = self._env.event()
        self.spans: list[tuple[int, float, float]] = []  # order, start, end
        self._env.process(self._arrivals(orders))
        for _ in range(tables):
            self._env.process(self._table())
        self._env.run()

    def _arrivals(
        self, orders: Sequence[tuple[float, Sequence[float]]]
    ) -> Generator[Event, None, None]:
        for order, (minute, lays) in enumerate(orders):
            yield self._env.timeout(minute - self._env.now)
            self._lays.extend((order, length) for length in lays)
            self._came.succeed()
            self._came = self._env.event()

    def _table(self) -> Generator[Event, None, None]:
        while True:
            while not self._lays:
                yield self._came
            order, length = self._lays.popleft()
            start = self._env.now
            yield self._env.timeout(length)
            self.spans.append((order, start, self._env.now))
