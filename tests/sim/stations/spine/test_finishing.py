"""The way of lots through the rooms after the gate, by the routes of their products."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factory_env import Factory, Scenario, load_scenario
from factory_env.domain.plant import LAST_ROOM, USUAL_ROUTE
from factory_env.sim.work.lot import Lot


@pytest.fixture(scope="module")
def real() -> Scenario:
    return load_scenario("small", "real")


def test_only_rooms_on_a_route_are_built(real: Scenario) -> None:
    washed, dry = Factory(real, 0), Factory(real.replace(routes={}), 0)
    assert set(washed.house.finishing.rooms) == {"washing", *USUAL_ROUTE}
    assert set(dry.house.finishing.rooms) == set(USUAL_ROUTE)
    assert washed.house.finishing.routes["jeans"] == ("washing", *USUAL_ROUTE)
    assert washed.house.finishing.routes["shirt"] == USUAL_ROUTE


def test_a_lot_passes_the_rooms_of_its_route_in_order(real: Scenario) -> None:
    factory = Factory(real.replace(routes={"jeans": (LAST_ROOM,)}), 0)
    lots = {
        name: Lot(next(run for run in factory.house.runs if run.product.name == name), 0, 20)
        for name in ("jeans", "tee")
    }
    for lot in lots.values():
        factory.house.finishing.arrive(lot)
    factory.world.env.run(until=3 * 1440.0)
    assert list(lots["jeans"].times) == [LAST_ROOM]
    assert list(lots["tee"].times) == list(USUAL_ROUTE)
    packed = [lot for lot in factory.house.finishing.packed_lots if lot in lots.values()]
    assert packed == [lots["jeans"], lots["tee"]]  # the press room takes its time
    assert lots["tee"].times[LAST_ROOM][0] >= lots["tee"].times["pressing"][1]


def test_steam_slows_the_rooms_that_need_it_where_somebody_runs_the_site() -> None:
    energy = load_scenario("small", "real", site="pv_battery", tariff="us_demand").energy
    assert energy is not None
    asked = replace(energy, control=replace(energy.control, mode="agent"))
    scenario = load_scenario("small", "real").replace(energy=asked)
    finishing = Factory(scenario, 0).house.finishing
    finishing.set_steam(0.25)
    rates = {name: room.clock.rate for name, room in finishing.rooms.items()}
    assert rates == {"washing": 0.25, "pressing": 0.25, "packing": 1.0}
    assert len(finishing.clocks) == 3
    alone = Factory(load_scenario("small", "real"), 0).house.finishing
    assert len(alone.clocks) == 1  # all rooms keep the hours of the department
