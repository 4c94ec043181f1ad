"""A line sews slower or faster for a while."""

from __future__ import annotations

from dataclasses import replace

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import LineSpeed
from tests.play import play

DAY = 1440.0


def test_a_line_at_half_its_pace_that_always_has_work_earns_half(small) -> None:
    sure = small.replace(horizon_days=20, demand=replace(small.demand, load=3.0)).deterministic()
    change = LineSpeed(from_min=0.0, line=sure.plant.lines[0].name, factor=0.5)
    earned = []
    for changes in ((), (change,)):
        days = play(Factory(sure, 1, changes=changes), Edd()).tables["line_days"]
        earned.append(days["earned_min"][days["line"] == 0].sum())
    assert 0.46 < earned[1] / earned[0] < 0.52


def test_the_pace_comes_back(short, short_tables) -> None:
    name = short.plant.lines[0].name
    change = LineSpeed(from_min=DAY, line=name, factor=0.5, to_min=2 * DAY)
    run = Factory(short, 1, tables=short_tables, changes=(change,))
    events = play(run, Edd()).tables["events"]
    assert events["amount"].tolist() == [0.5, 1.0]
    assert events["start_min"].tolist() == [DAY, 2 * DAY]
