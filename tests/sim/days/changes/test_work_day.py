"""A day off that is worked."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import WorkDay
from tests.play import play

DAY = 1440.0


def test_people_come_on_a_day_off_and_sew(short, short_tables) -> None:
    log = play(Factory(short, 1, tables=short_tables, changes=(WorkDay(day=6),)), Edd())
    days = log.tables["line_days"]
    assert days["earned_min"][days["day"] == 6].sum() > 0.0
    assert 0.5 < days["present_share"][days["day"] == 6].min() <= 1.0


def test_the_other_days_keep_their_luck(short, short_tables) -> None:
    plain = play(Factory(short, 1, tables=short_tables), Edd())
    more = play(Factory(short, 1, tables=short_tables, changes=(WorkDay(day=6),)), Edd())
    here = {(d, k): s for d, k, s in zip(*plain.tables["attendance"].values(), strict=True)}
    came = {(d, k): s for d, k, s in zip(*more.tables["attendance"].values(), strict=True)}
    assert all(here[key] == share for key, share in came.items() if key in here)
