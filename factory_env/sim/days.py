"""The morning of every working day: who is absent, and lines that hold are asked again."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.domain.people import Absence
from factory_env.errors import DeadlockError
from factory_env.sim.floor import Floor
from factory_env.sim.streams import Streams
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY, clock_text


def absence_shares(
    absence: Absence, streams: Streams, line: int, after_off: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Share of a line's operators absent on each day, shape (days,)."""
    if not absence.enabled:
        return np.zeros(after_off.shape[0])
    rng = streams.generator("line", line, "absence")
    mean = np.where(after_off, absence.mean * absence.after_day_off_factor, absence.mean)
    # the overall mean stays what the scenario says, whatever the number of days after a holiday
    mean *= absence.mean / mean.mean()
    return rng.beta(mean * absence.concentration, (1.0 - mean) * absence.concentration)


def mornings(world: World, floor: Floor, days: int) -> Generator[Event, None, None]:
    """SimPy process: one event per working day."""
    calendar = world.scenario.calendar
    working = [d for d in range(days) if calendar.is_working_day(d)]
    after_off = np.array([d > 0 and not calendar.is_working_day(d - 1) for d in working])
    shares = [
        absence_shares(world.scenario.absence, world.streams, line.number, after_off)
        for line in floor.lines
    ]
    for i, day in enumerate(working):
        yield world.env.timeout(day * MIN_PER_DAY + calendar.shift_start_min - world.env.now)
        for line, share in zip(floor.lines, shares, strict=True):
            present = 1.0 - float(share[i])
            line.clock.set_factor("attendance", present)
            world.attendance[line.number] = present
            world.recorder.attendance.append((day, line.number, present))
        _check_alive(world, floor)
        floor.morning()


def _check_alive(world: World, floor: Floor) -> None:
    """Raise if cut orders wait that no line will ever take."""
    stuck = floor.stuck_orders()
    if stuck:
        names = ", ".join(world.book.orders[o].order_id for o in stuck[:5])
        raise DeadlockError(
            f"{clock_text(world.env.now)}: orders {names} wait, but none of the lines "
            f"{', '.join(line.name for line in floor.lines)} can sew their styles"
        )
