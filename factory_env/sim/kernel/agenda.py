"""SimPy's environment with a second agenda: what is due there rings between SimPy's own events."""

from __future__ import annotations

from typing import Final, Protocol

from simpy import Environment

AFTER_ALL: Final = (float("inf"), 0, 0)  # time, priority and number of an event that never is


class Agenda(Protocol):
    """Somebody who keeps timers of his own."""

    def ring_due(self, env: HouseEnvironment, wall_min: float, priority: int, event: int) -> bool:
        """Ring what is due before a SimPy event; False if nothing of that is anybody's business."""
        ...

    @property
    def next_min(self) -> float:
        """Wall minute of the next timer; infinite if there is none."""
        ...


class HouseEnvironment(Environment):
    """A SimPy environment; timers of the agenda have their place among SimPy's by time and number.

    Timers take their numbers from the same counter as SimPy's events, so that those of one
    minute ring in the order in which they were set, wherever they are kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._agenda: Agenda | None = None

    def keep(self, agenda: Agenda) -> None:
        """From now on heed the timers of an agenda."""
        self._agenda = agenda

    def step(self) -> None:
        """Process the next event, be it SimPy's or the agenda's."""
        agenda = self._agenda
        if agenda is not None:
            wall_min, priority, event = self._queue[0][:3] if self._queue else AFTER_ALL
            if agenda.ring_due(self, wall_min, priority, event):
                return
        super().step()

    def peek(self) -> float:
        """Wall minute of the next event or timer; infinite if there is none."""
        first = float(super().peek())
        return first if self._agenda is None else min(first, self._agenda.next_min)
