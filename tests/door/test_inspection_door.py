"""conf/inspector: who judges and how; wrong thresholds are told with kind and reason."""

from __future__ import annotations

import dataclasses

import pytest

from factory_env.domain.inspection import Inspection, Station
from factory_env.door.inspection_door import with_station, with_thresholds
from factory_env.errors import InputError, Problem
from factory_env.learned.inspection.verdict_bank import SEEN
from factory_env.presets import load_scenario, read_group

NAMES = ("cnn", "cnn_live", "human", "none", "perfect")


def loaded(name: str | None = "cnn", **inspection: object) -> Inspection:
    overrides = {f"inspection.{k}": v for k, v in inspection.items()}
    return load_scenario("small", inspector=name, overrides=overrides).inspection


def problems(**inspection: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        loaded(**inspection)
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_its_inspector_and_holds_the_defaults(name) -> None:
    found = load_scenario("small", inspector=name)
    assert found.inspector == name
    station = Station(enabled=True)
    assert found.inspection == Inspection(name=name, station=station)
    known = {f.name for f in dataclasses.fields(Station)}
    assert read_group("inspector", name)["station"].keys() <= known


def test_without_a_file_the_scenarios_inspector_stands_at_the_plain_gate() -> None:
    found = load_scenario("small")
    assert (found.inspector, found.inspection) == ("human", Inspection())
    assert load_scenario("small", overrides={"inspector": "cnn"}).inspector == "cnn"


def test_thresholds_are_automatic_or_of_all_kinds_or_kind_by_kind() -> None:
    assert loaded(threshold="auto").threshold == ()
    assert loaded(threshold=None).threshold == ()
    assert loaded(threshold=0.3).threshold == tuple((kind, 0.3) for kind in SEEN)
    assert loaded(threshold={"stain": 0.2, "hole": 1, "puckering": "auto"}).threshold == (
        ("stain", 0.2),
        ("hole", 1.0),
    )


def test_everything_wrong_with_thresholds_is_told_at_once() -> None:
    wrong = {"label_fault": 0.2, "stian": 0.2, "hole": 1.5, "stain": "high", "open_seam": True}
    found = problems(threshold=wrong, strictness=0)
    assert len(found) == 6
    for words in (
        "label_fault: a camera of 25 mm a pixel cannot see this kind",
        "stian: must be a kind",
        "did you mean 'stain'",
        "hole: must be auto or a prob",
        "stain: must be auto or",
        "open_seam: must be auto",
        "strictness",
    ):
        assert any(words in line for line in found), words


@pytest.mark.parametrize("value", [-0.1, 1.2, "much", True, [0.3], float("nan")])
def test_what_is_no_probability_is_refused(value) -> None:
    found: list[Problem] = []
    assert with_thresholds({"threshold": value}, "config", found) == {"threshold": []}
    assert "threshold: must be auto or a probability from 0 to 1" in str(found[0])


def test_a_person_has_no_thresholds_and_drift_has_known_kinds() -> None:
    assert "only an inspector with a camera" in problems(name="human", threshold=0.3)[0]
    assert "drift.kind: must be 'none', 'lighting'" in problems(drift={"kind": "fog"})[0]
    assert "drift.from_day" in problems(drift={"kind": "lighting", "from_day": -1})[0]


def test_a_persons_own_file_puts_up_the_station_unless_it_says_otherwise() -> None:
    assert with_station({"name": "cnn"})["station"] == {"enabled": True}
    assert with_station({"name": "cnn", "station": {"camera_s": 3}})["station"] == {
        "enabled": True,
        "camera_s": 3,
    }
    for left in (
        {"threshold": 0.3},
        {"name": "cnn", "station": {"enabled": False}},
        {"name": "cnn", "station": 5},
    ):
        assert with_station(left) == left
