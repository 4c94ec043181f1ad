"""A line does nothing for a while."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import LineDown
from tests.play import play

DAY = 1440.0


def test_a_line_that_is_down_sews_nothing_and_takes_nothing(short, short_tables) -> None:
    change = LineDown(from_min=2 * DAY, to_min=5 * DAY, line=short.plant.lines[0].name)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    days = log.tables["line_days"]
    mine = (days["line"] == 0) & (days["day"] >= 2) & (days["day"] < 5)
    assert days["earned_min"][mine].sum() == 0.0
    assert days["earned_min"][days["line"] == 0].sum() > 0.0
    taken = log.tables["orders"]["taken_min"][log.tables["orders"]["line"] == 0]
    assert not ((taken >= 2 * DAY) & (taken < 5 * DAY)).any()
    down_min = log.tables["states"]["down_min"][log.tables["states"]["line"] == 0]
    assert (down_min >= 3 * short.calendar.shift_min).all()
