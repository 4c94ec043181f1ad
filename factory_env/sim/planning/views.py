"""Lines and site as a question shows them."""

from __future__ import annotations

import numpy as np

from factory_env.decisions.candidates.views import LinesView, SiteView
from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.planning.estimate import Floats, Ints, booked_work
from factory_env.sim.world import World
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY, MIN_PER_HOUR

AHEAD_DAYS = (2.0, 5.0, 10.0)  # working days within which booked work is summed up


class Views:
    """What a policy is shown of the lines and of the site, for one fabric group or the other.

    ``work_days`` (orders,) are the planner's; they change in place. A group is its place in
    `FABRIC_GROUPS`.
    """

    def __init__(self, world: World, work_days: Floats) -> None:
        self._world = world
        self._work_days = work_days
        book, scenario = world.book, world.scenario
        self._day_min = scenario.calendar.shift_min
        self._horizon_shift = scenario.horizon_days * self._day_min
        self._ahead_min = np.array(AHEAD_DAYS) * self._day_min
        groups = range(len(FABRIC_GROUPS))
        of_order, of_line = world.tables.group_of[book.style], world.tables.group_lines
        self._is_group = [of_order == group for group in groups]
        self._line_is_group = [(of_line == group).astype(np.float64) for group in groups]
        self._group_lines = [float(lines.sum()) for lines in self._line_is_group]

    def lines(self, group: int, free_in_min: Floats) -> LinesView:
        """All lines, those of the group marked; ``free_in_min`` (lines,) becomes the view's own."""
        world = self._world
        return LinesView(
            is_group=self._line_is_group[group],
            free_in_min=free_in_min,
            learned_share=world.setups.learned.copy(),
            attendance=world.attendance.copy(),
            is_idle=world.idle.astype(np.float64),
        )

    def site(self, group: int, now_shift: float, orders: Ints) -> SiteView:
        """The site, with the group's work: ``orders`` wait, others are to come."""
        world = self._world
        now, lines = world.env.now, self._group_lines[group]
        within = booked_work(
            world.book.release_min,
            world.book.release_shift,
            world.book.booked_min,
            self._work_days,
            self._is_group[group],
            now,
            now_shift,
            self._ahead_min,
        )
        within /= lines
        return SiteView(
            weekday=float(int(now // MIN_PER_DAY) % DAYS_PER_WEEK),
            shift_hour=now_shift % self._day_min / MIN_PER_HOUR,
            horizon_share=now_shift / self._horizon_shift,
            queue_days=float(self._work_days[orders].sum()) / lines,
            booked_2_days=float(within[0]),
            booked_5_days=float(within[1]),
            booked_10_days=float(within[2]),
            group_lines=lines,
            more_to_come=float(world.to_come.may_bring(group)),
        )
