"""Compiled timers of clocks: shift and wall minutes, and the heap of those who wait."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.sim.work import clock_timers as timers


def one_clock(*, rate: float = 1.0, days: int = 3) -> tuple[timers.Timers, ShiftTable]:
    shifts = ShiftTable(WorkCalendar(), days)
    state, clocks = np.zeros(timers.STATE_SIZE), np.zeros((1, timers.CLOCK_SIZE))
    clocks[0, [timers.ARMED_WORK, timers.ARMED_WALL]] = np.inf
    clocks[0, timers.RATE], clocks[0, timers.KNOTS] = rate, len(shifts.knots[0])
    heaps = np.zeros((1, 32, timers.WAITER_SIZE))
    return timers.Timers(state, clocks, heaps, np.array([shifts.knots])), shifts


@pytest.mark.parametrize("minute", [0.0, 480.0, 500.5, 720.0, 750.0, 1020.0, 1440.0, 9999.0])
def test_shift_minutes_are_those_of_the_table(minute) -> None:
    one, shifts = one_clock()
    assert timers.read_shift_min(one, 0, minute) == shifts.shift_at(minute)


@pytest.mark.parametrize("work", [0.0, 0.1, 240.0, 240.1, 480.0, 1440.0, 1440.1])
def test_wall_minutes_are_those_of_the_table(work) -> None:
    one, shifts = one_clock(rate=0.5)
    assert timers.find_wall_min(one, 0, work) == shifts.wall_at(work / 0.5)


def test_at_a_standstill_nothing_is_ever_done() -> None:
    one, _ = one_clock(rate=0.0)
    assert timers.find_wall_min(one, 0, 1.0) == np.inf
    timers.wait(one, 0, 1.0, timers.CALL, 7.0)
    assert one.clocks[0, timers.ARMED_WALL] == np.inf


def test_who_waits_for_least_work_is_taken_first_and_ties_keep_their_order() -> None:
    one, _ = one_clock()
    rng = np.random.default_rng(3)
    works = rng.integers(0, 6, 30).astype(float).tolist()
    for number, work in enumerate(works):
        timers.wait(one, 0, work, timers.CALL, float(number))
    taken = [int(timers.take_first(one, 0)[1]) for _ in works]
    assert taken == sorted(range(30), key=lambda number: (works[number], number))


def test_a_timer_is_set_for_the_nearest_and_takes_the_next_number() -> None:
    one, _ = one_clock()
    one.state[timers.NEXT_ID] = 5.0
    for work in (60.0, 90.0, 30.0):  # the second waits behind the first and needs no timer
        timers.wait(one, 0, work, timers.CALL, 0.0)
    # 8:00 and 30 minutes; the numbers 5 and 6 are used up
    assert one.clocks[0, [timers.ARMED_WORK, timers.ARMED_WALL, timers.ARMED_ID]].tolist() == [
        30.0,
        510.0,
        6.0,
    ]
    assert one.state[timers.NEXT_ID] == 7.0
