"""Published tariffs in the format of the OpenEI Utility Rate Database."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.tariff import Export, Ratchet
from factory_env.door.urdb import read_urdb
from factory_env.errors import InputError
from factory_env.kpi.bill import bill

PGE = "urdb_pge_e19_secondary_2019.json"
SCE = "urdb_sce_gs2_tou_b_2015.json"


def schedule(*spans, other: int = 0) -> list[list[int]]:
    """A 12 x 24 schedule: (months, first hour, hour behind the last, period)."""
    rows = [[other] * 24 for _ in range(12)]
    for months, first, last, period in spans:
        for month in months:
            rows[month - 1][first:last] = [period] * (last - first)
    return rows


def item(**changes) -> dict:
    """A sound tariff with some fields changed."""
    return {
        "label": "abc",
        "name": "Two periods",
        "energyratestructure": [[{"rate": 0.10, "unit": "kWh"}], [{"rate": 0.18, "adj": 0.02}]],
        "energyweekdayschedule": schedule((range(1, 13), 17, 22, 1)),
        "energyweekendschedule": schedule(),
        **changes,
    }


def write(tmp_path, content):
    path = tmp_path / "rate.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def read(tmp_path, **changes):
    return read_urdb(write(tmp_path, item(**changes)))


def said(tmp_path, content) -> str:
    with pytest.raises(InputError) as error:
        read_urdb(write(tmp_path, content))
    return str(error.value)


def prices(tariff, month, weekday):
    return [tariff.bands[i].price for i in tariff.hours.numbers[month - 1, weekday, ::4]]


def test_pge_e19_is_read_as_published(data_dir) -> None:
    found = read_urdb(data_dir / "tariffs" / PGE)
    tariff = found.tariff
    assert tariff.name == "E-19 Medium General Demand TOU (Secondary)"
    summer = [0.08837] * 8 + [0.11883] * 4 + [0.16484] * 6 + [0.11883] * 3 + [0.08837] * 3
    winter = [0.09593] * 8 + [0.11253] * 13 + [0.09593] * 3
    assert prices(tariff, 7, 2) == summer  # peak 12-18 h
    assert prices(tariff, 1, 0) == winter
    assert prices(tariff, 7, 5) == [0.08837] * 24
    assert tariff.any_time_rates == (19.53,) * 12
    assert [band.rates[0] for band in tariff.demand_bands] == [0.13, 5.81, 20.97]
    assert tariff.demand_bands[2].name == "tou_summer_maximum_peak_demand"
    assert tariff.demand_hours.numbers[6, 0, [0, 32, 48, 72]].tolist() == [0, 2, 3, 2]
    assert tariff.demand_hours.numbers[6, 6].max() == 0
    assert (tariff.fixed_per_day, tariff.fixed_per_month) == (19.71253, 0.0)
    assert any("Net Metering" in what for what in found.left_out)


def test_a_month_of_pge_e19_is_the_sum_done_by_hand(data_dir) -> None:
    tariff = read_urdb(data_dir / "tariffs" / PGE).tariff
    grid = np.full(31 * 96, 50.0)  # 200 kW through July 2026: 23 weekdays, 8 other days
    grid[50], grid[36] = 125.0, 100.0  # Wednesday 1 July: 500 kW at 12:30, 400 kW at 9:00
    found = bill(tariff, "2026-07-01", grid)
    energy = 200 * (23 * (11 * 0.08837 + 7 * 0.11883 + 6 * 0.16484) + 8 * 24 * 0.08837)
    energy += 75 * 0.16484 + 50 * 0.11883
    demand = 500 * 19.53 + 500 * 20.97 + 400 * 5.81
    assert found.total_usd == pytest.approx(energy + demand + 31 * 19.71253, abs=1e-6)


def test_sce_gs2_is_read_as_published(data_dir) -> None:
    tariff = read_urdb(data_dir / "tariffs" / SCE).tariff
    mid, on, off = 0.08888, 0.1355, 0.066
    assert prices(tariff, 8, 1) == [off] * 8 + [mid] * 4 + [on] * 6 + [mid] * 5 + [off]
    assert prices(tariff, 12, 1) == [0.0712] * 8 + [0.09368] * 13 + [0.0712] * 3
    assert tariff.any_time_rates == (13.2,) * 12
    assert [band.rates[0] for band in tariff.demand_bands] == [5.3, 18.11]
    assert tariff.fixed_per_month == 259.2


def test_a_bare_tariff_and_a_list_of_one_are_the_same(tmp_path) -> None:
    bare = read_urdb(write(tmp_path, item()))
    assert read_urdb(write(tmp_path, {"items": [item()]})) == bare
    assert prices(bare.tariff, 3, 4)[16:18] == [0.10, pytest.approx(0.20)]  # rate + adj
    assert prices(bare.tariff, 3, 5) == [0.10] * 24


def test_of_several_tariffs_the_label_chooses(tmp_path) -> None:
    both = {"items": [item(), item(label="def", name="Other")]}
    assert read_urdb(write(tmp_path, both), "def").tariff.name == "Other"
    text = said(tmp_path, both)
    assert "got 2 tariffs; labels: abc (Two periods), def (Other)" in text


def test_demand_of_months_periods_and_units(tmp_path) -> None:
    found = read(
        tmp_path,
        flatdemandstructure=[[{"rate": 5.0}], [{"rate": 9.0, "adj": 1.0}]],
        flatdemandmonths=[0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0],
        flatdemandunit="hp",
        demandratestructure=[[{"rate": 2.0}], [{"rate": 0.0}], [{"rate": 7.0}]],
        demandweekdayschedule=schedule((range(6, 10), 12, 18, 2), (range(1, 3), 0, 24, 1)),
        demandweekendschedule=schedule(other=1),
        demandrateunit="kVA",
        demandwindow=30,
    ).tariff
    assert found.any_time_rates[0] == pytest.approx(5.0 / 0.7457)
    assert found.any_time_rates[6] == pytest.approx(10.0 / 0.7457)
    assert [(b.name, b.rates[0]) for b in found.demand_bands] == [
        ("demand_0", 2.0),
        ("demand_2", 7.0),
    ]
    # Monday of July: period 0 is charged, period 2 from 12 to 18 h; weekends: period 1, free
    assert found.demand_hours.numbers[6, 0, [0, 48, 72]].tolist() == [1, 2, 1]
    assert found.demand_hours.numbers[6, 5].max() == 0
    assert found.demand_hours.numbers[0, 0].max() == 0
    assert found.window_min == 30


@pytest.mark.parametrize(
    ("fields", "ratchet"),
    [
        ({"demandratchetpercentage": [0.5] * 12}, Ratchet(shares=(0.5,) * 12)),
        ({"demandratchetpercentage": [80] * 12}, Ratchet(shares=(0.8,) * 12)),
        ({"lookbackPercent": 0.9, "lookbackRange": 6}, Ratchet(shares=(0.9,) * 12, months=6)),
        (
            {"lookbackpercent": 90, "lookbackmonths": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0]},
            Ratchet(shares=(0.9,) * 12, peak_months=(6, 7, 8, 9)),
        ),
        ({}, None),
    ],
)
def test_ratchets_are_read(tmp_path, fields, ratchet) -> None:
    assert read(tmp_path, **fields).tariff.ratchet == ratchet


@pytest.mark.parametrize(
    ("fields", "per_month", "per_day"),
    [
        ({"fixedchargefirstmeter": 90.0, "fixedchargeunits": "$/month"}, 90.0, 0.0),
        ({"fixedchargefirstmeter": 3.0, "fixedchargeunits": "$/day"}, 0.0, 3.0),
        ({"fixedchargefirstmeter": 120.0, "fixedchargeunits": "$/year"}, 10.0, 0.0),
        ({"fixedmonthlycharge": 50.0}, 50.0, 0.0),
        ({"fixedmonthlycharge": 50.0, "fixedchargefirstmeter": 50.0}, 50.0, 0.0),
    ],
)
def test_fixed_charges_are_read_in_their_units(tmp_path, fields, per_month, per_day) -> None:
    tariff = read(tmp_path, **fields).tariff
    assert (tariff.fixed_per_month, tariff.fixed_per_day) == (per_month, per_day)


def test_what_is_not_charged_is_listed(tmp_path) -> None:
    found = read(
        tmp_path,
        mincharge=30.0,
        coincidentratestructure=[[{"rate": 4.0}]],
        demandreactivepowercharge=0.0,
        demandwindow=5,
        dgrules="Buy All Sell All",
        flatdemandstructure=[[{"rate": 5.0}]],
        flatdemandunit="kW daily",
    )
    told = "\n".join(found.left_out)
    for words in (
        "mincharge",
        "coincidentratestructure",
        "demandwindow: 5 min read as 15",
        "Buy All Sell All",
        "kW daily",
        "carbon factor",
    ):
        assert words in told
    assert "reactive" not in told
    assert found.tariff.any_time_rates == (0.0,) * 12
    assert found.tariff.export == Export()


def test_every_problem_of_a_file_is_told_with_its_field(tmp_path) -> None:
    bad = item(
        energyratestructure=[[{"rate": "cheap"}], [{"rate": 95.0}], []],
        energyweekdayschedule=schedule((range(1, 13), 17, 22, 3)),
        energyweekendschedule=[[0] * 24] * 11,
        flatdemandstructure=[[{"rate": 1.0}]],
        flatdemandmonths=[0] * 11 + [1],
        flatdemandunit="MW",
        fixedchargefirstmeter=1.0,
        fixedchargeunits="$/week",
    )
    text = said(tmp_path, bad)
    for words in (
        "energyratestructure[0][0].rate: must be a number; got 'cheap'",
        "energyratestructure[1]: is in USD per kWh, at most 5; got 95; if it is per MWh: 0.095",
        "energyratestructure[2]: must be a list of periods, each a list of tiers; got []",
        "energyweekdayschedule[0][17]: must be the number of one of 3 periods; got 3 and 59 more; "
        "0 to 2",
        "energyweekendschedule: must have 12 rows (months) of 24 periods (hours); got 11 rows",
        "flatdemandmonths[11]: must be the number of one of 1 periods; got 1; 0 to 0",
        "flatdemandunit: must be a unit of power; got 'MW'; kW, kVA or hp",
        "fixedchargeunits: must be a known unit; got '$/week'",
    ):
        assert words in text
    assert text.startswith("8 problems in the input")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "must be JSON"),
        ("[]", "must hold one tariff"),
        ('{"items": []}', "must hold one tariff"),
        ('{"name": "x"}', "energyratestructure: must hold energy rates; got nothing"),
    ],
)
def test_a_file_without_a_tariff_is_refused(tmp_path, content, words) -> None:
    path = tmp_path / "rate.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_urdb(path)
    assert words in str(error.value)


def test_a_missing_file_is_told(tmp_path) -> None:
    with pytest.raises(InputError, match="must be a readable file; got No such file"):
        read_urdb(tmp_path / "none.json")


# --- under attack -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lookbackPercent": 50, "lookbackRange": 1e308}, "lookbackrange: must be a number of"),
        ({"lookbackPercent": 50, "lookbackRange": -3}, "lookbackrange: must be a number of"),
        ({"lookbackPercent": 50, "lookbackRange": 2.5}, "lookbackrange: must be a number of"),
        ({"lookbackPercent": -5}, "lookbackpercent: must be a share"),
        ({"lookbackPercent": 1.5}, "lookbackpercent: must be a share"),
        ({"demandratchetpercentage": [1e9] * 12}, "demandratchetpercentage: must be a share"),
        ({"demandratchetpercentage": [-5] * 12}, "demandratchetpercentage: must be a share"),
        ({"demandratchetpercentage": [80] * 11}, "must have 12 numbers; got 11"),
        ({"fixedchargefirstmeter": -90.0}, "fixedchargefirstmeter: must be 0 to 1e+06 USD"),
        ({"fixedmonthlycharge": 1e12}, "fixedmonthlycharge: must be 0 to 1e+06 USD"),
        ({"fixedchargefirstmeter": True}, "fixedchargefirstmeter: must be a number"),
        ({"energyratestructure": [[{"rate": float("nan")}]] * 2}, "rate: must be a number"),
        ({"energyratestructure": [[{"rate": 10**400}]] * 2}, "rate: must be a number; got inf"),
        ({"energyratestructure": [[{"rate": True}]] * 2}, "rate: must be a number; got True"),
        ({"energyweekendschedule": [[True] * 24] * 12}, "must be the number of one of 2 periods"),
        ({"energyattrs": 7, "energyratestructure": {"a": 1}}, "must be a list of periods"),
    ],
)
def test_numbers_beyond_sense_are_refused_with_their_rule(tmp_path, fields, words) -> None:
    assert words in said(tmp_path, item(**fields))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[" * 100_000, "must be nested at most 12 deep"),
        ("[" * 300 + "]" * 300, "must be nested at most 12 deep"),
        ('{"a":' * 50 + "1" + "}" * 50, "must be nested at most 12 deep"),
        ('{"label": ' + "9" * 5000 + "}", "energyratestructure: must hold energy rates"),
        ("NaN", "must hold one tariff"),
        ('"text"', "must hold one tariff"),
        ("{}", "energyratestructure: must hold energy rates"),
        (r'{"a": "\ud800"}', "energyratestructure: must hold energy rates"),
    ],
)
def test_odd_json_is_one_clear_error(tmp_path, content, words) -> None:
    path = tmp_path / "rate.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_urdb(path)
    assert words in str(error.value)


def test_a_name_with_control_characters_is_one_printed_line(tmp_path) -> None:
    rate = read(
        tmp_path, name="Rate\x1b[31m\nof\x00 Example" + "!" * 500, energyattrs=[{"a\n": "1"}]
    )
    assert rate.tariff.name.startswith("Rate [31m of Example!")
    assert len(rate.tariff.name) < 70
    assert rate.tariff.name.isprintable()


def test_only_ordinary_files_of_sensible_size_are_read(tmp_path) -> None:
    with pytest.raises(InputError, match="got a folder, device or pipe"):
        read_urdb(Path("/dev/zero"))
    with pytest.raises(InputError, match="got a folder, device or pipe"):
        read_urdb(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(InputError, match="must have at most 20 MB; got 1,000 MB"):
        read_urdb(large)


def test_dear_prices_are_told(tmp_path) -> None:
    rate = read(tmp_path, energyratestructure=[[{"rate": 3.0}], [{"rate": 0.2}]])
    told = "energyratestructure[0]: 3 USD per kWh as it stands; cents would be 0.03"
    assert told in rate.left_out
