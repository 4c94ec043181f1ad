"""What a run begins with: styles, tables, book and the inspector."""

from __future__ import annotations

import pytest

from factory_env import load_scenario
from factory_env.inspectors.human import Human
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.world import World, make_inspector, new_world


def begin(scenario, seed: int = 1, **given) -> World:
    plain = {"orders": None, "tables": None, "inspector": None}
    return new_world(scenario, seed, Recorder(operations=False), **(plain | given))


def test_the_same_seed_draws_the_same_book(short, short_tables) -> None:
    one, other = begin(short, tables=short_tables), begin(short, tables=short_tables)
    assert one.book.orders == other.book.orders
    assert begin(short, 2, tables=short_tables).book.orders != one.book.orders


def test_tables_serve_another_run_of_the_same_scenario_and_no_other(short, short_tables) -> None:
    assert begin(short, tables=short_tables).tables is short_tables
    other = short.replace(horizon_days=13)
    assert begin(other, tables=short_tables).tables is not short_tables


def test_it_begins_with_every_line_idle_and_everything_to_come(short, short_tables) -> None:
    world = begin(short, tables=short_tables)
    assert world.idle.all()
    assert world.to_come.left == len(world.book)
    assert world.to_come.in_house == 0
    assert world.now_shift == 0.0


def test_power_is_known_only_where_energy_is_accounted_for(short, short_tables) -> None:
    assert begin(short, tables=short_tables).power is None
    accounted = load_scenario("small", site="pv_battery", tariff="us_demand")
    assert begin(accounted).power is not None


@pytest.mark.parametrize("name", ["human", "cnn"])
def test_the_inspector_is_the_plug_that_the_scenario_names(short, short_tables, name) -> None:
    inspector = make_inspector(short.replace(inspector=name), short_tables.styles)
    assert hasattr(inspector, "judge")
    assert isinstance(inspector, Human) == (name == "human")


def test_a_given_inspector_is_taken(short, short_tables) -> None:
    mine = Human(detects=0.5)
    assert begin(short, tables=short_tables, inspector=mine).inspector is mine
