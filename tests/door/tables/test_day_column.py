"""Days of a user's table: a column settles its own order of day and month, or says it cannot."""

from __future__ import annotations

from datetime import date

import pytest

from factory_env.door.tables.day_column import DayColumn, Moment, read_days
from factory_env.door.tables.moments import Form, Written, read_moment


def days(column: DayColumn) -> list[date | str]:
    return [
        cell if isinstance(cell, str) else date.fromordinal(int(cell.days)) for cell in column.cells
    ]


def day_of(text: str, *beside: str) -> date | str:
    return days(read_days([[text, *beside]])[0])[0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-16",
        "2026/3/16",
        "2026.03.16",
        "20260316",
        "16.03.2026",
        "16.03.26",
        "16. 3. 2026",
        "16/03/2026",
        "3/16/2026",
        "16-03-2026",
        "16-Mar-26",
        "16 March 2026",
        "March 16, 2026",
        "16MAR26",
        "16. März 2026",
        "Mon 16 Mar 2026",
        "Mo. 16.03.2026",
        "2026-03-16T00:00:00.000Z",
        "2026-03-16 00:00:00+00:00",
        "16.03.2026 00:00:00",
        "3/16/2026 12:00 AM",
        "46097",
        "2026\u5e743\u670816\u65e5",
    ],
)
def test_the_sixteenth_of_march_is_read_however_it_is_written(text: str) -> None:
    assert day_of(text) == date(2026, 3, 16)


@pytest.mark.parametrize("text", ["2026-02-30", "31.02.2026", "31/31/2026", "16032026", "soon", ""])
def test_what_is_no_day_says_why(text: str) -> None:
    assert isinstance(day_of(text), str)


def test_one_value_over_twelve_settles_a_column() -> None:
    assert day_of("02/03/2026", "16/03/2026") == date(2026, 3, 2)
    assert day_of("02/03/2026", "03/16/2026") == date(2026, 2, 3)


def test_one_column_settles_the_other() -> None:
    release, due = read_days([["02/03/2026"], ["16/03/2026"]])
    assert days(release) == [date(2026, 3, 2)]
    assert due.order == release.order == "dmy"


def test_a_column_that_nothing_settles_says_so_and_a_word_of_the_user_helps() -> None:
    (column,) = read_days([["02/03/2026", "05/04/2026"]])
    assert column.is_unsettled
    assert column.cells[0] == "could be 2 March or 3 February"
    assert days(read_days([["02/03/2026"]], "mdy")[0]) == [date(2026, 2, 3)]


def test_days_that_are_the_same_either_way_need_no_order() -> None:
    assert day_of("02/02/2026", "03/03/2026") == date(2026, 2, 2)


def test_two_digit_years_may_come_first_where_the_rows_then_lie_together() -> None:
    # as 26 March 2016 and 27 March 2016 ... day first gives years apart
    assert day_of("26-03-16", "26-03-27") == date(2026, 3, 16)
    assert day_of("16-03-26", "27-03-26") == date(2026, 3, 16)
    release, due = read_days([["16/03/26"], ["27/03/26"]])
    assert days(release) + days(due) == [date(2026, 3, 16), date(2026, 3, 27)]
    assert isinstance(day_of("16/03/26"), str)  # alone it may be 26 March 2016


def test_a_spreadsheets_mixture_is_read_the_way_its_text_says() -> None:
    # 1/3/2015 was read by a day-first spreadsheet and written with dashes; 1/13/2015 stayed text
    (column,) = read_days([["01-03-2015", "01-04-2015", "1/13/2015", "1/14/2015"]])
    assert days(column) == [
        date(2015, 1, 3),
        date(2015, 1, 4),
        date(2015, 1, 13),
        date(2015, 1, 14),
    ]
    assert "mixture" in column.notes[0]
    assert day_of("01.03.2026", "02.03.2026", "3/13/2026") == date(2026, 1, 3)


def test_year_first_dates_in_which_a_spreadsheet_turned_day_and_month_are_refused() -> None:
    (column,) = read_days([["2015-03-01", "2015-04-01", "1/13/2015", "1/14/2015"]])
    assert "changed places" in str(column.cells[0])


def test_a_column_whose_every_time_is_midnight_holds_dates() -> None:
    midnight, hours = read_days(
        [["2026-03-02 00:00", "2026-03-03"], ["2026-03-02 00:00", "2026-03-02 08:00"]]
    )
    assert [c.has_time for c in midnight.cells if isinstance(c, Moment)] == [False, False]
    assert [c.has_time for c in hours.cells if isinstance(c, Moment)] == [True, True]


def test_a_column_whose_every_time_is_the_end_of_the_day_holds_dates() -> None:
    (column,) = read_days([["2026-03-02 23:59:59", "2026-03-03 23:59:59"]])
    assert not any(c.has_time for c in column.cells if isinstance(c, Moment))


def test_midnight_of_another_zone_is_noticed() -> None:
    def is_shifted(*texts: str) -> bool:
        return read_days([texts])[0].is_shifted

    assert is_shifted(*["2026-03-09T18:00:00.000Z"] * 3)
    assert not is_shifted(*["2026-03-09T00:00:00.000Z"] * 3)
    assert not is_shifted(*["2026-03-09T18:00:00Z", "2026-03-09T17:00:00Z"] * 2)


def test_a_serial_number_among_day_numbers_is_refused() -> None:
    (column,) = read_days([["0", "12", "46000"]])
    assert column.form is Form.NUMBER
    assert "serial number" in str(column.cells[2])


def test_a_time_of_day_is_read_in_halves_and_refused_where_there_is_none() -> None:
    written = read_moment("3/16/2026 5:30 pm")
    assert isinstance(written, Written)
    assert written.time_min == 17.5 * 60
    assert isinstance(read_moment("2026-03-16 25:00"), str)
    assert isinstance(read_moment("3/16/2026 13:30 pm"), str)
