"""The energy side of a run: site, tariff and series meet each other, the plant and the horizon."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.domain.energy import Control
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.door.energy_door import build_energy, cover, placed
from factory_env.errors import InputError
from factory_env.presets import read_group, read_place, read_source

SITE, TARIFF = read_group("site", "pv_battery"), read_group("tariff", "us_demand")
HEAD = "time,temp_c,sun_kw_per_kw,price_usd_per_kwh\n"


def hours(path: Path, days: int, first: str = "2026-06-01", **cells: str) -> Path:
    """A CSV of so many days by the hour; ``cells``: day_hour -> its row's values."""
    start = np.datetime64(first, "h")
    rows = [
        f"{start + i},{cells.get(f'd{i // 24}_{i % 24}', '30,0.5,0.1')}" for i in range(24 * days)
    ]
    path.write_text(HEAD + "\n".join(rows) + "\n")
    return path


def refused(site: dict[str, Any], tariff: dict[str, Any], **how: Any) -> str:
    with pytest.raises(InputError) as caught:
        build_energy(site, tariff, **how)
    return str(caught.value)


def test_python_and_files_give_the_same_energy_side() -> None:
    made = load_scenario("mid", site="pv_battery", tariff="us_demand").energy
    placed_site = {**SITE, "place": read_place("fresno")}  # the place of us_demand
    assert made == build_energy(placed_site, TARIFF, workers=374).setup
    assert made.control == Control()
    assert load_scenario("mid").energy is None


@pytest.mark.parametrize(("key", "other"), [("site", "bd_industry"), ("tariff", "grid_only")])
def test_one_of_both_brings_the_other(key: str, other: str) -> None:
    name = {"site": "pv", "tariff": "cn_zhejiang"}[key]
    made = load_scenario("small", **{key: name}).energy
    assert {made.site.name, made.tariff.name} == {name, other}


def test_a_site_is_sized_for_the_plant_unless_its_file_says_no() -> None:
    built = build_energy(SITE, TARIFF, workers=187)  # half of 374
    assert built.setup.site.solar.kwp == pytest.approx(150.0)
    assert built.setup.site.rooms.irons == 12
    assert "times 0.50" in built.notes[0]
    as_given = build_energy({**SITE, "fit_to_plant": False}, TARIFF, workers=187)
    assert as_given.setup.site.solar.kwp == 300.0
    assert as_given.notes == ()


def test_a_contract_is_for_the_load_that_the_site_has_sanctioned() -> None:
    contract = read_group("tariff", "bd_industry")
    assert build_energy(SITE, contract).setup.tariff.contract.kw == 280.0
    half = build_energy(SITE, contract, workers=187)
    assert half.setup.tariff.contract.kw == pytest.approx(140.0)
    other = build_energy({**SITE, "grid": {**SITE["grid"], "sanctioned_kw": 300}}, contract)
    assert other.setup.tariff.contract.kw == 300.0
    assert "for the site's 300 kW" in other.notes[0]


def test_a_tariff_without_a_carbon_factor_takes_that_of_the_grid() -> None:
    silent = {key: value for key, value in TARIFF.items() if key != "carbon_g_per_kwh"}
    built = build_energy(SITE, silent)
    assert built.setup.tariff.carbon_g_per_kwh == pytest.approx(691.0)
    assert "no carbon factor" in built.notes[0]
    assert (
        build_energy(SITE, {**silent, "carbon_g_per_kwh": 0.0}).setup.tariff.carbon_g_per_kwh == 0
    )


def test_own_series_reach_the_run(tmp_path: Path) -> None:
    hours(tmp_path / "own.csv", 7, d0_10="35,0.8,0.4")
    own = {"file": "own.csv", "repeats": False}
    site = placed(
        {
            **SITE,
            "temperature": {**own, "column": "temp_c"},
            "sun": {**own, "column": "sun_kw_per_kw"},
        },
        tmp_path,
    )
    tariff = placed(
        {**TARIFF, "spot": {"file": "own.csv", "column": "price_usd_per_kwh"}}, tmp_path
    )
    setup = build_energy(site, tariff, days=7).setup
    for series, at_ten in ((setup.temperature, 35.0), (setup.sun, 0.8), (setup.tariff.spot, 0.4)):
        part = series.part("2026-06-01", 7 * SLOTS_PER_DAY)
        assert part[40:44] == pytest.approx([at_ten] * 4)
        assert part[44] != at_ten
    assert setup.carbon is None


def test_the_sun_of_a_real_site_can_be_used(data_dir: Path) -> None:
    # rows without times: the first is hour 24 of 31 July 2016, i.e. the hour that begins at 23
    file = str(data_dir / "electricity" / "microgrid_fontana_2016_2017.csv")
    sun = {"file": file, "column": "pv_w_per_kw", "start": "2016-07-31T23:00", "repeats": True}
    built = build_energy({**SITE, "sun": sun}, TARIFF, days=70)
    part = built.setup.sun.part("2026-06-01", 364 * SLOTS_PER_DAY)
    assert part.sum() / 4 == pytest.approx(1803, rel=0.01)  # kWh per kW and year, its README
    assert part.reshape(364, 96)[:, 40:56].mean() > 0.4


@pytest.mark.parametrize(
    "name", ["urdb_pge_e19_secondary_2019.json", "urdb_sce_gs2_tou_b_2015.json"]
)
def test_published_tariffs_run(data_dir: Path, name: str) -> None:
    path = str(data_dir / "tariffs" / name)
    made = load_scenario("small", tariff=path, site="pv").energy
    assert len(made.tariff.bands) >= 3
    assert made.tariff.carbon_g_per_kwh == pytest.approx(691.0)
    assert read_source("tariff", path)["urdb"] == str(Path(path).resolve())


def test_all_problems_of_site_tariff_control_and_series_come_at_once(tmp_path: Path) -> None:
    hours(tmp_path / "short.csv", 3)
    hours(tmp_path / "gap.csv", 3, d1_3=",,", d1_4=",,", d1_5=",,", d1_6=",,", d1_7="x,,")
    hours(tmp_path / "mwh.csv", 3, **{f"d{d}_{h}": "30,0.5,95" for d in (0, 1) for h in range(24)})
    own = {"file": str(tmp_path / "gap.csv"), "repeats": False}
    site = {
        **SITE,
        "battery": {**SITE["battery"], "connection_kw": 100},
        "solar": {**SITE["solar"], "kwp": math.nan},
        "first_day": "2026-06-02",
        "temperature": {**own, "column": "temp_c"},
        "sun": {"file": str(tmp_path / "short.csv"), "column": "nix"},
    }
    tariff = {
        "name": "mine",
        "energy": [{"name": "a", "price": 0.1, "when": [{"hours": ["0:00-12:00"]}]}],
        "spot": {"file": str(tmp_path / "mwh.csv"), "column": "price_usd_per_kwh"},
        "demand": {"any_tme": 3},
    }
    text = refused(site, tariff, control={"mode": "agnet", "decision_slots": 0})
    for words in (
        "battery.connection_kw: must carry the battery's power",
        "solar.kwp",
        "a Tuesday",
        "gap.csv",
        "nix",
        "every hour must have a price",
        "such prices are per MWh",
        "did you mean 'any_time'",
        "mode: must be",
        "decision_slots",
    ):
        assert words in text, words


def test_series_that_end_before_the_run_are_refused(tmp_path: Path) -> None:
    hours(tmp_path / "short.csv", 3)
    own = {"file": str(tmp_path / "short.csv"), "column": "temp_c", "repeats": False}
    spot = {"file": str(tmp_path / "short.csv"), "column": "price_usd_per_kwh"}
    site, tariff = {**SITE, "temperature": own}, {"name": "spot", "spot": spot}
    text = refused(site, tariff, days=4)
    assert text.count("must cover the run, 2026-06-01 to 2026-06-04") == 2
    setup = build_energy(site, tariff, days=3).setup
    assert len(cover(setup, 4)) == 2
    assert cover(setup, 3) == []
    repeating = {**own, "repeats": True}
    assert "series of 52 weeks" in refused({**SITE, "temperature": repeating}, TARIFF, days=3)


def test_overrides_are_laid_over_site_tariff_and_control() -> None:
    made = load_scenario(
        "mid",
        site="pv",
        tariff="us_demand",
        overrides={
            "site.solar.kwp": 0,
            "tariff.demand.any_time": 20.0,
            "control.decision_slots": 4,
            "horizon_days": 10,
            "demand.days": 8,
        },
    ).energy
    assert made.site.solar.kwp == 0.0
    assert made.tariff.any_time_rates == (20.0,) * 12
    assert made.control.decision_slots == 4
    with pytest.raises(InputError, match="did you mean 'kwp'"):
        load_scenario("mid", site="pv", overrides={"site.solar.kwpp": 0})


def test_a_published_tariff_has_no_other_keys_and_must_be_there(tmp_path: Path) -> None:
    raw = {"urdb": str(tmp_path / "none.json"), "label": "", "demand": {}}
    text = refused(SITE, raw)
    assert "none.json" in text
    assert "must be a known key of a tariff from a JSON file" in text
    with pytest.raises(InputError, match="must be a file that exists"):
        load_scenario("mid", tariff=str(tmp_path / "none.json"))
