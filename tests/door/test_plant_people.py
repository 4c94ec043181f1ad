"""Whose people a run has: a calibrated plant's own, or the scenario's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factory_env.presets import Parts, assemble, load_scenario, read_group

PEOPLE = {
    "source": "our records.csv",
    "absence": {"mean": 0.2, "concentration": 20.0},
    "learning": {"first_day_loss": 0.5, "tau_days": 9.0},
}


def parts(*, people: dict[str, Any] | None, asked: str | None = None) -> Parts:
    plant = {k: v for k, v in read_group("plant", "small").items() if k != "people"}
    scenario = read_group("scenario", "default") | ({} if asked is None else {"people": asked})
    return Parts(scenario=scenario, plant=plant if people is None else {**plant, "people": people})


def test_a_calibrated_plant_is_used_and_the_run_says_so() -> None:
    scenario, notes = assemble(parts(people=PEOPLE))
    assert scenario.absence.mean == 0.2
    assert {c.tau_days for c in scenario.library.learning_classes} == {9.0}
    (note,) = [note for note in notes if "people" in note]
    assert "fitted to our records.csv" in note
    assert "scenario.people=scenario" in note


def test_it_is_the_same_as_asking_for_its_people() -> None:
    own, asked = assemble(parts(people=PEOPLE))[0], assemble(parts(people=PEOPLE, asked="plant"))[0]
    assert own.replace(people="plant") == asked


def test_the_scenarios_people_can_be_asked_for() -> None:
    scenario, notes = assemble(parts(people=PEOPLE, asked="scenario"))
    assert scenario.absence.mean != 0.2
    assert not [note for note in notes if "people" in note]


@pytest.mark.parametrize("plant", ["small", "mid", "large", "uci"])
def test_shipped_plants_lend_their_people_on_request_only(plant: str) -> None:
    usual, asked = load_scenario(plant), load_scenario(plant, overrides={"people": "plant"})
    assert usual.absence == load_scenario(plant, overrides={"people": "scenario"}).absence
    assert usual.absence != asked.absence


def test_a_copy_of_a_shipped_plant_is_that_plant(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    shipped = Path(__file__).parents[2] / "conf" / "plant" / "small.yaml"
    copy.write_text(shipped.read_text())
    assert load_scenario(str(copy)) == load_scenario("small")


def test_a_plant_without_people_has_the_scenarios() -> None:
    scenarios = assemble(parts(people=None, asked="scenario"))[0]
    assert assemble(parts(people=None))[0].absence == scenarios.absence
