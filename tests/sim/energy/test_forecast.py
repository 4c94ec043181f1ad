"""What can be foreseen: prices as they are, loads and weather as yesterday was."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from factory_env.decisions.energy_choice import AHEAD
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.sim.energy.forecast import Forecast

DAYS = 4
N = DAYS * SLOTS_PER_DAY
# days off: the 7th of a week only, so all four days are working days unless said otherwise
EVERY_DAY = WorkCalendar(shift_start_min=0.0, shift_end_min=1440.0, breaks=(), days_off=())


def weather(**columns: np.ndarray) -> dict[str, np.ndarray]:
    """20 degrees and no sun, but for these columns."""
    plain = {"outdoor_c": np.full(N, 20.0), "pv_kw_per_kwp": np.zeros(N)}
    return {**plain, "usual_pv_kw_per_kwp": np.zeros(N), **columns}


def site(**changes) -> SimpleNamespace:
    """A site of a month of two days and one of the rest, 10 kWp, with flat weather and no load."""
    slots = SimpleNamespace(
        price_usd=np.arange(N, dtype=np.float64),
        export_usd=np.zeros(N),
        demand_band=np.zeros(N, dtype=np.int64),
        month=np.repeat([0, 1], N // 2),
        run_slots=np.array([N // 2, N // 2]),
    )
    plain = {
        "slots": slots,
        "prices": SimpleNamespace(listen=lambda reader: None),  # they stay as they are
        "feed": np.zeros(N),
        "opens": np.ones(N),
        "outside": weather(),
        "log": {"load_kw": np.zeros(N)},
        "setup": SimpleNamespace(site=SimpleNamespace(solar=SimpleNamespace(kwp=10.0))),
    }
    return SimpleNamespace(**plain | changes)


def test_prices_are_known_and_the_last_one_goes_on_after_the_end() -> None:
    ahead = Forecast(site(), EVERY_DAY)
    assert ahead.price_usd[:3].tolist() == [0.0, 1.0, 2.0]
    assert ahead.price_usd[N : N + AHEAD].tolist() == [N - 1.0] * AHEAD
    with pytest.raises(ValueError, match="read-only"):
        ahead.price_usd[0] = 9.0


def test_days_left_are_those_of_the_running_month() -> None:
    ahead = Forecast(site(), EVERY_DAY)
    half = N // 2
    assert [ahead.days_left(s) for s in (0, SLOTS_PER_DAY, half - 1, half)] == [
        2.0,
        1.0,
        1 / SLOTS_PER_DAY,
        2.0,
    ]


def test_the_usual_load_is_that_of_the_last_day_of_its_kind_and_else_the_last_load() -> None:
    log = {"load_kw": np.zeros(N)}
    ahead = Forecast(site(log=log), EVERY_DAY)
    assert ahead.load_kw(0).tolist() == [0.0] * AHEAD
    log["load_kw"][:SLOTS_PER_DAY] = 50.0 + np.arange(SLOTS_PER_DAY)
    for slot in range(SLOTS_PER_DAY):
        if slot == 10:  # seen so far: slots 0 to 9, the last of them 59 kW
            foreseen = ahead.load_kw(slot)
            assert foreseen[: AHEAD - 10].tolist() == [59.0] * (AHEAD - 10)
            assert foreseen[AHEAD - 10 :].tolist() == [50.0 + i for i in range(10)]
        ahead.see(slot)
    assert ahead.load_kw(SLOTS_PER_DAY).tolist() == log["load_kw"][:SLOTS_PER_DAY].tolist()


def test_a_day_off_has_a_usual_load_of_its_own() -> None:
    weekly = WorkCalendar(shift_start_min=0.0, shift_end_min=1440.0, breaks=(), days_off=(1,))
    log = {"load_kw": np.repeat([100.0, 5.0, 100.0, 100.0], SLOTS_PER_DAY)}
    ahead = Forecast(site(log=log), weekly)
    for slot in range(2 * SLOTS_PER_DAY):
        ahead.see(slot)
    works = [weekly.is_working_day(day) for day in range(3)]
    assert works == [True, False, True]
    assert ahead.load_kw(2 * SLOTS_PER_DAY).tolist() == [100.0] * AHEAD
    # from noon of the day off: half a day of its kind, then a working morning
    noon = SLOTS_PER_DAY + SLOTS_PER_DAY // 2
    assert ahead.load_kw(noon).tolist() == [5.0] * (AHEAD // 2) + [100.0] * (AHEAD // 2)


def test_the_last_hour_is_four_slots_and_zero_before_the_run() -> None:
    log = {"load_kw": np.arange(N, dtype=np.float64)}
    ahead = Forecast(site(log=log), EVERY_DAY)
    assert ahead.last_load_kw(0).tolist() == [0.0] * 4
    assert ahead.last_load_kw(2).tolist() == [0.0, 0.0, 0.0, 1.0]
    assert ahead.last_load_kw(10).tolist() == [6.0, 7.0, 8.0, 9.0]


def test_the_weather_is_yesterdays_moved_to_what_is_seen_now() -> None:
    outdoor = np.concatenate([np.full(SLOTS_PER_DAY, 20.0), np.full(N - SLOTS_PER_DAY, 26.0)])
    outside = weather(outdoor_c=outdoor)
    ahead = Forecast(site(outside=outside), EVERY_DAY)
    assert ahead.outdoor_c(3).tolist() == [20.0] * AHEAD  # there is no yesterday
    foreseen = ahead.outdoor_c(SLOTS_PER_DAY)
    # 6 degrees warmer now; after 24 slots 6 / e are left
    assert foreseen[0] == pytest.approx(26.0)
    assert foreseen[24] == pytest.approx(20.0 + 6.0 / np.e)


def test_the_rest_of_today_is_as_bright_as_today_has_been() -> None:
    # yesterday 0.4 kW a kWp all day; today twice that so far, and at most five times
    sun = np.concatenate([np.full(SLOTS_PER_DAY, 0.4), np.full(N - SLOTS_PER_DAY, 0.8)])
    for share, kw in ((1.0, 8.0), (10.0, 20.0)):
        today = sun.copy()
        today[SLOTS_PER_DAY:] *= share
        outside = weather(pv_kw_per_kwp=today)
        ahead = Forecast(site(outside=outside), EVERY_DAY)
        slot = SLOTS_PER_DAY + 40
        foreseen = ahead.pv_kw(slot)
        rest = AHEAD - 40
        assert foreseen[:rest].tolist() == pytest.approx([kw] * rest)
        assert foreseen[rest:].tolist() == pytest.approx(10.0 * today[SLOTS_PER_DAY:slot])
    assert ahead.pv_kw(0).tolist() == [4.0] * AHEAD


def test_the_usual_sun_is_known_and_the_last_day_goes_on_after_the_end() -> None:
    usual = np.tile(np.linspace(0.0, 0.5, SLOTS_PER_DAY), DAYS)
    ahead = Forecast(site(outside=weather(usual_pv_kw_per_kwp=usual)), EVERY_DAY)
    assert ahead.usual_pv_kw[:N] == pytest.approx(10.0 * usual)
    assert ahead.usual_pv_kw[N:].tolist() == ahead.usual_pv_kw[:AHEAD].tolist()
