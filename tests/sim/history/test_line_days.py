"""A factory's own books: a row per line and day, the operators' minutes, and every operation."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, play
from factory_env.domain.records import make_table
from factory_env.sim.history.line_days import line_day_rows, record_operations, state_rows
from tests.laws.tiny_plant import DAY, line, order, product, scenario


def toy(pieces: int = 2880, days: int = 4) -> Factory:
    """Two people who sew a piece in a minute together, around the clock."""
    plant = scenario([line("only", 2, tee=1.0)], [product("tee", [1.0, 1.0])], days)
    book = [order("A", "tee-01", pieces, 9.0, 1.0)]
    return Factory(plant, 0, orders=book, record_operations=True)


def test_standard_minutes_are_earned_on_the_day_a_bundle_leaves() -> None:
    factory = toy()
    play(factory, Edd())
    table = make_table("line_days", line_day_rows(factory.world, factory.lines))
    assert table["day"].tolist() == [0, 1, 2]
    assert table["style"].tolist() == ["tee-01"] * 3
    earned = table["earned_min"]
    assert earned.sum() == 2880 * 2.0  # two minutes a piece
    bundle = factory.scenario.flow.bundle_pieces
    # in a day 1,440 pieces, less the bundle that is still with the second of the two
    assert earned[0] == pytest.approx(2.0 * (1440 - bundle), abs=2.0 * bundle)
    assert (table["shift_min"] == DAY).all()
    assert (table["operators"] == 2).all()


def test_before_the_first_morning_there_are_no_rows() -> None:
    factory = toy()
    assert line_day_rows(factory.world, factory.lines) == []
    assert state_rows(factory.world, factory.lines)  # operators are there from the first minute


def test_states_of_an_operator_fill_the_time(short, short_tables) -> None:
    factory = Factory(short, 4, tables=short_tables)
    play(factory, Edd())
    rows = np.array([row[2:] for row in state_rows(factory.world, factory.lines)])
    np.testing.assert_allclose(rows.sum(axis=1), factory.now_min, rtol=1e-9)
    assert rows.shape[0] == sum(x.operators for x in factory.lines)


def test_operations_are_written_anew_each_time_and_only_those_done() -> None:
    factory = toy()
    play(factory, Edd())
    for _ in range(2):
        record_operations(factory.world, factory.lines)
        table = factory.world.recorder.operations()
        bundles = table["bundle"].max() + 1
        assert table["order"].shape[0] == 2 * bundles  # two stations
    assert (table["end_min"] > table["start_min"]).all()
    assert table["end_min"].max() <= factory.now_min
    own = table["station"] == 1
    assert (np.diff(table["end_min"][own]) > 0.0).all()


def test_nothing_is_written_unless_it_is_kept(short, short_tables) -> None:
    factory = Factory(short, 4, tables=short_tables)
    play(factory, Edd())
    record_operations(factory.world, factory.lines)
    assert factory.world.recorder.operations()["order"].shape[0] == 0
