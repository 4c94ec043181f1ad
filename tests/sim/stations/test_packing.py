"""Packing: crews clean, fold and pack; nothing comes after it."""

from __future__ import annotations

import pytest

from factory_env import Factory, load_scenario
from factory_env.sim.work.lot import Lot


def test_a_crew_cleans_and_packs_a_lot() -> None:
    factory = Factory(load_scenario("small"), 0)
    run = next(run for run in factory.house.runs if run.product.name == "tee")
    packing, rooms = factory.house.finishing.rooms["packing"], factory.scenario.plant.rooms
    lot = Lot(run, 0, 200)
    packing.arrive(lot)
    minutes = 200 * (run.product.clean_min + run.product.pack_min) / rooms.pack_crew
    assert lot.times["packing"] == (0.0, pytest.approx(minutes))
    assert not packing.needs_steam


def test_a_lot_that_has_come_to_packing_is_counted_for_its_order() -> None:
    factory = Factory(load_scenario("small"), 0)
    run = next(run for run in factory.house.runs if run.product.name == "tee")
    run.lots_open = 2
    lots = [Lot(run, number, 50) for number in range(2)]
    for lot in lots:
        factory.house.finishing.rooms["pressing"].arrive(lot)
    factory.world.env.run(until=1440.0)
    assert [lot in factory.house.finishing.packed_lots for lot in lots] == [True, True]
    assert run.good == 100
    assert run.packed_work == max(lot.times["packing"][1] for lot in lots)
