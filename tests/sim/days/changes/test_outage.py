"""The grid gives nothing for a while."""

from __future__ import annotations

from dataclasses import replace

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import Outage
from tests.play import play

DAY = 1440.0


def test_with_a_generator_the_factory_stands_until_it_runs(short, short_tables) -> None:
    change = Outage(from_min=2 * DAY + 600.0, to_min=2 * DAY + 720.0)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    still = log.tables["line_days"]["stop_min"][log.tables["line_days"]["day"] == 2]
    assert (still == short.disruptions.outages.start_min).all()


def test_without_one_it_stands_as_long_as_there_is_no_grid(short, short_tables) -> None:
    outages = replace(short.disruptions.outages, has_generator=False)
    bare = short.replace(disruptions=replace(short.disruptions, outages=outages))
    change = Outage(from_min=2 * DAY + 600.0, to_min=2 * DAY + 720.0)
    log = play(Factory(bare, 1, changes=(change,)), Edd())
    still = log.tables["line_days"]["stop_min"][log.tables["line_days"]["day"] == 2]
    assert (still == 120.0).all()
    assert log.tables["states"]["down_min"].min() >= 120.0
