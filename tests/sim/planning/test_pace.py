"""What planners learn of a line that is no longer what it was."""

from __future__ import annotations

import pytest

from factory_env import Factory
from factory_env.sim.planning.pace import change_pace, lose_time


@pytest.fixture
def planner(short, short_tables):
    run = Factory(short, 1, tables=short_tables)
    run.advance()
    planner = run.house.planner
    planner.free_shift[:] = (100.0, 0.0, 300.0)
    return planner


def test_at_half_the_pace_all_work_takes_twice_as_long_on_that_line_alone(
    planner, short_tables
) -> None:
    change_pace(planner, 0, 0.5, now_shift=40.0)
    assert planner.free_shift.tolist() == [160.0, 0.0, 300.0]
    assert (planner.times.piece_min[0] == 2.0 * short_tables.piece_min[0]).all()
    assert (planner.times.piece_min[1:] == short_tables.piece_min[1:]).all()


def test_other_runs_know_nothing_of_it(planner, short_tables) -> None:
    before = short_tables.piece_min.copy()
    change_pace(planner, 0, 0.5, now_shift=40.0)
    assert (short_tables.piece_min == before).all()


def test_a_line_that_stands_is_free_so_much_later(planner) -> None:
    lose_time(planner, 0, 50.0, now_shift=40.0)
    lose_time(planner, 1, 50.0, now_shift=40.0)  # it is free now
    assert planner.free_shift.tolist() == [150.0, 90.0, 300.0]
