"""Lines work on after the shift, because somebody has said so."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import Overtime
from tests.play import play

DAY = 1440.0


def test_lines_with_work_stay_on_every_evening_of_the_window(short, short_tables) -> None:
    change = Overtime(from_min=DAY, to_min=4 * DAY, hours=1.5, line=short.plant.lines[0].name)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    days = log.tables["line_days"]
    stayed = {
        (d, k) for d, k, m in zip(days["day"], days["line"], days["overtime_min"], strict=True) if m
    }
    assert stayed == {(1, 0), (2, 0), (3, 0)}
    assert set(days["overtime_min"]) == {0.0, 90.0}
    assert log.cost_usd["overtime"] > 0.0


def test_nobody_stays_past_midnight(short, short_tables) -> None:
    change = Overtime(from_min=DAY, to_min=2 * DAY, hours=12.0)
    days = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd()).tables[
        "line_days"
    ]
    assert days["overtime_min"].max() == DAY - short.calendar.shift_end_min
