"""What the tables of a plant keep, and what of it the next season's tables use again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from factory_env.sim.plant.tables import PlantTables


def test_what_is_derived_is_made_once_for_all_runs(small, small_tables) -> None:
    calls = []

    def count_styles(tables: PlantTables) -> int:
        calls.append(tables)
        return len(tables.styles)

    tables = PlantTables(small, small_tables.styles)
    assert [tables.derive(count_styles) for _ in range(3)] == [len(small_tables.styles)] * 3
    assert calls == [tables]
    other = PlantTables(small, small_tables.styles[:2])
    assert other.derive(count_styles) == 2
    assert calls == [tables, other]


def test_other_styles_of_the_same_scenario_use_the_balances_again(small, small_tables) -> None:
    slower = [replace(s, smv_factor=2.0 * s.smv_factor) for s in small_tables.styles]
    tables = PlantTables(small, slower, small_tables)
    tee = small.library.product("tee")
    assert tables.balance(0, tee) is small_tables.balance(0, tee)
    can = tables.capable
    assert (can == small_tables.capable).all()
    np.testing.assert_allclose(tables.piece_min[can], 2.0 * small_tables.piece_min[can])
    np.testing.assert_allclose(tables.fill_min[can], 2.0 * small_tables.fill_min[can])
    assert np.isinf(tables.piece_min[~can]).all()


def test_another_scenario_balances_for_itself(small, small_tables) -> None:
    other = PlantTables(small.replace(name="other"), small_tables.styles, small_tables)
    tee = small.library.product("tee")
    assert other.balance(0, tee) is not small_tables.balance(0, tee)
    assert other.balance(0, tee).bottleneck_min == small_tables.balance(0, tee).bottleneck_min


def test_a_style_needs_the_days_of_its_home_lines(small, small_tables) -> None:
    shift = small.calendar.shift_min * small.flow.planned_attendance
    for s in range(len(small_tables.styles)):
        home = small_tables.piece_min[small_tables.home[:, s], s]
        if home.size:
            assert np.isclose(small_tables.ideal_piece_days[s], home.mean() / shift)
