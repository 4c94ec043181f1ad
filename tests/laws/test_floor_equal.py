"""A run begun with the floor of another ships its orders as if that had not been stopped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents import rules
from factory_env import Factory, RunLog, Scenario, load_scenario
from factory_env.domain.order import Order
from factory_env.sim.run import read_floor
from tests.play import column, fingerprint, play

DAY = 1440.0
MINUTES = (0.0, 600.0, 2 * DAY + 733.0, 5 * DAY + 600.0, 8 * DAY + 480.0, 9 * DAY + 61.0)
SHORT = {"horizon_days": 30, "demand.days": 12, "demand.size_median": 900}


def scenario_of(plant: str = "small", **more) -> Scenario:
    """A short run in which nothing happens by luck."""
    return load_scenario(plant, overrides={**SHORT, "demand.load": 1.2, **more}).deterministic()


def book_of(scenario: Scenario, seed: int) -> list[Order]:
    """The orders of a seed as a given book, each with its own luck."""
    orders = Factory(scenario, seed).book.orders
    return [replace(order, luck_id=i) for i, order in enumerate(orders)]


def ships(log: RunLog) -> dict[str, float]:
    """When each order left the house."""
    names = column(log, "orders", "order_id").tolist()
    return dict(zip(names, column(log, "orders", "shipped_min").tolist(), strict=True))


def assert_goes_on(scenario: Scenario, rule: str, at_min: float, seed: int = 3) -> None:
    """Stopped and begun again, every order that is left ships at the same minute."""
    book = book_of(scenario, seed)
    factory = Factory(scenario, seed, orders=book)
    whole = ships(play(factory, rules.load(rule, "small")))
    floor = read_floor(factory.past, at_min)
    left = [order for order in book if order.order_id not in floor.shipped]
    assert 0 < len(left) < len(book) + (at_min < DAY)
    again = Factory(scenario, seed, orders=left, floor=floor)
    later = ships(play(again, rules.load(rule, "small")))
    assert list(later) == [order.order_id for order in left]
    np.testing.assert_allclose(
        list(later.values()), [whole[name] for name in later], rtol=0.0, atol=1e-6
    )


@pytest.mark.parametrize("at_min", MINUTES)
@pytest.mark.parametrize("rule", ["edd", "atcs_match"])
def test_a_run_begun_with_the_floor_of_another_ships_alike(rule: str, at_min: float) -> None:
    assert_goes_on(scenario_of(), rule, at_min)


MORE = {
    "lays": {"cutting.lays": True, "cutting.lead_min": 240.0, "flow.wip_limit_days": 2.0},
    "parts": {"flow.split_days": 1.0},
    "few presses": {"plant.rooms.presses": 4, "plant.rooms.packers": 4},
    "agent cuts": {"flow.cutting_rule": "agent"},
    "colours": {"demand.colours": [2, 4], "demand.colour_min": 100},
}


@pytest.mark.parametrize("name", list(MORE))
def test_rooms_go_on_where_they_were(name: str) -> None:
    assert_goes_on(scenario_of(**MORE[name]), "atcs_match", 5 * DAY + 633.5)


@pytest.mark.slow
@pytest.mark.parametrize("plant", ["mid", "large"])
def test_larger_plants_go_on_where_they_were(plant: str) -> None:
    short = {"horizon_days": 40, "demand.days": 20}
    scenario = load_scenario(plant, overrides=short).deterministic()
    assert_goes_on(scenario, "atcs_match", 12 * DAY + 600.0, seed=1)


def test_a_fork_of_a_run_with_a_floor_equals_the_straight_run() -> None:
    scenario = load_scenario("small", overrides=SHORT, disruptions="normal")
    book = book_of(scenario, 1)
    factory = Factory(scenario, 1, orders=book)
    rule = rules.load("atcs_match", "small")
    play(factory, rule)
    floor = read_floor(factory.past, 4 * DAY + 600.0)
    left = [order for order in book if order.order_id not in floor.shipped]
    straight = Factory(scenario, 1, orders=left, floor=floor)
    log = play(straight, rule)
    for at_min in (2 * DAY, 4 * DAY + 600.0, 6 * DAY + 655.0):
        assert fingerprint(play(straight.fork(at_min), rule)) == fingerprint(log)
