"""The meter adds up what stations report, after a run and slot by slot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from simpy import Environment

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.sim.energy.meter import LiveMeter, Meter
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.use import NO_USE, Use

# open from 00:00 to 00:30 of every day: two slots of 15 minutes
SHORT_DAY = WorkCalendar(shift_start_min=0.0, shift_end_min=30.0, breaks=(), days_off=())


@dataclass
class Station:
    """Uses the same in every slot."""

    staff: int
    use: Use

    def used(self, wall_min: np.ndarray) -> Use:
        return Use(*(np.full(len(wall_min) - 1, float(value)) for value in self.use))

    def used_now(self) -> Use:
        return self.use


LINES = Station(0, NO_USE._replace(people=30.0, run_kw=12.0))
PRESS = Station(6, NO_USE._replace(press_busy=4.0))
LATE = Station(0, NO_USE._replace(open_share=0.4, run_kw=1.0))  # works on when the house is shut


def test_uses_are_added_and_staff_is_there_while_the_house_is_open() -> None:
    feed = Meter([LINES, PRESS], ShiftTable(SHORT_DAY, 2)).feed(0, 4)
    assert feed["run_kw"].tolist() == [12.0] * 4
    assert feed["press_busy"].tolist() == [4.0] * 4
    assert feed["open_share"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert feed["people"].tolist() == [36.0, 36.0, 30.0, 30.0]


def test_the_house_is_open_as_long_as_anybody_is_on_duty() -> None:
    feed = Meter([LATE, PRESS], ShiftTable(SHORT_DAY, 2)).feed(0, 4)
    assert feed["open_share"].tolist() == [1.0, 1.0, 0.4, 0.4]
    assert feed["people"].tolist() == pytest.approx([6.0, 6.0, 2.4, 2.4])


def test_slots_can_be_read_from_the_middle_of_a_run() -> None:
    meter = Meter([LINES, PRESS], ShiftTable(SHORT_DAY, 2))
    assert (meter.feed(0, 8)[2:5] == meter.feed(2, 5)).all()


def test_slot_by_slot_it_reads_the_same() -> None:
    env, stations = Environment(), [LINES, PRESS, LATE]
    shifts = ShiftTable(SHORT_DAY, 2)
    live = LiveMeter(stations, WorkingClock(env, shifts, "house"))
    later = Meter(stations, shifts).feed(0, 4)
    for slot in range(4):
        env.run(until=15.0 * (slot + 1))
        now = live.feed(slot, slot + 1)
        for name in Use._fields:
            assert getattr(now, name) == pytest.approx(float(later[name][slot])), name
