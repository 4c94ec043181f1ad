"""Scenarios and plants: every mistake is found before a run starts, all of them at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from factory_env.door.places import dotted, key_lines, line_of
from factory_env.door.scenario_door import build_scenario
from factory_env.errors import InputError
from factory_env.presets import CONF, read_group

Tree = dict[str, Any]
SCENARIO = read_group("scenario", "default")
PLANT = read_group("plant", "small")


def report(change: Callable[[Tree, Tree], object]) -> list[str]:
    scenario, plant = copy.deepcopy(SCENARIO), copy.deepcopy(PLANT)
    change(scenario, plant)
    with pytest.raises(InputError) as caught:
        build_scenario(scenario, plant)
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("change", "words", "reason"),
    [
        (lambda s, p: s["demand"].update(laod=1), ["demand.laod", "'load'"], "misspelt key"),
        (lambda s, p: p["lines"][1].update(operatrs=1), ["lines[1].operatrs"], "in a list"),
        (
            lambda s, p: s["changeover"]["same_style"].update(setup_min=-1),
            ["changeover.same_style.setup_min", "got -1"],
            "negative time",
        ),
        (lambda s, p: s["calendar"].update(shift_end_min=480), ["must not be empty"], "no shift"),
        (lambda s, p: s["calendar"].update(breaks=[[480, 1020]]), ["working time"], "all break"),
        (lambda s, p: s["calendar"].update(days_off=list(range(7))), ["working day"], "no day"),
        (lambda s, p: p["lines"][0].update(operators=0), ["lines[0].operators", "got 0"], "alone"),
        (lambda s, p: p.update(lines=[]), ["at least one line"], "no lines"),
        (lambda s, p: p.update(lines="x"), ["lines", "'x'"], "lines are text"),
        (lambda s, p: p["lines"][2]["machines"].update(SNLS=0), ["lines[2]", "no machine"], "bare"),
        (lambda s, p: s["demand"]["mix"].update(sock=0.1), ["mix.sock", "tee"], "no product"),
        (lambda s, p: s["noise"].update(cv=float("inf")), ["noise.cv", "finite"], "infinity"),
        (lambda s, p: s["noise"].update(cv=float("nan")), ["noise.cv"], "not a number"),
        (lambda s, p: s["grades"].update(shares=[0.5, 0.1, 0.1, 0.1]), ["add up to 1"], "shares"),
        (lambda s, p: s["demand"].update(days=90), ["before the run ends"], "fabric too long"),
        (lambda s, p: s.update(inspector="bob"), ["inspector", "human"], "unknown plug"),
        (lambda s, p: s["flow"].update(cutting_rule="x"), ["flow.cutting_rule", "'edd'"], "choice"),
        (lambda s, p: s.pop("demand"), ["demand", "must be given"], "missing part"),
        (lambda s, p: s.update(horizon_days="soon"), ["horizon_days", "'soon'"], "a word"),
    ],
)
def test_a_mistake_is_named(
    change: Callable[[Tree, Tree], object], words: list[str], reason: str
) -> None:
    found = report(change)
    assert any(all(w in p for w in words) for p in found), (reason, found)


def test_field_errors_and_rules_between_fields_come_together() -> None:
    def change(s: Tree, p: Tree) -> None:
        s["demand"]["load"] = -1
        s["calendar"]["shift_end_min"] = 400
        p["lines"][0]["operators"] = 0
        p["lines"][1]["fabric_group"] = "silk"
        s["inspector"] = "bob"

    found = report(change)
    for words in (
        "demand.load",
        "shift_end_min",
        "lines[0].operators",
        "inspector",
        "plant.lines[1] (polo-1).fabric_group",
    ):
        assert any(words in p for p in found), words


@pytest.mark.parametrize("plant", ["small", "mid", "large"])
def test_shipped_files_are_sound(plant: str) -> None:
    assert build_scenario(SCENARIO, read_group("plant", plant)).plant.name == plant


def test_a_key_is_found_in_its_file() -> None:
    path = CONF / "plant" / "small.yaml"
    lines = key_lines(path)
    line = line_of(dotted("lines[1].operators"), lines)
    assert line is not None
    assert path.read_text().splitlines()[line - 1].strip().startswith("operators: 40")
    assert line_of("lines.1.nothing", lines) == lines["lines.1"]


def test_a_skill_for_another_fabric_group_is_refused_with_the_group() -> None:
    found = report(lambda s, p: p["lines"][0]["skills"].update(jacket=0.9))
    assert len(found) == 1
    assert "fabric group, knit; got jacket is woven" in found[0]
