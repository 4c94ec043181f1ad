"""A wave of illness."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import AbsenceWave
from tests.play import play

DAY = 1440.0


def test_whoever_would_be_ill_anyway_is_ill_beside_the_wave(short, short_tables) -> None:
    change = AbsenceWave(from_min=2 * DAY, to_min=4 * DAY, share=0.3)
    plain = play(Factory(short, 1, tables=short_tables), Edd()).tables["attendance"]
    ill = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd()).tables[
        "attendance"
    ]
    n = min(len(plain["day"]), len(ill["day"]))
    gap = plain["present_share"][:n] - ill["present_share"][:n]
    is_wave = (ill["day"][:n] >= 2) & (ill["day"][:n] < 4)
    assert abs(gap[is_wave] - 0.3).max() < 1e-12
    assert (gap[~is_wave] == 0.0).all()
