"""A working day on which nobody works."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import ClosedDay
from tests.play import play

DAY = 1440.0


def test_nobody_comes_and_the_days_after_keep_their_luck(short, short_tables) -> None:
    plain = play(Factory(short, 1, tables=short_tables), Edd())
    shut = play(Factory(short, 1, tables=short_tables, changes=(ClosedDay(day=2),)), Edd())
    here = {(d, k): s for d, k, s in zip(*plain.tables["attendance"].values(), strict=True)}
    came = {(d, k): s for d, k, s in zip(*shut.tables["attendance"].values(), strict=True)}
    assert not [day for day, _ in came if day == 2]
    assert all(here[key] == share for key, share in came.items() if key in here)


def test_the_run_has_a_day_less(short, short_tables) -> None:
    plain = Factory(short, 1, tables=short_tables)
    shut = Factory(short, 1, tables=short_tables, changes=(ClosedDay(day=2),))
    play(shut, Edd())
    lost = plain.world.shifts.end_shift_min - shut.world.shifts.end_shift_min
    assert lost == short.calendar.shift_min
