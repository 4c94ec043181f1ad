"""Tariff files: the presets hour by hour, and what is wrong with a user's own."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.tariff import Contract, Export, Ratchet, Tariff
from factory_env.door.tariff_door import build_tariff
from factory_env.errors import InputError
from factory_env.presets import CONF, read_group

PRESETS = {  # name -> currency, bands, reference price of the first band
    "bd_industry": ("BDT", {"peak": 12.95, "off_peak": 9.68}),
    "bd_ehv": ("BDT", {"peak": 13.33, "off_peak": 9.54}),
    "in_tod": ("INR", {"solar": 0.8 * 8.5, "peak": 1.2 * 8.5, "normal": 8.5}),
    "vn_2025": ("VND", {"peak": 3398, "off_peak": 1190, "normal": 1833}),
    "cn_zhejiang": (
        "CNY",
        {
            "critical_peak": 2.05 * 0.65,
            "peak": 1.85 * 0.65,
            "flat": 0.65,
            "valley": 0.4 * 0.65,
            "deep_valley": 0.2 * 0.65,
        },
    ),
    "tr_three_time": ("USD", {"day": 0.10, "peak": 0.156, "night": 0.056}),
    "eu_flat": ("EUR", {"flat": 0.186}),
    "us_demand": ("USD", {"peak": 0.19, "off_peak": 0.13}),
}
# name, month, weekday (0 = Monday), time -> band
HOURS = [
    ("bd_industry", 1, 6, "16:45", "off_peak"),
    ("bd_industry", 1, 6, "17:00", "peak"),
    ("bd_industry", 7, 2, "22:45", "peak"),
    ("bd_industry", 7, 2, "23:00", "off_peak"),
    ("in_tod", 5, 0, "9:00", "solar"),
    ("in_tod", 5, 0, "17:00", "normal"),
    ("in_tod", 5, 0, "23:45", "peak"),
    ("in_tod", 5, 0, "0:00", "normal"),
    ("vn_2025", 3, 5, "9:30", "peak"),
    ("vn_2025", 3, 5, "9:15", "normal"),
    ("vn_2025", 3, 5, "11:15", "peak"),
    ("vn_2025", 3, 5, "11:30", "normal"),
    ("vn_2025", 3, 6, "9:30", "normal"),
    ("vn_2025", 3, 6, "3:45", "off_peak"),
    ("vn_2025", 3, 6, "22:00", "off_peak"),
    ("vn_2025", 3, 5, "17:00", "peak"),
    ("cn_zhejiang", 7, 1, "9:00", "critical_peak"),
    ("cn_zhejiang", 7, 1, "8:45", "peak"),
    ("cn_zhejiang", 6, 1, "9:00", "peak"),
    ("cn_zhejiang", 6, 1, "21:45", "peak"),
    ("cn_zhejiang", 6, 1, "22:00", "flat"),
    ("cn_zhejiang", 6, 1, "12:00", "valley"),
    ("cn_zhejiang", 6, 1, "6:45", "valley"),
    ("cn_zhejiang", 6, 1, "7:00", "flat"),
    ("cn_zhejiang", 5, 6, "12:00", "valley"),  # deep only on holidays: see test_holidays
    ("tr_three_time", 1, 6, "5:45", "night"),
    ("tr_three_time", 1, 6, "6:00", "day"),
    ("tr_three_time", 1, 6, "17:00", "peak"),
    ("tr_three_time", 1, 6, "22:00", "night"),
    ("us_demand", 6, 6, "16:00", "peak"),
    ("us_demand", 5, 0, "16:00", "off_peak"),
    ("us_demand", 9, 0, "20:45", "peak"),
    ("us_demand", 9, 0, "21:00", "off_peak"),
]


def preset(name: str) -> Tariff:
    return build_tariff(read_group("tariff", name), name)


def own(**changes) -> dict:
    """A sound tariff file with some keys changed."""
    return {
        "name": "own",
        "energy": [
            {"name": "peak", "price": 0.2, "when": [{"hours": ["17:00-22:00"]}]},
            {"name": "low", "price": 0.1, "rest": True},
        ],
        **changes,
    }


def message(raw: dict, folder: Path = Path()) -> str:
    with pytest.raises(InputError) as error:
        build_tariff(raw, "own.yaml", folder)
    return str(error.value)


def test_every_preset_of_the_reference_ships() -> None:
    assert {path.stem for path in (CONF / "tariff").glob("*.yaml")} == PRESETS.keys()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_the_prices_of_the_reference(name) -> None:
    currency, prices = PRESETS[name]
    tariff = preset(name)
    assert tariff.name == name
    assert tariff.currency == currency
    assert {b.name: b.price for b in tariff.bands} == pytest.approx(prices)
    assert tariff.source
    assert 40 < tariff.carbon_g_per_kwh < 1000


@pytest.mark.parametrize(("name", "month", "weekday", "time", "band"), HOURS)
def test_a_preset_has_the_hours_of_the_reference(name, month, weekday, time, band) -> None:
    tariff = preset(name)
    hour, minute = map(int, time.split(":"))
    number = tariff.hours.numbers[month - 1, weekday, hour * 4 + minute // 15]
    assert tariff.bands[number].name == band


def test_presets_charge_demand_as_the_reference_says() -> None:
    assert preset("bd_industry").contract == Contract(kw=280.0, rate=48.0, penalty_factor=2.0)
    assert preset("bd_ehv").contract == Contract(kw=280.0, rate=90.0, penalty_factor=2.0)
    any_time = {
        "in_tod": 500.0,
        "cn_zhejiang": 40.0,
        "eu_flat": 6.0,
        "us_demand": 11.98,
        "vn_2025": 0.0,
        "tr_three_time": 0.0,
        "bd_industry": 0.0,
    }
    for name, rate in any_time.items():
        assert preset(name).any_time_rates == (rate,) * 12, name
    us = preset("us_demand")
    assert [(b.name, b.rates[0]) for b in us.demand_bands] == [
        ("summer_peak", 16.37),
        ("summer_part_peak", 3.56),
    ]
    assert us.demand_hours.numbers[6, 6, [55, 56, 64, 84, 92]].tolist() == [0, 2, 1, 2, 0]
    assert not us.demand_hours.numbers[[0, 1, 2, 3, 4, 9, 10, 11]].any()


def test_a_users_tariff_is_built_with_all_its_parts() -> None:
    evening = {"days": "mon-fri", "hours": ["17:00-19:00"]}
    demand = {
        "any_time_by_month": list(range(12)),
        "window_min": 30,
        "ratchet": {"share": 0.8},
        "bands": [{"name": "eve", "rate": 3.0, "when": [evening]}],
    }
    export = {"rule": "price", "price": 0.04}
    found = build_tariff(own(demand=demand, export=export, fixed_per_month=100))
    assert found.any_time_rates == tuple(map(float, range(12)))
    assert found.ratchet == Ratchet(shares=(0.8,) * 12)
    assert found.window_min == 30
    assert found.export == Export(rule="price", price=0.04)
    assert found.demand_hours.numbers[0, :, 68].tolist() == [1] * 5 + [0] * 2


def test_negative_prices_are_legal() -> None:
    raw = own()
    raw["energy"][1]["price"] = -0.05
    assert build_tariff(raw).band("low").price == -0.05


def test_gaps_are_listed_with_their_hours() -> None:
    raw = own()
    hours = ["0:00-16:30", "22:00-24:00"]
    raw["energy"][1] = {"name": "low", "price": 0.1, "when": [{"hours": hours}]}
    assert (
        "own.yaml: energy: every hour must have a price; got none: all months all days "
        "16:30-17:00; more hours for a band, or one band with rest: true"
    ) in message(raw)
    sundays = {"months": [6, 7, 9], "days": "sun", "hours": ["0:00-24:00"]}
    raw["energy"][1]["when"] = [{"hours": ["22:00-17:00"]}, sundays]
    raw["energy"][0]["when"] = [{"days": "mon-sat", "hours": ["17:00-22:00"]}]
    assert "none: Jan-May, Aug, Oct-Dec sun 17:00-22:00" in message(raw)


def test_overlaps_are_listed_with_their_hours_and_both_bands() -> None:
    raw = own()
    raw["energy"].insert(
        1, {"name": "noon", "price": 0.3, "when": [{"days": "sat, sun", "hours": ["11:00-18:15"]}]}
    )
    assert (
        "energy[1].when: must not overlap with 'peak'; got 'noon' too: all months sat-sun "
        "17:00-18:15; one band for each hour"
    ) in message(raw)
    band = {"rate": 1.0, "when": [{"hours": ["8:00-10:00"]}]}
    demand = {"bands": [{"name": "a", **band}, {"name": "b", **band}]}
    assert "demand.bands[1].when: must not overlap with 'a'" in message(own(demand=demand))


def test_a_price_per_mwh_in_a_field_per_kwh_is_flagged() -> None:
    raw = own(currency="EUR", usd_per_unit=1.08, export={"rule": "price", "price": 60})
    raw["energy"][0]["price"] = 95.0
    text = message(raw)
    assert "2 problems" in text
    assert (
        "energy[0].price: is per kWh and at most 5 USD; got 95 EUR = 102.6 USD; "
        "if it is per MWh: 0.095; or set usd_per_unit"
    ) in text
    assert "export.price: is per kWh" in text
    dong = own(currency="VND")
    dong["energy"][0]["price"] = 3398
    assert "or set usd_per_unit" in message(dong)
    assert build_tariff({**dong, "usd_per_unit": 1 / 25400}).band("peak").price == 3398


def test_every_problem_is_told_at_once_with_suggestions() -> None:
    raw = own(
        usd_per_unti=1.0,
        fixed_per_month=-1,
        demand={
            "any_time": "much",
            "window_min": 20,
            "bands": [{"name": "x", "rat": 1.0, "when": [{"hour": ["1"]}]}],
        },
        export={"rule": "all"},
    )
    text = message(raw)
    for part in (
        "usd_per_unti: must be a known key; got 'usd_per_unti'; did you mean 'usd_per_unit'?",
        "demand.bands[0].rat: must be a known key; got 'rat'; did you mean 'rate'?",
        "demand.bands[0].when[0].hour: must be a known key; got 'hour'; did you mean 'hours'?",
        "fixed_per_month: must be greater than or equal to 0; got -1",
        "demand.any_time: must be a valid number",
        "demand.window_min: must be 15, 30 or 60; got 20",
        "export.rule: must be 'zero', 'net', 'net_offpeak' or 'price'; got 'all'",
    ):
        assert part in text
    assert text.startswith("7 problems in the input")


@pytest.mark.parametrize(
    ("hours", "rule"),
    [
        ("17-23", "must be a span of hours"),
        ("17:00-25:00", "must lie between 0:00 and 24:00"),
        ("17:10-23:00", "must begin and end at full quarters of an hour"),
        ("17:00-17:00", "must not be empty"),
    ],
)
def test_hours_that_cannot_be_read_say_how_to_write_them(hours, rule) -> None:
    raw = own()
    raw["energy"][0]["when"][0]["hours"] = [hours]
    text = message(raw)
    assert f"energy[0].when[0].hours[0]: {rule}; got '{hours}'; hours like 17:00-23:00" in text


def test_days_that_cannot_be_read_say_how_to_write_them() -> None:
    raw = own()
    raw["energy"][0]["when"][0]["days"] = "workdays"
    assert "energy[0].when[0].days: must name days; got 'workdays'; all, or days" in message(raw)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"energy": []}, "a tariff needs energy bands, a spot price, or both; got neither"),
        ({"contract": {"kw": 280, "rate": 48000}}, "contract.rate: is per kW and month"),
        ({"carbon_g_per_kwh": 691000}, "carbon_g_per_kwh: is in grams, at most 2000"),
        ({"demand": {"any_time_by_month": [1.0] * 11}}, "any_time_by_month"),
    ],
)
def test_a_rule_says_what_it_got(change, words) -> None:
    assert words in message(own(**change))


def test_names_must_differ_and_only_one_band_takes_the_rest() -> None:
    raw = own()
    raw["energy"].append({"name": "peak", "price": 0.3, "rest": True, "when": [{}]})
    raw["energy"].append({"name": "ratchet", "price": 0.3, "when": [{"hours": ["17:00-18:00"]}]})
    text = message(raw)
    assert "energy[0].name: band names must be unique; got 'peak'" in text
    assert "energy[2].rest: only one band can take the rest" in text
    assert "energy[2].when: a band that takes the rest has no hours" in text
    assert "energy[3].name: this word names a part of the bill" in text


def test_demand_bands_must_fit_the_window() -> None:
    band = {"name": "a", "rate": 1.0, "when": [{"hours": ["8:15-10:00"]}]}
    demand = {"bands": [band], "window_min": 30}
    assert "must begin and end at full 30 min" in message(own(demand=demand))
    assert build_tariff(own(demand={"bands": [band]})).demand_hours.numbers[0, 0, 33] == 1


def test_a_spot_price_comes_from_a_csv_beside_the_file(tmp_path) -> None:
    times = [str(np.datetime64("2026-06-01T00:00") + 60 * i) for i in range(24)]
    rows = [f"{t},{-20 + 10 * i}" for i, t in enumerate(times)]
    (tmp_path / "p.csv").write_text("local_time,eur_per_mwh\n" + "\n".join(rows) + "\n")
    raw = own(spot={"file": "p.csv", "column": "eur_per_mwh"}, energy=[])
    tariff = build_tariff(raw, "own.yaml", tmp_path)
    assert tariff.slots("2026-06-01", 8).price_usd.tolist() == pytest.approx(
        [-0.02] * 4 + [-0.01] * 4
    )
    fees = build_tariff({**raw, "energy": own()["energy"]}, "own.yaml", tmp_path)
    assert fees.slots("2026-06-01", 96).price_usd[[0, 70]].tolist() == pytest.approx(
        [0.1 - 0.02, 0.2 + 0.15]
    )


def test_problems_of_a_series_are_told_with_those_of_the_file(tmp_path) -> None:
    raw = own(spot={"file": "none.csv", "column": "x"}, carbon_g_per_kwh=5000)
    text = message(raw, tmp_path)
    assert "2 problems" in text
    assert "none.csv: file: must be a readable file" in text


def test_the_real_german_price_makes_a_tariff_with_negative_hours(data_dir) -> None:
    spot = {"file": "price_de_lu_2023.csv", "column": "price_eur_per_mwh", "zone": "Europe/Berlin"}
    carbon = {
        "file": "carbon_de_lu_2023.csv",
        "column": "ci_direct_g_per_kwh",
        "zone": "Europe/Berlin",
        "repeats": True,
    }
    raw = {"name": "de", "currency": "EUR", "usd_per_unit": 1.08, "spot": spot, "carbon": carbon}
    tariff = build_tariff(raw, "de", data_dir / "electricity")
    slots = tariff.slots("2023-01-02", 363 * 96)
    # 301 hours of the year less the 4 negative ones of 1 January (-5.17, -1.07, ...)
    first = tariff.spot.part("2023-01-01", 96)
    assert (slots.price_usd < 0).sum() == 4 * 301 - (first < 0).sum() - (
        tariff.spot.part("2023-12-31", 96) < 0
    ).sum()
    assert slots.price_usd.min() == pytest.approx(-0.5 * 1.08)
    assert 0.25 < slots.carbon_kg_per_kwh.mean() < 0.35


def test_building_leaves_the_input_as_it_is() -> None:
    raw = own()
    before = deepcopy(raw)
    build_tariff(raw)
    assert raw == before
