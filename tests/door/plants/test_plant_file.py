"""A plant's workbook: what it says, and where each mistake is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from experiments.futures.planting.content import make_content
from experiments.futures.planting.options import NewPlantOptions
from experiments.futures.planting.workbook import write_workbook
from factory_env.door.plants.cells import as_number, letters
from factory_env.door.plants.plant_file import read_book
from factory_env.errors import InputError
from factory_env.presets import load_scenario, read_group

Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plant") / "my.xlsx"
    options = NewPlantOptions(country="BD", first_day=date(2026, 3, 2), years=1)
    write_workbook(path, make_content(load_scenario("mid"), options))
    return path


@pytest.fixture
def changed(written: Path, tmp_path: Path) -> Callable[[Change], Path]:
    def change(how: Change) -> Path:
        book = openpyxl.load_workbook(written)
        how(book)
        book.save(tmp_path / "changed.xlsx")
        return tmp_path / "changed.xlsx"

    return change


def cell(sheet: Any, title: str) -> Any:
    """The value's cell of a setting."""
    return next(row[1] for row in sheet.iter_rows(min_row=4) if row[0].value == title)


def refusals(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_group("plant", str(path))
    return [str(problem).removeprefix(f"{path}#") for problem in caught.value.problems]


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_number_that_could_be_two_is_left_to_be_refused() -> None:
    assert (as_number("0,85"), as_number("1.000"), as_number("many")) == (0.85, "1.000", "many")


def test_hours_are_read_as_they_are_typed(changed) -> None:  # type: ignore[no-untyped-def]
    def hours(book: Any) -> None:
        sheet = book["calendar"]
        cell(sheet, "shift start").value = time(7, 30)
        cell(sheet, "shift end").value = "4:30 pm"
        cell(sheet, "break 2 start").value = "15:00"
        cell(sheet, "break 2 end").value = "15.10"
        cell(sheet, "Saturday").value = "no"

    calendar = read_group("plant", str(changed(hours)))["calendar"]
    assert (calendar["shift_start_min"], calendar["shift_end_min"]) == (450.0, 990.0)
    assert calendar["breaks"] == [[720.0, 780.0], [900.0, 910.0]]
    assert calendar["days_off"] == [5, 6]


def test_days_of_the_list_are_closed_unless_it_says_no(changed) -> None:  # type: ignore[no-untyped-def]
    def days(book: Any) -> None:
        sheet = book["holidays"]
        sheet.delete_rows(4, 100)
        sheet.append([date(2026, 3, 26), "Independence Day", "yes"])
        sheet.append([date(2026, 4, 14), "New Year, worked", "no"])
        sheet.append(["2026-05-01", "Labour Day", "yes"])

    calendar = read_group("plant", str(changed(days)))["calendar"]
    assert calendar["closed_dates"] == ["2026-03-26", "2026-05-01"]


def spoil(book: Any) -> None:
    lines, calendar = book["lines"], book["calendar"]
    lines["D4"], lines["E7"] = "many", -3
    lines["B5"] = "denim"
    book["skills"]["A6"] = "polo-9"
    book["machines"]["F3"] = "XYZ [machines]"
    cell(calendar, "shift end").value = "25:00"
    cell(calendar, "Sunday").value = "perhaps"
    cell(calendar, "break 3 start").value = "16:00"
    book["holidays"]["A4"] = "soon"
    cell(book["plant"], "presses").value = 0
    cell(book["plant"], "packers").value = "=20+20"
    next(r for r in book["plant"].iter_rows() if r[0].value == "press crew")[0].value = "pres crew"
    book["bulletins"]["D6"] = "x"


def test_every_mistake_is_named_by_sheet_and_cell_all_at_once(changed) -> None:  # type: ignore[no-untyped-def]
    told = refusals(changed(spoil))
    for start, rule in (
        ("lines!D4", "must be a valid integer"),
        ("lines!E7", "must be greater than or equal to 1; got -3"),
        ("lines!B5", "must be a known fabric group; got 'denim'"),
        ("skills!A6", "must be a line of the sheet lines"),
        ("machines!F3", "must be a known type of machine; got 'XYZ'"),
        ("calendar!B5", "must be a time of day; got '25:00'"),
        ("calendar!B19", "must be yes or no; got 'perhaps'"),
        ("calendar!B11", "must have a start and an end; got break 3 start alone"),
        ("holidays!A4", "must be a date; got 'soon'"),
        ("plant!B7", "must be greater than or equal to 1; got 0"),
        ("plant!B9", "must hold a value"),
        ("plant!A8", "did you mean 'press crew'?"),
        ("bulletins:6", "must be a number; got 'x'"),
    ):
        assert any(text.startswith(start) and rule in text for text in told), (start, told)


def test_sheets_and_columns_that_lack_are_named(changed) -> None:  # type: ignore[no-untyped-def]
    def take(book: Any) -> None:
        del book["skills"]
        book["lines"]["D3"] = "people"

    told = refusals(changed(take))
    assert any("must have a sheet skills" in text for text in told)
    assert any(text.startswith("lines!A3: operators: the column must be") for text in told)


def test_sheets_of_choice_may_lack_and_columns_may_stand_elsewhere(changed) -> None:  # type: ignore[no-untyped-def]
    def take(book: Any) -> None:
        for name in ("calendar", "holidays", "orders", "read me", "bulletins"):
            del book[name]
        book["lines"].move_range("F3:F20", rows=0, cols=3)

    path = changed(take)
    assert load_scenario(str(path)) == load_scenario("mid")


def test_rules_between_cells_name_a_cell_too(changed) -> None:  # type: ignore[no-untyped-def]
    def turn(book: Any) -> None:
        cell(book["calendar"], "shift end").value = "07:00"

    path = changed(turn)
    book = read_book(path)
    assert not book.problems
    assert book.cells["calendar.shift_end_min"] == "calendar!B5"


def test_changed_work_is_that_of_the_plant(changed) -> None:  # type: ignore[no-untyped-def]
    def slow(book: Any) -> None:
        book["bulletins"]["D4"] = 0.9

    plain = load_scenario("mid").library.product("tee")
    with pytest.warns(UserWarning, match="tee is sewn by the bulletin tee"):
        tee = load_scenario(str(changed(slow))).library.product("tee")
    assert tee.operations[0].smv_min == 0.9
    assert [dataclasses.replace(o, mark="") for o in tee.operations[1:]] == [
        dataclasses.replace(o, mark="") for o in plain.operations[1:]
    ]


@pytest.mark.parametrize("name", ["Größe #2 工厂.xlsx", "a=b & [c] (1).XLSX"])
def test_a_workbook_may_have_any_name(written: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(written.read_bytes())
    assert read_group("plant", str(path))["name"] == "mid"
