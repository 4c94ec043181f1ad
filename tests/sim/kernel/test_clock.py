"""The working clock: rings when the work is done, re-times when the rate changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Environment

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.sim.kernel.clock import WorkingClock
from tests.sim.events import count_events

DAY = 1440.0


class Room:
    """A clock on the default calendar, and the wall minutes at which it rang."""

    def __init__(self, days: int = 14) -> None:
        self.env = Environment()
        self.clock = WorkingClock(self.env, ShiftTable(WorkCalendar(), days), "room")
        self.rang: list[tuple[object, float]] = []

    def ring(self, who: object) -> None:
        self.rang.append((who, self.env.now))

    def at(self, wall_min: float, factor: float, name: str = "heat") -> None:
        """Set a factor at a wall minute."""

        def process():
            yield self.env.timeout(wall_min - self.env.now)
            self.clock.set_factor(name, factor)

        self.env.process(process())


def test_a_waiter_rings_in_working_minutes_across_break_and_night() -> None:
    room = Room()
    for work in (60.0, 300.0, 500.0):
        room.clock.call_at(work, room.ring, work)
    room.env.run()
    # 8:00 + 60; 240 before the break and 60 after 13:00; 480 on Monday and 20 on Tuesday
    assert room.rang == [(60.0, 540.0), (300.0, 840.0), (500.0, DAY + 500.0)]


def test_a_slower_rate_puts_waiters_off() -> None:
    room = Room()
    room.clock.call_at(100.0, room.ring, "a")
    room.at(530.0, 0.5)  # 50 minutes done at 8:50, the other 50 take 100
    room.env.run()
    assert room.rang == [("a", 630.0)]
    assert room.clock.rate == 0.5


def test_a_faster_rate_brings_waiters_forward() -> None:
    room = Room()
    room.clock.call_at(100.0, room.ring, "a")
    room.at(530.0, 2.0)
    room.env.run()
    assert room.rang == [("a", 555.0)]


def test_stale_timers_never_ring() -> None:
    room = Room()
    room.clock.call_at(100.0, room.ring, "a")
    for i, factor in enumerate((0.5, 2.0, 0.25, 1.0)):
        room.at(490.0 + 10.0 * i, factor)
    room.env.run()
    # work done at 8:10: 10, 8:20: 15, 8:30: 35, 8:40: 37.5; the rest at rate 1
    assert room.rang == [("a", 520.0 + 62.5)]


def test_a_stopped_clock_waits_until_it_goes_again() -> None:
    room = Room()
    room.clock.call_at(100.0, room.ring, "a")
    room.at(500.0, 0.0)
    room.at(600.0, 1.0)
    room.env.run()
    assert room.rang == [("a", 680.0)]  # 20 done at 8:20, 80 after 10:00


def test_factors_multiply_and_each_is_changed_by_its_name() -> None:
    room = Room()
    room.clock.set_factor("attendance", 0.8)
    room.clock.set_factor("heat", 0.5)
    assert room.clock.rate == pytest.approx(0.4)
    room.clock.set_factor("attendance", 1.0)
    assert room.clock.rate == pytest.approx(0.5)


@pytest.mark.parametrize("value", [-0.1, float("nan")])
def test_a_rate_that_is_no_rate_is_refused(value) -> None:
    with pytest.raises(ValueError, match="clock room: factor heat"):
        Room().clock.set_factor("heat", value)


def test_waiters_of_the_same_minute_ring_in_order_of_asking() -> None:
    room = Room()
    for who in "bac":
        room.clock.call_at(30.0, room.ring, who)
    room.clock.call_at(10.0, room.ring, "first")
    room.env.run()
    assert [who for who, _ in room.rang] == ["first", "b", "a", "c"]


def test_a_waiter_may_ask_again_while_it_rings() -> None:
    room = Room()

    def again(left: int) -> None:
        room.ring(left)
        if left:
            room.clock.call_after(10.0, again, left - 1)

    room.clock.call_after(10.0, again, 2)
    room.env.run()
    assert room.rang == [(2, 490.0), (1, 500.0), (0, 510.0)]


def test_calm_hours_cost_no_events() -> None:
    room = Room()
    for work in range(1, 200):
        room.clock.call_at(10.0 * work, room.ring, work)
    events = count_events(room.env)
    assert len(room.rang) == events == 199  # one a waiter: nothing polls, nothing is re-armed


@given(
    changes=st.lists(
        st.tuples(st.floats(0.0, 5 * DAY), st.sampled_from([0.0, 0.3, 0.5, 1.0, 1.7])), max_size=8
    ),
    works=st.lists(st.floats(1.0, 1500.0), min_size=1, max_size=8),
)
def test_history_turns_work_back_into_the_wall_minutes_at_which_waiters_rang(
    changes, works
) -> None:
    room = Room()
    for minute, factor in changes:
        room.at(minute, factor)
    for work in works:
        room.clock.call_at(work, room.ring, work)
    room.env.run()
    rang = dict(room.rang)
    done = [w for w in set(works) if w in rang]
    walls = room.clock.history_wall_at(np.array(done))
    for work, wall in zip(done, walls, strict=True):
        assert wall == pytest.approx(rang[work], abs=1e-6)
    assert [w for w, _ in room.rang] == sorted(w for w, _ in room.rang)
