"""``new_plant.py``: what it writes is the plant that it began as."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from experiments import new_plant, simulate
from experiments.calibrating.plant_file import preset_text
from experiments.futures.planting.content import make_content
from experiments.futures.planting.files import write_files
from experiments.futures.planting.options import NewPlantOptions
from experiments.futures.planting.workbook import write_workbook
from factory_env.domain.scenario import Scenario
from factory_env.presets import load_scenario, read_group

OPTIONS = NewPlantOptions(first_day=date(2026, 3, 2))


def without_hours(scenario: Scenario) -> Scenario:
    return scenario.replace(plant=dataclasses.replace(scenario.plant, calendar=None))


@pytest.mark.parametrize("name", ["small", "mid", "uci"])
def test_a_workbook_read_back_is_the_plant_it_was_written_from(tmp_path: Path, name: str) -> None:
    scenario = load_scenario(name)
    write_workbook(tmp_path / "my.xlsx", make_content(scenario, OPTIONS))
    with pytest.warns(UserWarning, match="hours and days off are those of plant"):
        again = load_scenario(str(tmp_path / "my.xlsx"))
    assert again.plant.calendar == scenario.calendar
    assert without_hours(again) == scenario


def test_files_read_back_are_the_plant_they_were_written_from(tmp_path: Path) -> None:
    scenario = load_scenario("mid")
    plant, *_ = write_files(tmp_path / "my", scenario, make_content(scenario, OPTIONS))
    with pytest.warns(UserWarning, match="hours and days off are those of plant"):
        again = load_scenario(str(plant))
    assert without_hours(again) == scenario


def test_public_holidays_are_listed_by_date_and_name(tmp_path: Path) -> None:
    options = NewPlantOptions(country="BD", first_day=date(2026, 3, 2), years=1)
    write_workbook(tmp_path / "my.xlsx", make_content(load_scenario("mid"), options))
    rows = list(openpyxl.load_workbook(tmp_path / "my.xlsx")["holidays"].values)[3:]
    assert ("Independence Day", "yes") in [(name, closed) for _, name, closed in rows]
    assert all(day.year == 2026 for day, *_ in rows)


@pytest.mark.slow
def test_the_command_writes_a_plant_and_a_book_that_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my plant.xlsx"
    words = [f"to={path}", "country=BD", "first_day=2026-03-02", "plant=small"]
    new_plant.main([*words, f"hydra.run.dir={tmp_path / 'new'}"])
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["plant"], said["lines"]) == (str(path), 3)
    places = [f"plant={path}", f"orders={path}", f"hydra.run.dir={tmp_path / 'run'}"]
    simulate.main([*places, "pictures=false"])
    capsys.readouterr()
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["finished"]


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my.xlsx"
    path.write_text("mine")
    with pytest.raises(SystemExit) as caught:
        new_plant.main([f"to={path}", "country=XX"])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "to: must be new" in said
    assert "country: must be a country whose public holidays are known" in said
    assert path.read_text() == "mine"


def test_records_can_calibrate_a_plant_of_a_workbook(tmp_path: Path) -> None:
    write_workbook(tmp_path / "my.xlsx", make_content(load_scenario("small"), OPTIONS))
    (tmp_path / "again.yaml").write_text(preset_text(str(tmp_path / "my.xlsx")))
    plain = read_group("plant", str(tmp_path / "again.yaml"))
    assert plain == read_group("plant", str(tmp_path / "my.xlsx"))
