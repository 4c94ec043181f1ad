"""More or fewer operators stand on a line for a while."""

from __future__ import annotations

from dataclasses import replace

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import Heads
from tests.play import play

DAY = 1440.0


def test_a_tenth_fewer_people_make_about_a_tenth_less(small, small_tables) -> None:
    # every line has work all the time: what it earns is what its people can
    full = small.replace(horizon_days=20, demand=replace(small.demand, load=3.0))
    sure = full.deterministic()
    earned = []
    for changes in ((), (Heads(from_min=0.0, share=-0.1),)):
        days = play(Factory(sure, 1, changes=changes), Edd()).tables["line_days"]
        earned.append(days["earned_min"].sum())
    assert 0.88 < earned[1] / earned[0] < 0.92


def test_heads_are_those_of_the_line(short, short_tables) -> None:
    line = short.plant.lines[1]
    changes = (Heads(from_min=DAY, line=line.name, heads=-3, to_min=3 * DAY),)
    log = play(Factory(short, 1, tables=short_tables, changes=changes), Edd())
    events = log.tables["events"]
    assert events["line"].tolist() == [1, 1]
    assert events["amount"].tolist() == [-3.0, 0.0]
