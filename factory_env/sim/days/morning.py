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
from factory_env.sim.kernel.streams import Streams, uniforms_from
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
        self.more_absent = 0.0  # share of the operators who stay away beside those of the luck
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
            world.crews.morning(i, day)
            is_worked = world.shifts.is_worked(day)
            self._people(self.luck, i, day, is_worked=is_worked)
            self._stand_stills(self.luck, i, is_worked=is_worked)
            self._customers.morning(day)
            self._check_alive()
            self._floor.morning()

    def extra_morning(self, day: int) -> None:
        """A day that is worked although the calendar says otherwise; it has luck of its own."""
        world = self._world
        streams = Streams(int(world.streams.key("extra day", day)))
        luck = DayLuck(world.scenario, streams, world.scenario.calendar_days)
        if luck.working:
            self._people(luck, 0, day)
            self._stand_stills(luck, 0)
        self._customers.morning(day)
        self._floor.morning()

    def renew_luck(self) -> None:
        """What the days to come bring is drawn anew; today stays as it is."""
        self.luck.renew(self.number, self._world.streams)

    def _people(self, luck: DayLuck, i: int, day: int, *, is_worked: bool = True) -> None:
        """Who has come; on a day off that was to be worked the luck goes by all the same."""
        world, floor = self._world, self._floor
        shares = np.minimum(luck.absent(i) + self.more_absent, 1.0).tolist()
        current = world.setups.current
        form = luck.form(i, self._styles != current)
        self._styles = current.copy()
        if not is_worked:
            return
        for line, share in zip(floor.lines, shares, strict=True):
            present = 1.0 - share
            people = line.people
            if people.are_counted:
                present = people.come(self._who_came(line.number, luck, i, share))
            world.attendance[line.number] = present
            world.recorder.attendance.append((day, line.number, present))
            factors = {"attendance": present}
            if people.are_counted:
                factors["balance"] = people.pace(is_morning=True)
            if form is not None:
                factors["form"] = float(form[line.number])
            line.clock.set_factors(factors)

    def _who_came(self, line: int, luck: DayLuck, i: int, share: float) -> NDArray[np.bool_]:
        world = self._world
        operators = world.scenario.plant.lines[line].operators
        key = luck.streams.key("line", line, "absent people")
        n = operators + 1
        return absent_people(share, uniforms_from(key, i * n, n), operators)

    def _stand_stills(self, luck: DayLuck, i: int, *, is_worked: bool = True) -> None:
        world, floor = self._world, self._floor
        for number, at, length in luck.stops(i) if is_worked else ():
            line = floor.lines[number]
            world.recorder.event(
                "line stop", world.env.now + at, world.env.now + at + length, line=number
            )
            _stand_still(world, [line.clock], "stop", at, length)
        clocks = self._rooms + [c for line in floor.lines for c in (line.clock, line.gate.clock)]
        for at, length, dark in luck.outages(i):
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
