"""Clocks whose timers an agenda keeps ring as plain working clocks do, to the last bit."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_env import Scenario
from factory_env.domain.calendar import DutyTable, ShiftTable, WorkCalendar
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.clock_agenda import FIRST_CAPACITY
from factory_env.sim.work.lot_agenda import LotAgenda
from factory_env.sim.world import World
from tests.sim.small_world import small_world

WAIT = st.tuples(st.integers(0, 1), st.sampled_from([0.0, 30.0, 61.7, 240.0, 480.0, 500.1, 960.0]))
RATE = st.tuples(st.sampled_from([0.0, 100.3, 540.0, 720.0, 1500.0]), st.sampled_from([0.0, 0.7]))


@dataclass
class Clocks:
    """Two clocks of one world, and when they rang."""

    world: World
    clocks: list[WorkingClock]
    rang: list[tuple[object, float]] = field(default_factory=list)

    def ring(self, who: object) -> None:
        self.rang.append((who, self.world.env.now))

    def set_later(self, clock: int, minute: float, rate: float) -> None:
        change = self.world.env.timeout(minute)
        change.callbacks.append(lambda event: self.clocks[clock].set_factor("heat", rate))


def make(scenario: Scenario, tables, *, is_kept: bool) -> Clocks:
    world = small_world(scenario, [], tables=tables)
    duties = [ShiftTable(WorkCalendar(), 8), DutyTable(WorkCalendar(), 8)]
    if not is_kept:
        return Clocks(world, [WorkingClock(world.env, duty, "room") for duty in duties])
    agenda = LotAgenda(world, [])
    return Clocks(world, [agenda.make_clock(duty, "room") for duty in duties])


@pytest.fixture
def both(small, small_tables) -> tuple[Clocks, Clocks]:
    kept, plain = (make(small, small_tables, is_kept=is_kept) for is_kept in (True, False))
    return kept, plain


@settings(deadline=None, max_examples=25)
@given(st.lists(WAIT, min_size=1, max_size=12), st.lists(RATE, max_size=4))
def test_they_ring_alike_whoever_waits_and_whatever_the_rate(small, small_tables, waits, rates):
    rang = []
    for is_kept in (True, False):
        room = make(small, small_tables, is_kept=is_kept)
        for number, (clock, work) in enumerate(waits):
            room.clocks[clock].call_at(work, room.ring, number)
        for clock, (minute, rate) in enumerate(rates):
            room.set_later(clock % 2, minute, rate)
            room.set_later(clock % 2, minute + 300.0, 1.0)
        room.world.env.run()
        rang.append(room.rang)
    assert rang[0] == rang[1]
    assert len(rang[0]) == len(waits)


def test_an_evening_of_overtime_times_everybody_anew(both) -> None:
    for room in both:
        clock = room.clocks[1]
        clock.call_at(500.0, room.ring, "a")
        duty = clock.shifts
        assert isinstance(duty, DutyTable)
        duty.stay(0, 60.0)
        clock.retime()
        room.world.env.run()
    # 480 minutes on Monday, and 20 more of the evening that begins at 17:00
    assert both[0].rang == both[1].rang == [("a", 1040.0)]


def test_those_of_one_minute_ring_in_the_order_in_which_they_came(both) -> None:
    kept, _ = both
    for number in range(2 * FIRST_CAPACITY):  # more than the tables hold at first
        kept.clocks[0].call_at(float(number % 3), kept.ring, number)
    assert sorted(kept.clocks[0].waiting) == list(range(2 * FIRST_CAPACITY))
    kept.world.env.run()
    expected = sorted(range(2 * FIRST_CAPACITY), key=lambda number: (number % 3, number))
    assert [number for number, _ in kept.rang] == expected
    assert kept.clocks[0].waiting == []


def test_who_rings_may_have_others_wait(both) -> None:
    for room in both:
        clock, ring = room.clocks[0], room.ring

        def again(left: int, clock=clock, ring=ring) -> None:
            ring(left)
            if left:
                clock.call_after(10.0 * (left % 2), again, left - 1)

        clock.call_at(5.0, again, 3)
        room.world.env.run()
    # the day begins at 8:00 = 480; waits of 10, 0 and 10 minutes follow each other
    assert both[0].rang == both[1].rang == [(3, 485.0), (2, 495.0), (1, 495.0), (0, 505.0)]
