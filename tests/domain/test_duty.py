"""A department's duty can be prolonged evening by evening."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.calendar import DutyTable, ShiftTable, WorkCalendar

DAY = 1440.0


def test_an_evening_adds_its_minutes_and_moves_what_follows() -> None:
    duty, plain = DutyTable(WorkCalendar(), 14), ShiftTable(WorkCalendar(), 14)
    duty.stay(1, 90.0)
    # until the end of the shift on day 1 nothing changes: 2 x 480 minutes
    for wall in (0.0, 600.0, DAY + 1020.0):
        assert duty.shift_at(wall) == plain.shift_at(wall)
    assert duty.shift_at(DAY + 1020.0 + 45.0) == 960.0 + 45.0
    assert duty.shift_at(2 * DAY) == 960.0 + 90.0
    assert duty.shift_at(2 * DAY + 600.0) == plain.shift_at(2 * DAY + 600.0) + 90.0
    assert duty.wall_at(1000.0) == DAY + 1020.0 + 40.0
    assert duty.end_shift_min == plain.end_shift_min + 90.0
    assert duty.overtime_min == {1: 90.0}


def test_arrays_and_single_minutes_agree_after_several_evenings() -> None:
    duty = DutyTable(WorkCalendar(), 14)
    for day, minutes in ((0, 60.0), (4, 120.0), (8, 30.0)):
        duty.stay(day, minutes)
    wall = np.linspace(0.0, 13 * DAY, 500)
    np.testing.assert_allclose(duty.shift_at_many(wall), [duty.shift_at(w) for w in wall])
    shift = np.linspace(1.0, duty.end_shift_min - 1.0, 300)
    np.testing.assert_allclose(duty.wall_at_many(shift), [duty.wall_at(s) for s in shift])
    np.testing.assert_allclose(duty.shift_at_many(duty.wall_at_many(shift)), shift)


def test_a_day_off_and_no_minutes_are_refused() -> None:
    duty = DutyTable(WorkCalendar(), 14)
    with pytest.raises(ValueError, match="day 6 has no shift"):
        duty.stay(6, 60.0)
    with pytest.raises(ValueError, match="prolong by 0 min"):
        duty.stay(1, 0.0)


def test_an_evening_begins_when_the_shift_ends_also_after_a_break() -> None:
    # 480 to 960 is worked, the shift ends with a break at 1020, then 120 minutes of overtime
    duty = DutyTable(WorkCalendar(breaks=((960.0, 1020.0),)), 14)
    duty.stay(0, 120.0)
    assert duty.shift_at(1020.0) == 480.0
    assert duty.shift_at(1080.0) == 540.0
    assert duty.shift_at(DAY) == 600.0
    assert duty.wall_at(500.0) == 1040.0
    wall = np.linspace(0.0, 13 * DAY, 500)
    np.testing.assert_allclose(duty.shift_at_many(wall), [duty.shift_at(w) for w in wall])
