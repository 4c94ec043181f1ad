"""The working day: who has come, in what form the lines are, what stands still, who stays on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event, Timeout

from factory_env.errors import DeadlockError
from factory_env.sim.days.customers import Customers
from factory_env.sim.days.luck import DayLuck
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.streams import uniforms_from
from factory_env.sim.plant.crew_today import absent_people
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY, clock_text


class Days:
    """Mornings: one SimPy event per working day, and one per standstill."""

    def __init__(
        self,
        world: World,
        floor: Floor,
        customers: Customers,
        rooms: list[WorkingClock],
        site: SiteRun | None,
    ) -> None:
        self._world = world
        self._floor = floor
        self._customers = customers
        self._site = site
        self._rooms = rooms  # clocks of cutting and finishing: an outage stops them too
        self.luck = DayLuck(world.scenario, world.streams, world.scenario.calendar_days)
        self.number = -1  # of the working day, counted from 0
        self._styles = world.setups.current.copy()  # of the lines yesterday

    def mornings(self) -> Generator[Event, None, None]:
        """SimPy process."""
        world = self._world
        calendar = world.scenario.calendar
        begin_min = 0.0 if world.floor is None else world.floor.at_min
        for i, day in enumerate(self.luck.working):
            if (day + 1) * MIN_PER_DAY <= begin_min:  # before the floor with which it begins
                continue
            yield world.env.timeout(day * MIN_PER_DAY + calendar.shift_start_min - world.env.now)
            self.number = i
            self._people(i, day)
            self._stand_stills(i)
            self._customers.morning(day)
            self._check_alive()
            self._floor.morning()

    def renew_luck(self) -> None:
        """What the days to come bring is drawn anew; today stays as it is."""
        self.luck.renew(self.number, self._world.streams)

    def _people(self, i: int, day: int) -> None:
        world, floor = self._world, self._floor
        world.crews.morning(i, day)
        shares = self.luck.absent(i).tolist()
        current = world.setups.current
        form = self.luck.form(i, self._styles != current)
        self._styles = current.copy()
        for line, share in zip(floor.lines, shares, strict=True):
            present = 1.0 - share
            people = line.people
            if people.are_counted:
                present = people.come(self._who_came(line.number, i, share))
            world.attendance[line.number] = present
            world.recorder.attendance.append((day, line.number, present))
            factors = {"attendance": present}
            if people.are_counted:
                factors["balance"] = people.pace(is_morning=True)
            if form is not None:
                factors["form"] = float(form[line.number])
            line.clock.set_factors(factors)

    def _who_came(self, line: int, i: int, share: float) -> NDArray[np.bool_]:
        world = self._world
        operators = world.scenario.plant.lines[line].operators
        key = world.streams.key("line", line, "absent people")
        n = operators + 1
        return absent_people(share, uniforms_from(key, i * n, n), operators)

    def _stand_stills(self, i: int) -> None:
        world, floor = self._world, self._floor
        for number, at, length in self.luck.stops(i):
            line = floor.lines[number]
            world.recorder.event(
                "line stop", world.env.now + at, world.env.now + at + length, line=number
            )
            _stand_still(world, [line.clock], "stop", at, length)
        clocks = self._rooms + [c for line in floor.lines for c in (line.clock, line.gate.clock)]
        for at, length, dark in self.luck.outages(i):
            world.recorder.event("outage", world.env.now + at, world.env.now + at + length)
            _stand_still(world, clocks, "outage", at, length)
            if self._site is not None:
                self._site.blow_out(world.env.now + at, dark)

    def _check_alive(self) -> None:
        """Raise if cut orders wait that no line will ever take."""
        world, floor = self._world, self._floor
        stuck = floor.stuck_orders()
        if stuck:
            names = ", ".join(world.book.orders[o].order_id for o in stuck[:5])
            raise DeadlockError(
                f"{clock_text(world.env.now)}: orders {names} wait, but none of the lines "
                f"{', '.join(line.name for line in floor.lines)} can sew their styles"
            )


def _stand_still(
    world: World, clocks: list[WorkingClock], cause: str, after_min: float, length_min: float
) -> None:
    """From ``after_min`` from now the clocks stand for ``length_min`` wall minutes."""

    def set_all(value: float, event: Event) -> None:
        for clock in clocks:
            clock.set_factor(cause, value)

    _later(world, after_min, partial(set_all, 0.0))
    _later(world, after_min + length_min, partial(set_all, 1.0))


def _later(world: World, minutes: float, call: Callable[[Event], None]) -> None:
    timeout = Timeout(world.env, minutes)
    timeout.callbacks.append(call)  # type: ignore[union-attr]
