"""A battery is worth having or idle, never a loss by its size; a battery of zero is none."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.team import Team
from experiments.building.scenario import ALWAYS_ON, BATTERY_KEEPER, FactoryConfig
from experiments.building.site_policy import site_agent
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.kpi.energy import energy_kpis
from factory_env.presets import read_group

SHORT = {"demand.days": 10, "horizon_days": 12}
NOISE = 0.005  # of a run's cost: other content at the end, other heat in the hall
SIZES = (125.0, 250.0, 500.0, 1000.0)  # kWh
TARIFFS = ("us_demand", "bd_industry", "cn_zhejiang", "tr_three_time")


def cost_usd(
    name: str, plant: str, tariff: str, seed: int, site: str = "pv_battery", **changes: Any
) -> float:
    """Bill, fuel and wear of a run whose site is run by a policy."""
    given = {key.replace("__", "."): value for key, value in changes.items()}
    if name != ALWAYS_ON:
        given |= {"control.mode": "agent"}
    scenario = load_scenario(plant, "default", given, site=site, tariff=tariff)
    policy: Any = AtcsMatch()
    if name != ALWAYS_ON:
        policy = Team(lines=AtcsMatch(), site=site_agent(name, tariff))
    factory = Factory(scenario, seed)
    while (question := factory.advance()) is not None:
        factory.answer(ask(policy, question))
    return energy_kpis(factory.log())["energy_total_usd"]


def costs_usd(
    name: str, plant: str, tariff: str, seed: int, sizes: tuple[float, ...] = SIZES, **changes: Any
) -> list[float]:
    """By size of the battery."""
    return [
        cost_usd(name, plant, tariff, seed, site__battery__capacity_kwh=kwh, **changes)
        for kwh in sizes
    ]


@pytest.mark.parametrize("name", [ALWAYS_ON, BATTERY_KEEPER, "peak_shave", "time_of_use", "mpc"])
def test_a_battery_of_zero_is_none_to_the_cent(name: str) -> None:
    short = {key.replace(".", "__"): 4 for key in SHORT}
    none = cost_usd(name, "small", "us_demand", 1, site="pv", **short)
    zero = cost_usd(name, "small", "us_demand", 1, site__battery__capacity_kwh=0, **short)
    assert zero == none


@pytest.mark.parametrize("tariff", TARIFFS[:2])
@pytest.mark.parametrize("name", [BATTERY_KEEPER, "peak_shave"])
def test_a_larger_battery_is_never_dearer_in_a_short_run(name: str, tariff: str) -> None:
    short = {key.replace(".", "__"): value for key, value in SHORT.items()}
    costs = costs_usd(name, "small", tariff, 0, (250.0, 1000.0), **short)
    for less, more in pairwise(costs):
        assert more <= less * (1.0 + NOISE), costs


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", [BATTERY_KEEPER, "peak_shave"])
def test_a_larger_battery_is_never_dearer(name: str, seed: int) -> None:
    for tariff in TARIFFS:
        costs = costs_usd(name, "mid", tariff, seed)
        for less, more in pairwise(costs):
            assert more <= less * (1.0 + NOISE), (tariff, costs)


def test_the_battery_that_nobody_is_named_for_pays_for_itself_under_a_demand_charge() -> None:
    short = {key.replace(".", "__"): value for key, value in SHORT.items()}
    alone = cost_usd(ALWAYS_ON, "small", "us_demand", 0, site="pv", **short)
    idle = cost_usd(ALWAYS_ON, "small", "us_demand", 0, **short)
    kept = cost_usd(BATTERY_KEEPER, "small", "us_demand", 0, **short)
    assert idle > alone  # its own consumption
    assert kept < 0.8 * alone


def test_a_site_with_a_battery_is_run_by_the_look_ahead_unless_somebody_is_named() -> None:
    plain = {"site": read_group("site", "pv_battery"), "energy": None}
    config = FactoryConfig(**plain)
    assert config.site_agent == BATTERY_KEEPER
    assert "names nobody" in config.site_note[0]
    assert config.parts.control == {"mode": "agent"}
    named = FactoryConfig(**{**plain, "energy": ALWAYS_ON})
    assert named.site_agent == ALWAYS_ON
    assert "500 kWh rests" in named.site_note[0]
    without = FactoryConfig(site=read_group("site", "pv"), energy=None)
    assert (without.site_agent, without.site_note) == (ALWAYS_ON, ())
    for strange in (None, 7, {"capacity_kwh": "much"}, {"capacity_kwh": None}, {}):
        assert FactoryConfig(site={"battery": strange}, energy=None).site_agent == ALWAYS_ON
