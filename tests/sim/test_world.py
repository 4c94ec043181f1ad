"""What the stations of a run share, as it stands at the first minute."""

from __future__ import annotations

import pytest

from factory_env import load_scenario
from factory_env.domain.ports import Expecting
from factory_env.inspectors.human import Human
from factory_env.inspectors.perfect import Perfect
from factory_env.sim.world import make_inspector
from tests.sim.orders.small_book import order_at
from tests.sim.small_world import small_world


def test_at_the_first_minute_everybody_is_there_and_idle(small, small_tables) -> None:
    world = small_world(small, tables=small_tables)
    assert world.env.now == world.now_shift == 0.0
    assert world.attendance.tolist() == [1.0] * len(small.plant.lines)
    assert world.idle.all()
    assert world.ledger.total(0.0) == 0.0
    assert world.heat_defects == 1.0
    assert world.power is None  # nobody accounts for energy


def test_shift_time_goes_on_while_the_house_is_open(small, small_tables) -> None:
    world = small_world(small, [], tables=small_tables)
    calendar = small.calendar
    world.env.run(until=calendar.shift_start_min)
    assert world.now_shift == 0.0
    world.env.run(until=1440.0)
    assert world.now_shift == calendar.shift_min


def test_a_book_is_drawn_by_the_seed_or_taken_as_given(small, small_tables) -> None:
    one, same, other = (small_world(small, seed=s, tables=small_tables) for s in (1, 1, 2))
    assert one.book.orders == same.book.orders != other.book.orders
    given = [order_at(small_tables.styles[0].style_id)]
    assert small_world(small, given, tables=small_tables).book.orders == given


def test_machines_have_powers_where_energy_is_accounted_for() -> None:
    scenario = load_scenario("small", site="pv_battery", tariff="us_demand")
    assert small_world(scenario, []).power is not None


@pytest.mark.parametrize(("name", "kind"), [("human", Human), ("perfect", Perfect)])
def test_the_inspector_is_the_one_of_the_scenario(small, small_tables, name, kind) -> None:
    made = make_inspector(small.replace(inspector=name), small_tables.styles)
    assert isinstance(made, kind)


def test_an_inspector_that_asks_for_the_scenario_is_made_for_it(small_tables) -> None:
    made = make_inspector(load_scenario("small", inspector="cnn"), small_tables.styles)
    assert isinstance(made, Expecting)
