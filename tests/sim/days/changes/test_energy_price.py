"""Energy costs more, or less, for a while."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.domain.changes import EnergyPrice
from tests.play import play

DAY = 1440.0


@pytest.mark.filterwarnings("ignore:site pv_battery")
def test_twice_the_price_for_the_whole_run_is_twice_the_energy_bill() -> None:
    lit = load_scenario(
        "small",
        site="pv_battery",
        tariff="us_demand",
        overrides={"horizon_days": 6, "demand.days": 5},
    )
    bills = []
    for changes in ((), (EnergyPrice(from_min=0.0, to_min=99 * DAY, factor=2.0),), ()):
        slots = play(Factory(lit, 1, changes=changes), Edd()).tables["slots"]
        bought = slots["import_kwh"] @ slots["price_usd"]
        bills.append((bought, slots["demand_usd"].sum()))
    assert bills[0] == bills[2]  # nobody else's prices have changed
    assert bills[1][0] == pytest.approx(2.0 * bills[0][0])
    assert bills[1][1] == bills[0][1]
