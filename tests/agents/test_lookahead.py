"""The look-ahead: levels, stored kWh and fans against small cases worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from agents.lookahead.battery_plan import best, fill_value
from agents.lookahead.hall_plan import plan_fans
from agents.lookahead.house import house_record
from agents.lookahead.learned import HIGHEST, LOWEST, NAMES, START, record
from agents.lookahead.levels import can_hold, find_caps
from agents.lookahead.load import load_lookahead, save_lookahead, saved_numbers
from agents.lookahead.memory import AHEAD, CASES, LEVELS
from agents.lookahead.policy import CODE, Lookahead
from factory_env.domain.site import COOLING_OFF_C, Battery, Site, Solar
from factory_env.errors import ArtifactError
from tests.contracts.test_site_rules import by_hand

SITE = Site(
    battery=Battery(
        capacity_kwh=500.0,
        charge_kw=250.0,
        discharge_kw=250.0,
        connection_kw=250.0,
        round_trip=1.0,
        soc_min=0.0,
        soc_max=1.0,
    ),
    solar=Solar(kwp=300.0),
)
HOUSE = house_record(SITE, CODE)[0]
ZERO = np.zeros(AHEAD)
FOREVER = 10 * AHEAD


def numbers(**changes: float) -> np.void:
    """The start with some numbers changed."""
    values = START.copy()
    for name, value in changes.items():
        values[NAMES.index(name)] = value
    return record(values)[0]


def level(net: np.ndarray, held_kwh: float, paid_kw: float = 0.0) -> float:
    """The import to hold at any time, with demand charged at any time only."""
    caps = np.zeros(AHEAD)
    w, band = numbers(floor=0.0, floor_late=0.0), np.zeros(AHEAD, dtype=np.int64)
    rate, paid = np.array([10.0]), np.array([paid_kw])
    find_caps(w, HOUSE, net, FOREVER, held_kwh, band, rate, paid, caps)
    assert (caps == caps[0]).all()
    return float(caps[0])


def test_the_least_level_is_where_the_battery_is_just_enough() -> None:
    # 10 h of 100 kW and 200 kWh: 20 kW less in every hour
    net = np.where(np.arange(AHEAD) < 40, 100.0, 0.0)
    assert level(net, 200.0) == pytest.approx(80.0, abs=0.3)


def test_what_can_be_stored_before_lowers_the_level() -> None:
    # L for 10 h, then 100 kW for 10 h: 10 L = 10 (100 - L)
    net = np.where((np.arange(AHEAD) >= 40) & (np.arange(AHEAD) < 80), 100.0, 0.0)
    assert level(net, 0.0) == pytest.approx(50.0, abs=0.3)


def test_what_the_month_has_paid_is_not_held_down() -> None:
    assert level(np.where(np.arange(AHEAD) < 40, 100.0, 0.0), 200.0, paid_kw=95.0) == 95.0


def test_a_load_beyond_the_batterys_power_is_not_held() -> None:
    assert not can_hold(HOUSE, np.full(AHEAD, 251.0), ZERO, 500.0)
    assert can_hold(HOUSE, np.where(np.arange(AHEAD) < 4, 249.0, 0.0), ZERO, 500.0)


def test_a_band_of_its_own_is_emptied_first() -> None:
    # 4 h in the band at 100 kW need 400 kWh: 500 kWh hold nothing bought in it
    net = np.full(AHEAD, 100.0)
    band = np.where((np.arange(AHEAD) >= 40) & (np.arange(AHEAD) < 56), 1, 0).astype(np.int64)
    caps = np.zeros(AHEAD)
    find_caps(
        numbers(floor=0.0, dear_floor=0.0),
        HOUSE,
        net,
        FOREVER,
        500.0,
        band,
        np.array([10.0, 20.0]),
        np.zeros(2),
        caps,
    )
    assert (caps[40:56] == 0.0).all()
    # the rest, 20 h with 100 kWh: 95 kW
    assert caps[0] == pytest.approx(95.0, abs=0.4)


@pytest.mark.parametrize("held_kwh", [0.0, 3.0, 250.0, 500.0])
@pytest.mark.parametrize("net", [-80.0, 0.0, 40.0, 400.0])
def test_no_power_is_more_than_battery_room_and_load_allow(net: float, held_kwh: float) -> None:
    after = np.linspace(0.0, -40.0, LEVELS)
    kw, _ = best(numbers(), HOUSE, net, 0.1, 0.0, 60.0, 30.0, 12.0, held_kwh, after)
    assert -min(250.0, held_kwh * 4.0, max(net, 0.0)) <= kw <= min(250.0, (500.0 - held_kwh) * 4.0)


def value(price: np.ndarray, net: np.ndarray, dawn: int = AHEAD) -> np.ndarray:
    """What is still to pay, with import free of demand."""
    found = np.zeros((CASES, AHEAD + 1, LEVELS))
    plenty = np.full(AHEAD, 1e6)
    fill_value(
        numbers(end_value=0.0), HOUSE, net, ZERO, dawn, price, ZERO, plenty, plenty, ZERO, found
    )
    return found[1]


def test_a_fuller_battery_never_costs_more() -> None:
    price = 0.1 + 0.05 * np.sin(np.arange(AHEAD))
    found = value(price, np.full(AHEAD, 60.0))
    assert (np.diff(found, axis=1) <= 1e-9).all()


def test_stored_kwh_are_worth_the_dearest_hours_they_can_serve() -> None:
    # 0.3 USD in the first two hours at 200 kW: 400 kWh go there, less wear; 20 levels are 500 kWh
    price = np.where(np.arange(AHEAD) < 8, 0.3, 0.1)
    found = value(price, np.where(np.arange(AHEAD) < 8, 200.0, 0.0))
    saved = 400.0 * (0.3 - SITE.battery.wear_usd_per_kwh)
    assert found[0, 0] - found[0, 16] == pytest.approx(saved)


def test_a_dull_a_usual_and_a_bright_day_are_weighed() -> None:
    # 100 kW of sun and of load in one slot after dawn; factors 0.5, 1, 1.2: 12.5 kWh are bought
    # in a quarter of the cases
    load, sun = np.zeros(AHEAD), np.zeros(AHEAD)
    load[50] = sun[50] = 100.0
    found = np.zeros((CASES, AHEAD + 1, LEVELS))
    plenty = np.full(AHEAD, 1e6)
    fill_value(
        numbers(end_value=0.0, sun_low=0.5, sun_high=1.2),
        HOUSE,
        load,
        sun,
        40,
        np.full(AHEAD, 0.1),
        ZERO,
        plenty,
        plenty,
        ZERO,
        found,
    )
    assert found[1, 0, 0] == pytest.approx(0.25 * 12.5 * 0.1)


def fans(price: float, hot_usd: float) -> np.ndarray:
    """Fans of a hot working day."""
    found, work = np.zeros(AHEAD), np.where(np.arange(AHEAD) >= 32, 1.0, 0.0)
    load = np.where(work > 0.0, 140.0, 13.0)
    plan_fans(
        numbers(hot_usd=hot_usd),
        HOUSE,
        31.0,
        load,
        ZERO,
        np.full(AHEAD, 30.0),
        work,
        np.full(AHEAD, price),
        found,
    )
    return found


def test_fans_that_cost_too_much_stand_still() -> None:
    assert fans(price=100.0, hot_usd=1.0).sum() == 0.0
    assert fans(price=0.1, hot_usd=8.0).sum() > 0.0


def test_dearer_power_means_less_cooling_and_dearer_heat_more() -> None:
    assert fans(0.3, 8.0).sum() < fans(0.03, 8.0).sum()
    assert fans(0.3, 8.0).sum() <= fans(0.3, 40.0).sum()


def test_bands_that_charge_demand_buy_nothing_while_the_battery_lasts() -> None:
    band = np.ones(AHEAD, dtype=np.int64)
    asked = by_hand(
        demand_band=band,
        demand_usd=np.array([10.0, 20.0]),
        peak_kw=np.zeros(2),
        soc_kwh=475.0,
        open_share=np.where(np.arange(AHEAD) < 8, 1.0, 0.0),
        load_kw=np.where(np.arange(AHEAD) < 8, 50.0, 13.0),
    )
    policy = Lookahead(START)
    answer = policy.run_site(asked)
    assert answer.battery_kw == -250.0  # the site cuts it to what is used
    assert answer.set_point_c == COOLING_OFF_C or answer.set_point_c >= 24.0


def test_saved_numbers_come_back(tmp_path) -> None:
    save_lookahead(tmp_path / "best", {"a": START, "b": HIGHEST}, {"seed": 1})
    assert (saved_numbers(tmp_path)["b"] == HIGHEST).all()
    assert (load_lookahead(tmp_path, "a").numbers == START).all()


def test_an_unknown_tariff_gets_the_mean(tmp_path) -> None:
    save_lookahead(tmp_path, {"a": LOWEST, "b": HIGHEST}, {})
    np.testing.assert_allclose(load_lookahead(tmp_path, "c").numbers, (LOWEST + HIGHEST) / 2.0)


def test_other_files_are_refused(tmp_path) -> None:
    with pytest.raises(ArtifactError, match="no saved agent here"):
        load_lookahead(tmp_path)
    save_lookahead(tmp_path, {"a": START}, {})
    (tmp_path / "numbers.safetensors").write_bytes(b"not it")
    with pytest.raises(ArtifactError, match="not a readable"):
        load_lookahead(tmp_path)
    save_lookahead(tmp_path, {"a": START[:3]}, {})
    with pytest.raises(ArtifactError, match="another policy"):
        load_lookahead(tmp_path)
    card = json.loads((tmp_path / "agent.json").read_text())
    (tmp_path / "agent.json").write_text(json.dumps(card | {"numbers": ["other"]}))
    with pytest.raises(ArtifactError, match="this version"):
        load_lookahead(tmp_path)
