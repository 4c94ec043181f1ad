"""Shift time as a function of wall time, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_env.domain.calendar import ShiftTable, WorkCalendar

DEFAULT = WorkCalendar()  # 8:00-17:00, break 12:00-13:00, Sunday off
LONG_DAY = WorkCalendar(
    overtime_min=120.0, days_off=(5, 6), breaks=((600.0, 610.0), (720.0, 750.0))
)
DAY = 1440.0


def test_a_default_day_has_480_minutes_and_a_week_six_of_them() -> None:
    assert DEFAULT.shift_min == 480.0
    assert DEFAULT.working_days_per_week == 6
    assert DEFAULT.day_intervals() == ((480.0, 720.0), (780.0, 1020.0))


def test_overtime_is_added_behind_the_shift() -> None:
    # 8:00-17:00 is 540, less 10 and 30 of breaks, more 120 of overtime
    assert LONG_DAY.shift_min == 620.0
    assert LONG_DAY.day_intervals()[-1] == (750.0, 1140.0)


@pytest.mark.parametrize(
    ("wall", "shift"),
    [
        (0.0, 0.0),
        (480.0, 0.0),  # Monday 8:00
        (500.0, 20.0),
        (750.0, 240.0),  # in the break
        (1020.0, 480.0),  # 17:00
        (DAY + 480.0, 480.0),  # nothing is worked at night
        (6 * DAY + 600.0, 6 * 480.0),  # Sunday
        (7 * DAY + 480.0 + 60.0, 6 * 480.0 + 60.0),  # Monday 9:00
        (100 * DAY, 13 * 480.0),  # after the end: 15 days less two Sundays
    ],
)
def test_shift_minutes_by_hand(wall, shift) -> None:
    table = ShiftTable(DEFAULT, 15)  # Monday to the Monday after next: 13 working days
    assert table.shift_at(wall) == shift
    assert table.shift_at_many(np.array([wall]))[0] == shift


@pytest.mark.parametrize(
    ("shift", "wall"),
    [
        (20.0, 500.0),
        (240.0, 720.0),  # the earliest minute: before the break, not after it
        (241.0, 781.0),
        (480.0, 1020.0),
        (480.5, DAY + 480.5),
        (6 * 480.0 + 1.0, 7 * DAY + 481.0),
    ],
)
def test_wall_minutes_by_hand(shift, wall) -> None:
    table = ShiftTable(DEFAULT, 15)
    assert table.wall_at(shift) == wall
    assert table.wall_at_many(np.array([shift]))[0] == wall


def test_work_beyond_the_table_is_never_done() -> None:
    table = ShiftTable(DEFAULT, 1)
    assert table.wall_at(480.0) == 1020.0
    assert table.wall_at(480.1) == float("inf")


@given(shift=st.floats(0.0, 20 * 620.0), long_day=st.booleans())
def test_shift_at_inverts_wall_at(shift, long_day) -> None:
    table = ShiftTable(LONG_DAY if long_day else DEFAULT, 35)
    wall = table.wall_at(shift)
    assert table.shift_at(wall) == pytest.approx(shift, abs=1e-6)
    # and it is the earliest such minute
    assert shift == 0.0 or table.shift_at(wall - 1e-3) < shift + 1e-9


@given(wall=st.lists(st.floats(0.0, 40 * DAY), min_size=2, max_size=8))
def test_shift_time_grows_with_wall_time_and_never_faster(wall) -> None:
    table = ShiftTable(DEFAULT, 35)
    wall.sort()
    shift = [table.shift_at(w) for w in wall]
    worked, passed = np.diff(shift), np.diff(wall)
    assert (worked >= -1e-9).all()
    assert (worked <= passed + 1e-6).all()
    np.testing.assert_allclose(table.shift_at_many(np.array(wall)), shift, atol=1e-6)


@pytest.mark.parametrize(
    ("working", "calendar"),
    # 6 working days are Monday to Saturday; the 7th is the Monday after the Sunday
    [(1, 1), (6, 6), (7, 8), (12, 13), (60, 69)],
)
def test_calendar_days_hold_the_working_days(working, calendar) -> None:
    assert DEFAULT.calendar_days(working) == calendar


@pytest.mark.parametrize(
    ("breaks", "minutes", "spans"),
    [
        # 480 to 1020 is 540 minutes, a break from 600 to 900 leaves 240 of them
        (((600.0, 900.0), (700.0, 720.0)), 240.0, ((480.0, 600.0), (900.0, 1020.0))),
        (((700.0, 720.0), (600.0, 900.0)), 240.0, ((480.0, 600.0), (900.0, 1020.0))),
        (((600.0, 700.0), (650.0, 760.0)), 380.0, ((480.0, 600.0), (760.0, 1020.0))),
        (((600.0, 610.0), (600.0, 610.0)), 530.0, ((480.0, 600.0), (610.0, 1020.0))),
        (((600.0, 660.0), (660.0, 700.0)), 440.0, ((480.0, 600.0), (700.0, 1020.0))),
        (((480.0, 500.0), (960.0, 1020.0)), 460.0, ((500.0, 960.0),)),
    ],
)
def test_nobody_works_in_any_of_the_breaks(breaks, minutes, spans) -> None:
    calendar = WorkCalendar(breaks=breaks)
    assert calendar.shift_min == minutes
    assert calendar.day_intervals() == spans
    assert ShiftTable(calendar, 7).end_shift_min == 6 * minutes


def test_a_day_off_that_is_named_twice_is_one_day_off() -> None:
    twice = WorkCalendar(days_off=(6, 6))
    assert twice.working_days_per_week == 6
    assert twice.calendar_days(12) == DEFAULT.calendar_days(12)
