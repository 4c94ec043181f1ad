"""Machines of a type are out of order for a while."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import MachinesOut
from tests.play import play

DAY = 1440.0


def test_a_line_without_the_machine_its_style_needs_stands(short, short_tables) -> None:
    out = MachinesOut(from_min=2 * DAY, to_min=4 * DAY, machine="OL4", count=99)
    days = play(Factory(short, 1, tables=short_tables, changes=(out,)), Edd()).tables["line_days"]
    during = (days["day"] >= 2) & (days["day"] < 4)
    needs = days["earned_min"][during & (days["line"] == 0)]  # tees are closed with it
    assert needs.sum() == 0.0


def test_one_machine_of_many_is_taken_where_most_stand(short, short_tables) -> None:
    out = MachinesOut(from_min=2 * DAY, to_min=4 * DAY, machine="SNLS", count=1)
    events = play(Factory(short, 1, tables=short_tables, changes=(out,)), Edd()).tables["events"]
    have = [line.machines.get("SNLS", 0) for line in short.plant.lines]
    assert events["line"].tolist() == [have.index(max(have))] * 2
    assert events["amount"].tolist() == [1.0, 0.0]
