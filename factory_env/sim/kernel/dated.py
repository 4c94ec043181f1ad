"""Something that is done at the first instant of a minute, before anything else happens in it."""

from __future__ import annotations

from collections.abc import Callable

from simpy import Environment
from simpy.events import URGENT, Event


def call_first_at(env: Environment, minute: float, call: Callable[[], None]) -> None:
    """Call at a wall minute still to come; of one minute, whoever was put down first goes first.

    Events of other parts keep their order among themselves: until then the run is the same to
    the byte.
    """
    due = Event(env)
    due._ok, due._value = True, None
    due.callbacks = [lambda _: call()]
    env.schedule(due, priority=URGENT, delay=max(minute - env.now, 0.0))
