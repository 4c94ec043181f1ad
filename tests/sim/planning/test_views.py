"""What a question shows of lines and site is that of its own fabric group."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.product import FABRIC_GROUPS
from factory_env.sim.planning.views import AHEAD_DAYS, Views

GROUPS = range(len(FABRIC_GROUPS))


@pytest.fixture
def running(small, small_tables) -> Factory:
    """Asked for the twentieth time under the earliest due date."""
    factory, rule = Factory(small, 4, tables=small_tables), Edd()
    for _ in range(20):
        question = factory.advance()
        assert question is not None
        factory.answer(rule.choose(question))
    return factory


@pytest.fixture
def views(running) -> Views:
    """Each order is a day of work."""
    return Views(running.world, np.ones(len(running.book)))


def test_lines_of_the_group_are_marked(running, views) -> None:
    of_line = [FABRIC_GROUPS.index(x.fabric_group) for x in running.scenario.plant.lines]
    free_in_min = np.full(len(of_line), 100.0)
    for group in GROUPS:
        shown = views.lines(group, free_in_min)
        assert shown.is_group.tolist() == [float(g == group) for g in of_line]
        assert shown.free_in_min.tolist() == [100.0] * len(of_line)
        assert shown.learned_share.tolist() == running.world.setups.learned.tolist()


def test_work_that_waits_and_that_is_booked_is_shared_by_the_groups_lines(running, views) -> None:
    world, book, now_shift = running.world, running.book, running.world.now_shift
    day_min = running.scenario.calendar.shift_min
    of_order = [
        FABRIC_GROUPS.index(world.tables.styles[s].product.fabric_group) for s in book.style
    ]
    known = (book.release_min > world.env.now) & (book.booked_min <= world.env.now)
    for group in GROUPS:
        shown = views.site(group, now_shift, np.arange(3))
        assert shown.group_lines == views.lines(group, np.zeros(len(running.lines))).is_group.sum()
        assert shown.queue_days == 3.0 / shown.group_lines
        mine = known & (np.array(of_order) == group)
        booked = (shown.booked_2_days, shown.booked_5_days, shown.booked_10_days)
        for days, value in zip(AHEAD_DAYS, booked, strict=True):
            soon = mine & (book.release_shift - now_shift <= days * day_min)
            assert value == pytest.approx(soon.sum() / shown.group_lines)
        assert booked[2] > 0.0


def test_the_clock_is_shown_in_days_and_hours_of_shift(running, views) -> None:
    shown = views.site(0, 480.0 * 7 + 90.0, np.arange(0))
    assert shown.shift_hour == 1.5
    assert shown.horizon_share == (480.0 * 7 + 90.0) / (480.0 * running.scenario.horizon_days)
    assert shown.weekday == running.world.env.now // 1440 % 7
