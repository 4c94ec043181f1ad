"""The press room: crews of pressers, a crew to a lot."""

from __future__ import annotations

import pytest

from factory_env import Factory, load_scenario
from factory_env.sim.work.lot import Lot


def test_a_crew_shares_the_minutes_of_a_lot() -> None:
    factory = Factory(load_scenario("small"), 0)
    run = next(run for run in factory.house.runs if run.product.name == "shirt")
    press, rooms = factory.house.finishing.rooms["pressing"], factory.scenario.plant.rooms
    servers = rooms.presses // rooms.press_crew
    lots = [Lot(run, number, 100) for number in range(servers + 1)]
    lots[0].good = 40  # the others are seconds
    for lot in lots:
        press.arrive(lot)
    piece_min = run.product.press_min / rooms.press_crew
    assert [lot.times["pressing"][0] for lot in lots[:servers]] == [0.0] * servers
    assert lots[0].times["pressing"][1] == pytest.approx(40 * piece_min)
    assert lots[1].times["pressing"][1] == pytest.approx(100 * piece_min)
    # the crew with the small lot is free first
    assert lots[servers].times["pressing"][0] == lots[0].times["pressing"][1]
    assert press.needs_steam
