"""The door for daily records: what is read, what is left out, what makes a fit impossible."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from factory_env.door.daily_records import Records, read_daily_records
from factory_env.door.record_days import DAY_FIRST, ISO, MONTH_FIRST, DayReader
from factory_env.errors import InputError

HEADER = (
    "date,quarter,department,day,team,targeted_productivity,smv,wip,over_time,incentive,"
    "idle_time,idle_men,no_of_style_change,no_of_workers,actual_productivity"
)


def row(day: str, team: object = 1, **other: object) -> str:
    """One row of the file; columns by name."""
    values: dict[str, object] = {
        "date": day,
        "quarter": "Quarter1",
        "department": "sweing ",
        "day": "Monday",
        "team": team,
        "targeted_productivity": 0.75,
        "smv": 22.5,
        "wip": 900,
        "over_time": 6840,
        "incentive": 0,
        "idle_time": 0,
        "idle_men": 0,
        "no_of_style_change": 0,
        "no_of_workers": 57,
        "actual_productivity": 0.75,
        **other,
    }
    return ",".join(str(values[name]) for name in HEADER.split(","))


def book(tmp_path: Path, *extra: str, teams: tuple[object, ...] = (1, 2), days: int = 24) -> Path:
    """A file of ``days`` days in March 2015 for each team, and ``extra`` rows at its end."""
    rows = [row(f"3/{d}/2015", team) for d in range(1, days + 1) for team in teams]
    path = tmp_path / "records.csv"
    path.write_text("\n".join([HEADER, *rows, *extra]) + "\n")
    return path


def reasons(records: Records) -> str:
    return "\n".join(map(str, records.left_out))


def test_the_real_file_is_read_whole(data_dir: Path) -> None:
    # rows, teams and days as the README of the data counts them
    path = data_dir / "garment_productivity" / "garments_worker_productivity.csv"
    records = read_daily_records(path)
    assert (len(records.sewing), len(records.finishing)) == (691, 506)
    assert records.teams == tuple(str(n) for n in range(1, 13))
    assert records.working_days.shape == (59,)
    assert records.left_out == ()
    notes = "\n".join(records.notes)
    assert "no work on Fridays" in notes
    assert "8 sewing rows with wip above 5000" in notes
    assert "10 finishing rows with incentive above 500" in notes
    assert abs(records.sewing.productivity.mean() - 0.722) < 0.0005


def test_the_last_day_that_is_used_can_be_chosen(tmp_path: Path) -> None:
    records = read_daily_records(book(tmp_path), until=date(2015, 3, 20))
    assert len(records.sewing) == 2 * 20
    assert "8 rows after 2015-03-20 are not used" in records.notes


def test_rows_are_sorted_by_team_and_day_and_finishing_is_kept_apart(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        row("3/25/2015", 10, department="finishing", wip="NA"),
        row("3/25/2015", 10, department="sewing"),
        teams=(2, 1),
    )
    records = read_daily_records(path)
    assert records.teams == ("1", "2", "10")
    assert np.all(np.diff(records.sewing.team) >= 0)
    assert len(records.finishing) == 1
    assert np.isnan(records.finishing.wip[0])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("3/25/2015", smv="many"), "line 50: row left out: smv: 'many' is not a number"),
        (row("3/25/2015", over_time=-60), "line 50: row left out: over_time: -60 is negative"),
        (row("3/25/2015", idle_time=-5), "idle_time: -5 is negative"),
        (row("3/25/2015", actual_productivity=75), "75 is not within 0 to 2"),
        (row("3/25/2015", no_of_workers=""), "no_of_workers: not given"),
        (row("3/25/2015", team=""), "team: not given"),
        (row("3/25/2015", department="dyeing"), "'dyeing' is neither sewing (sweing) nor"),
        (row("2/30/2015"), "day is out of range"),
        (row("yesterday"), "'yesterday' is no date"),
        (row("2015-03-25"), "'2015-03-25' is written YYYY-MM-DD, most rows M/D/YYYY"),
        (row("25/3/2015"), "'25/3/2015' is written D/M/YYYY, most rows M/D/YYYY"),
        (row("3/24/2015"), "team 1 has a row of this day on line 48"),
        ("3/25/2015,Quarter1", "2 cells under 15 columns"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_with_its_line_and_the_reason(
    tmp_path: Path, bad: str, reason: str
) -> None:
    # 24 days x 2 teams: the header is line 1, the bad row is line 50, team 1's last row line 48
    records = read_daily_records(book(tmp_path, bad))
    assert reason in reasons(records)
    assert records.rows_left_out == 1
    assert len(records.sewing) == 48


def test_text_in_a_column_that_no_fit_needs_costs_the_value_only(tmp_path: Path) -> None:
    records = read_daily_records(book(tmp_path, row("3/25/2015", wip="full")))
    assert "line 50: value left out: wip: 'full' is not a number" in reasons(records)
    assert records.rows_left_out == 0
    assert len(records.sewing) == 49


def test_mixed_date_styles_are_said(tmp_path: Path) -> None:
    records = read_daily_records(book(tmp_path, row("2015-03-25"), row("26/3/2015")))
    assert any("mixed date styles" in note for note in records.notes)
    assert records.rows_left_out == 2


def test_missing_days_are_said(tmp_path: Path) -> None:
    # 1 to 24 March, then 27: two days on which nobody worked; team 2 has no row of the 27th
    records = read_daily_records(book(tmp_path, row("3/27/2015", 1)))
    notes = "\n".join(records.notes)
    assert "taken as days off: 2015-03-25, 2015-03-26" in notes
    assert "working days without a row: team 2 1" in notes


def test_a_file_without_which_no_fit_is_possible_is_refused_with_every_problem(
    tmp_path: Path,
) -> None:
    path = book(tmp_path, row("3/25/2015", smv="many"), teams=("A",), days=5)
    with pytest.raises(InputError) as refused:
        read_daily_records(path)
    text = str(refused.value)
    assert "at least 2 sewing teams are needed; got team A only" in text
    assert "at least 20 working days are needed; got 5" in text
    assert "'many' is not a number" in text
    assert len(refused.value.problems) == 3


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("date,department,team,SMV ,workers\n1/1/2015,sewing,1,22,57\n")
    with pytest.raises(InputError) as refused:
        read_daily_records(path)
    fields = {p.field for p in refused.value.problems}
    assert fields == {"targeted_productivity", "over_time", "no_of_workers", "actual_productivity"}
    assert "rename 'workers'?" in str(refused.value)


def test_a_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("\n".join([HEADER, row("1/1/2015", actual_productivity=-1)]))
    with pytest.raises(InputError, match="must hold sewing rows that can be read"):
        read_daily_records(path)


def test_slashes_are_read_the_way_that_the_whole_file_shows() -> None:
    # 13 can only be a day
    american, british = DayReader(["2/3/2015", "2/13/2015"]), DayReader(["2/3/2015", "13/2/2015"])
    unclear = DayReader(["2/3/2015"])
    assert (american.way, british.way, unclear.way) == (MONTH_FIRST, DAY_FIRST, MONTH_FIRST)
    assert american.day("2/3/2015") == date(2015, 2, 3).toordinal()
    assert british.day("2/3/2015") == date(2015, 3, 2).toordinal()
    assert "no date tells day from month" in unclear.notes[0]
    iso = DayReader(["2015-02-03"])
    assert iso.way == ISO
    assert iso.day("2015-02-03") == date(2015, 2, 3).toordinal()


def test_semicolons_and_decimal_commas_are_read(tmp_path: Path) -> None:
    path = book(tmp_path)
    text = path.read_text().replace(",", ";").replace("0.75", "0,75").replace("22.5", "22,5")
    path.write_text(text)
    records = read_daily_records(path)
    assert set(records.sewing.smv_min) == {22.5}
    assert set(records.sewing.productivity) == {0.75}
