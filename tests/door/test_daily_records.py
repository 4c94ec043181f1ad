"""The door for daily records: what is read, what is left out, what makes a fit impossible."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from experiments.calibrating.team_days import from_records
from factory_env.door.daily_records import Records, read_daily_records
from factory_env.door.tables.table import TableFormat
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
    path.write_text("day,department,crew,heads\n1/1/2015,sewing,1,57\n")
    with pytest.raises(InputError) as refused:
        read_daily_records(path)
    fields = [p.field for p in refused.value.problems]
    assert fields == ["date", "team", "no_of_workers", "actual_productivity", "smv"]
    assert "data_format.columns.team='...'" in str(refused.value)
    assert "pieces, smv, no_of_workers and hours do as well" in str(refused.value)


def test_a_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("\n".join([HEADER, row("1/1/2015", actual_productivity=-1)]))
    with pytest.raises(InputError, match="must hold sewing rows that can be read"):
        read_daily_records(path)


def dates(tmp_path: Path, *texts: str, teams: int = 2) -> Records:
    """Records with these dates."""
    rows = [row(text, team) for text in texts for team in range(1, teams + 1)]
    path = tmp_path / "records.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return read_daily_records(path)


@pytest.mark.parametrize(
    "pattern",
    [
        "{m}/{d}/2015",
        "{d}/{m}/2015",
        "{d:02d}.{m:02d}.2015",
        "{d:02d}.{m:02d}.15",
        "2015-{m}-{d}",
        "2015{m:02d}{d:02d}",
        "{d}-Mar-15",
        "{d:02d}-{m:02d}-2015 00:00",
    ],
)
def test_dates_are_read_the_way_that_the_whole_file_shows(tmp_path: Path, pattern: str) -> None:
    records = dates(tmp_path, *(pattern.format(m=3, d=d) for d in range(1, 25)))
    assert records.rows_left_out == 0
    assert records.working_days[0] == date(2015, 3, 1).toordinal()
    assert records.working_days[-1] == date(2015, 3, 24).toordinal()


def test_dates_that_nothing_settles_are_refused_in_one_line(tmp_path: Path) -> None:
    texts = [f"{m}/{d}/2015" for m in (2, 3) for d in range(1, 12)]
    with pytest.raises(InputError) as refused:
        dates(tmp_path, *texts)
    (problem,) = refused.value.problems
    assert "data_format.dates=dmy" in str(problem)


def test_semicolons_and_decimal_commas_are_read(tmp_path: Path) -> None:
    path = book(tmp_path)
    text = path.read_text().replace(",", ";").replace("0.75", "0,75").replace("22.5", "22,5")
    path.write_text(text)
    records = read_daily_records(path)
    assert set(records.sewing.smv_min) == {22.5}
    assert set(records.sewing.productivity) == {0.75}


def write(tmp_path: Path, header: str, rows: list[str]) -> Path:
    path = tmp_path / "kept.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def kept(pattern: str, days: int = 24, lines: int = 2) -> list[str]:
    """A row for every day and line."""
    return [
        pattern.format(day=f"2026-03-{d:02d}", line=n)
        for d in range(1, days + 1)
        for n in range(1, lines + 1)
    ]


@pytest.mark.parametrize(
    ("header", "pattern", "productivity"),
    [
        # 640 pieces x 30 min by 40 people x 600 min = 0.8
        ("Date,Line,SMV,Operators,Hours,Output", "{day},Line {line},30,40,10,640", 0.8),
        ("Date,Line,SAM,Operators,Minutes,Pcs", "{day},Line {line},30,40,600,640", 0.8),
        ("Date,Line,SMV,Operators,Man-hours,Output", "{day},Line {line},30,40,400,640", 0.8),
        ("Date,Line,SMV,Operators,Minutes,Output", "{day},Line {line},30,40,24000,640", 0.8),
        # minutes that are pieces x SMV are those produced; 600 minutes of a shift
        ("Date,Line,SMV,Operators,Minutes,Output", "{day},Line {line},30,40,19200,640", 0.8),
        (
            "Date,Line,Operators,Earned minutes,Attended minutes,Output",
            "{day},Line {line},40,19200,24000,640",
            0.8,
        ),
        ("Date,Line,SMV,Operators,Efficiency %", "{day},Line {line},30,40,80", 0.8),
        ("Date,Line,SMV,Operators,Efficiency", "{day},Line {line},30,40,80%", 0.8),
        ("Date,Line,SMV,Operators,Efficiency", "{day},Line {line},30,40,80", 0.8),
        # 640 x 30 by 40 x 600 + 4,800 minutes of overtime = 0.667
        ("Date,Line,SMV,Operators,OT minutes,Output", "{day},Line {line},30,40,4800,640", 2 / 3),
    ],
)
def test_productivity_is_worked_out_from_what_factories_keep(
    tmp_path: Path, header: str, pattern: str, productivity: float
) -> None:
    records = read_daily_records(write(tmp_path, header, kept(pattern)), shift_min=600.0)
    assert records.rows_left_out == 0
    assert records.teams == ("Line 1", "Line 2")
    assert np.allclose(records.sewing.productivity, productivity)
    assert np.allclose(records.sewing.smv_min, 30.0)
    assert "every row is one of sewing" in " ".join(records.notes)


def test_overtime_is_what_the_hours_have_beyond_the_shift(tmp_path: Path) -> None:
    header = "Date,Line,SMV,Operators,Hours,Output"
    path = write(tmp_path, header, kept("{day},Line {line},30,40,11,640"))
    # an hour of 40 people
    records = read_daily_records(path, shift_min=600.0)
    assert set(records.sewing.overtime_min) == {2400.0}


def test_a_target_in_pieces_is_one_in_productivity(tmp_path: Path) -> None:
    header = "Date,Line,SMV,Operators,Hours,Output,Target"
    path = write(tmp_path, header, kept("{day},Line {line},30,40,10,640,720"))
    assert np.allclose(read_daily_records(path).sewing.target, 0.9)


def test_a_productivity_out_of_all_sense_is_refused(tmp_path: Path) -> None:
    header = "Date,Line,SMV,Operators,Hours,Output"
    path = write(tmp_path, header, kept("{day},Line {line},30,40,1,640"))
    with pytest.raises(InputError, match="a median of 8"):
        read_daily_records(path)


def test_minutes_that_could_be_made_or_attended_are_asked_for(tmp_path: Path) -> None:
    path = write(
        tmp_path, "Date,Line,Pcs,Operators,Minutes,SMV", kept("{day},Line {line},,40,19200,30")
    )
    text = path.read_text().replace("Pcs", "x")
    path.write_text(text)
    with pytest.raises(InputError, match="must say whether they were made or attended"):
        read_daily_records(path)
    how = TableFormat(columns={"produced_minutes": "Minutes"})
    records = read_daily_records(path, how=how, shift_min=600.0)
    assert np.allclose(records.sewing.productivity, 0.8)


def test_a_file_that_loses_a_third_of_its_rows_is_refused_in_a_line_for_each_cause(
    tmp_path: Path,
) -> None:
    bad = [row(f"3/{d}/2015", team, smv="?") for d in range(1, 18) for team in (3, 4)]
    with pytest.raises(InputError) as refused:
        read_daily_records(book(tmp_path, *bad))
    assert [p.field for p in refused.value.problems] == ["file", "smv"]
    assert "got 34 of 82" in str(refused.value)
    assert "33 more rows, to line 83" in str(refused.value)


def test_rows_of_other_departments_are_no_loss(tmp_path: Path) -> None:
    others = [row(f"3/{d}/2015", 1, department="Cutting") for d in range(1, 25)]
    others += [row(f"3/{d}/2015", 1, department="Washing") for d in range(1, 25)]
    assert len(read_daily_records(book(tmp_path, *others)).sewing) == 48


def test_lines_have_names_in_the_order_of_people(tmp_path: Path) -> None:
    path = book(tmp_path, teams=("Line 10", "Line 2", "line  2b"))
    text = path.read_text().replace(
        "3/24/2015,Quarter1,sweing ,Monday,Line 2,", "3/24/2015,Q,sweing ,Monday,LINE 2,"
    )
    path.write_text(text)
    records = read_daily_records(path)
    assert records.teams == ("Line 2", "line  2b", "Line 10")


def test_thousands_are_settled_by_the_other_columns(tmp_path: Path) -> None:
    path = book(tmp_path)
    text = path.read_text().replace(",", "\t").replace("900", "1,385").replace("6840", "3,600")
    path.write_text(text)
    records = read_daily_records(path)
    assert set(records.sewing.wip) == {1385.0}
    assert set(records.sewing.overtime_min) == {3600.0}


def test_a_spreadsheets_mixture_of_dates_is_read_as_its_text_says(tmp_path: Path) -> None:
    path = book(tmp_path)
    rows = path.read_text()
    for day in range(1, 13):
        rows = rows.replace(f"3/{day}/2015", f"03-{day:02d}-2015")
    path.write_text(rows)
    records = read_daily_records(path)
    assert records.rows_left_out == 0
    assert records.working_days.shape == (24,)
    assert "mixture" in " ".join(records.notes)


def test_a_productivity_that_never_varies_is_said(tmp_path: Path) -> None:
    assert "as plans are" in " ".join(read_daily_records(book(tmp_path)).notes)


def test_a_column_that_no_fit_uses_need_not_be_clear(tmp_path: Path) -> None:
    path = book(tmp_path)
    path.write_text(path.read_text().replace(",", "\t").replace("900", "1.385"))
    records = read_daily_records(path)
    assert np.isnan(records.sewing.wip).all()
    assert "wip" in " ".join(records.notes)


def test_day_numbers_are_no_dates(tmp_path: Path) -> None:
    header = "Date,Line,SMV,Operators,Hours,Output"
    path = write(
        tmp_path, header, [f"{d},Line {n},30,40,10,640" for d in range(24) for n in (1, 2)]
    )
    with pytest.raises(InputError, match="must hold dates; got day numbers"):
        read_daily_records(path)


def test_records_may_be_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    sheets = openpyxl.Workbook()
    sheets.active.append(["Notes"])
    sheet = sheets.create_sheet("Output 2026")
    sheet.append(["Line 1 and 2"])
    sheet.append(["Date", "Line", "SMV", "Operators", "Hours", "Output"])
    for day in range(1, 25):
        for line in (1, 2):
            sheet.append([datetime(2026, 3, day), f"Line {line}", 30, 40, 10, 640])
    sheets.save(tmp_path / "records.xlsx")
    records = read_daily_records(tmp_path / "records.xlsx")
    assert np.allclose(records.sewing.productivity, 0.8)
    assert records.working_days.shape == (24,)


def test_another_name_is_another_style_also_with_the_same_smv(tmp_path: Path) -> None:
    header = "Date,Line,Style,SMV,Operators,Hours,Output"
    rows = kept("{day},Line {line},S1,30,40,10,640")
    rows[20:] = [row.replace(",S1,", ",S 2,") for row in rows[20:]]  # from 11 March on
    days = from_records(read_daily_records(write(tmp_path, header, rows)))
    assert days.day[days.is_new].tolist() == [10, 10]
    assert days.team[days.is_new].tolist() == [0, 1]
