"""The sewing line as plain SimPy: one process per bundle, one event chain per operation.

Slow, obvious, and written without a look at the recursion of `factory_env.sim.work.line_flow`: the
two must agree (`tests/laws/test_line_equals_twin.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from itertools import pairwise
from math import exp
from typing import Any

import numpy as np
from simpy import Environment, Event
from simpy.events import EventPriority

from factory_env.sim.work.line_flow import PassInput, PassResult

AFTER_ALL = EventPriority(
    2
)  # SimPy priority: behind every other event (0 and 1) of the same minute


class Station:
    """A queue of bundles and the operators of one station."""

    def __init__(self, env: Environment, crew: list[int], free: list[float]) -> None:
        self._env = env
        self._crew = crew
        self._free = free  # of every operator of the line; the station writes its own
        self._idle: set[int] = set()
        self._queue: deque[Event] = deque()
        for operator in crew:
            env.process(self._comes(operator))

    def _comes(self, operator: int) -> Generator[Event, Any, None]:
        """The operator has other work (or a changeover) until free."""
        yield self._env.timeout(self._free[operator])
        self._idle.add(operator)
        self._dispatch_soon()

    def join(self) -> Event:
        """A bundle queues; the event rings with the operator who takes it."""
        turn = self._env.event()
        self._queue.append(turn)
        self._dispatch_soon()
        return turn

    def leave(self, operator: int) -> None:
        """The operator is done with a bundle."""
        self._free[operator] = self._env.now
        self._idle.add(operator)
        self._dispatch_soon()

    def _dispatch_soon(self) -> None:
        """Dispatch once everything else that happens in this minute has happened."""
        event = self._env.event()
        event._ok, event._value = True, None
        event.callbacks.append(self._dispatch)
        self._env.schedule(event, priority=AFTER_ALL)

    def _dispatch(self, event: Event) -> None:
        while self._queue and self._idle:
            ready = [o for o in self._crew if o in self._idle]
            operator = min(ready, key=lambda o: self._free[o])  # ties: lowest crew position
            self._idle.remove(operator)
            self._queue.popleft().succeed(operator)


class Line:
    """One order on its way through the stations."""

    def __init__(self, job: PassInput, record: bool) -> None:
        self.job = job
        self.env = Environment()
        self.free = job.free.tolist()
        starts = job.crew_start.tolist()
        self.stations = [
            Station(self.env, job.crew[a:b].tolist(), self.free) for a, b in pairwise(starts)
        ]
        shape = (len(job.pieces), len(self.stations)) if record else (0, 0)
        self.start, self.end = np.empty(shape), np.empty(shape)
        self.operator = np.empty(shape, dtype=np.int64)
        self.record = record
        self.loaded = job.start_min
        self.work = self.lost = self.wip = 0.0
        self.left: list[tuple[int, float]] = []
        self.by_operator = np.zeros((4, len(self.free)))

    def speed(self, minute: float) -> float:
        """Learning factor on efficiency at a working minute."""
        job = self.job
        return 1.0 - job.learn_loss * exp(-(minute - job.start_min) / job.learn_tau_min)

    def loader(self) -> None:
        """Put every bundle's process on the line at its loading minute."""
        job, now = self.job, self.job.start_min
        for b, pieces in enumerate(job.pieces.tolist()):
            self.env.process(self.bundle(b, now))
            if job.pace_min > 0.0:
                now += pieces * job.pace_min / self.speed(now)

    def bundle(self, b: int, arrival: float) -> Generator[Event, Any, None]:
        """A bundle's way through the line."""
        env = self.env
        yield env.timeout(arrival)
        self.wip -= env.now
        for k, station in enumerate(self.stations):
            operator = yield station.join()
            begin, minutes = env.now, self.service(b, k, operator)
            yield env.timeout(minutes)
            station.leave(operator)
            if self.record:
                self.start[b, k], self.end[b, k], self.operator[b, k] = begin, env.now, operator
            if k == 0:
                self.loaded = max(self.loaded, env.now)
        self.wip += env.now
        self.left.append((b, env.now))

    def service(self, b: int, k: int, operator: int) -> float:
        """Minutes of one operation that begins now, machine stop and change of colour included."""
        job = self.job
        factor = self.speed(self.env.now) if job.learn_loss > 0.0 else 1.0
        standard = float(job.pieces[b]) * float(job.smv_min[k]) * float(job.noise[b, k])
        minutes = standard / (float(job.efficiency[operator]) * factor)
        stop = float(job.stop[b, k]) if job.stop.shape[0] else 0.0
        change = float(job.change[b, k]) if job.change.shape[0] else 0.0
        self.work += minutes
        self.lost += minutes * (1.0 - factor)
        self.by_operator[:, operator] += minutes, minutes * (1.0 - factor), stop, change
        return minutes + stop + change


def twin_pass(job: PassInput, record: bool = False) -> PassResult:
    """The event-by-event line; satisfies `LineEngine`."""
    line = Line(job, record)
    line.loader()
    line.env.run()
    job.free[:] = line.free
    return PassResult(
        done=np.array([minute for _, minute in line.left]),
        order=np.array([b for b, _ in line.left], dtype=np.int64),
        loaded_min=line.loaded,
        work_min=line.work,
        learning_lost_min=line.lost,
        wip_bundle_min=line.wip,
        start=line.start,
        end=line.end,
        operator=line.operator,
        by_operator=line.by_operator,
    )
