"""A minute at which SimPy stops, so that something can be done before anything else happens."""

from __future__ import annotations

from simpy import Environment
from simpy.core import StopSimulation
from simpy.events import URGENT, Event

__all__ = ["StopSimulation", "halt_at"]


def halt_at(env: Environment, minute: float) -> None:
    """Have SimPy raise `StopSimulation` at the first instant of a minute.

    As in `Environment.run`; called at minute 0 the sum of times is exact.
    Events of equal time keep their order, so a halted run equals a straight one.
    """
    halt = Event(env)
    halt._ok, halt._value = True, None
    halt.callbacks = [StopSimulation.callback]
    env.schedule(halt, priority=URGENT, delay=minute - env.now)
