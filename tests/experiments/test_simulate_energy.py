"""`simulate.py` with a site and a tariff: the bill, its pictures, and everything it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.command.main import run_main
from experiments.report.bands import price_bands
from experiments.report.bill import shorten_bill
from experiments.report.load_curve import spans
from experiments.simulate import task
from factory_env import load_scenario
from factory_env.kpi.energy import BillLine, energy_kpis
from factory_env.logfile import load_log

SHORT = ("plant=small", "scenario.horizon_days=15", "scenario.demand.days=8", "agent=edd")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `simulate.py` in an empty folder; returns exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def start(*argv: str) -> tuple[int, str, str]:
        code = 0
        try:
            run_main("simulate", task, argv)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return start


def summary(out: str) -> dict[str, Any]:
    return json.loads(out.splitlines()[-1])


def test_a_bill_of_very_many_bands_is_short_on_the_terminal() -> None:
    lines = [BillLine(kind="energy", name=f"hour_{i}", kwh=10.0, usd=float(i)) for i in range(288)]
    lines += [BillLine(kind="fuel", name="gas", kwh=5.0, usd=2.0)]
    short = shorten_bill(lines)
    assert [line.name for line in short[:2]] == ["hour_278", "hour_279"]
    assert (short[10].name, short[10].kwh) == ("278 more bands", 2780.0)
    assert sum(line.usd for line in short) == sum(line.usd for line in lines)
    assert shorten_bill(lines[:11]) == lines[:11]


@pytest.mark.slow
def test_a_site_and_a_tariff_bring_a_bill_and_its_pictures(run: Run) -> None:
    code, out, err = run(*SHORT, "tariff=us_demand", "site=pv_battery")
    assert code == 0, err
    found = summary(out)
    folder = Path(found["run_folder"])
    assert (folder / "load_curve.png").stat().st_size > 50_000
    assert (folder / "bill.png").stat().st_size > 20_000
    for words in ("energy, off peak", "demand, summer peak", "gas of the boiler", "in all"):
        assert words in out
    assert "times 0.34" in err  # the site is sized for the small plant
    log = load_log(folder / "log")
    figures = energy_kpis(log)
    assert {key: found[key] for key in figures} == figures
    assert sum(found["bill_usd"].values()) == pytest.approx(found["energy_total_usd"], abs=1e-6)
    assert found["energy_bill_usd"] > 100.0
    assert re.fullmatch(r"[A-Z][a-z]{2} \d\d Jun 2026 \d\d:(00|15|30|45)", found["peak_text"])
    assert found["kwh_per_piece"] > 0.0


def test_without_a_site_nothing_changes(run: Run) -> None:
    code, out, err = run(*SHORT, "pictures=false")
    assert code == 0, err
    found = summary(out)
    assert not {"energy_bill_usd", "kwh_per_piece", "site"} & found.keys()
    _, with_energy, _ = run(*SHORT, "pictures=false", "tariff=eu_flat")
    other = summary(with_energy)
    kept = found.keys() - {"run_folder", "notes", "total_cost_usd"}
    assert {key: other[key] for key in kept} == {key: found[key] for key in kept}
    assert other["site"] == "grid_only"


def test_a_policy_runs_the_site_while_a_rule_runs_the_lines(run: Run) -> None:
    words = (*SHORT, "pictures=false", "tariff=us_demand", "site=pv_battery")
    code, out, err = run(*words, "energy=time_of_use", "hydra.run.dir=tou")
    assert code == 0, err
    found = summary(out)
    assert (found["energy"], found["agent"]) == ("time_of_use", "edd")
    slots = load_log(Path("tou/log")).tables["slots"]
    assert slots["discharge_kw"].max() > 0.0
    resting = summary(run(*words, "energy=always_on")[1])
    assert resting["battery_cycles"] == 0.0
    assert any("battery of" in note and "rests" in note for note in resting["notes"])
    kept = summary(run(*words)[1])  # nobody is named
    assert kept["battery_cycles"] > 0.0
    assert any("names nobody to run it" in note for note in kept["notes"])
    assert found["energy_total_usd"] < resting["energy_total_usd"]
    code, out, err = run("branch=tou@day 3 10:00", "agent=edd", "pictures=false")
    assert code == 0, err
    again = summary(out)  # the same rules go on: the same run
    assert again["energy_total_usd"] == pytest.approx(found["energy_total_usd"], rel=1e-12)
    assert again["total_cost_usd"] == pytest.approx(found["total_cost_usd"], rel=1e-12)


@pytest.mark.sample
@pytest.mark.slow
def test_a_run_with_energy_can_be_branched(run: Run, data_dir: Path) -> None:
    published = data_dir / "tariffs" / "urdb_pge_e19_secondary_2019.json"
    code, _, err = run(*SHORT, "pictures=false", f"tariff={published}", "hydra.run.dir=first")
    assert code == 0, err
    assert "Net Metering read as export rule net_offpeak" in err
    code, out, err = run("branch=first@day 3 10:00", "agent=edd", "pictures=false")
    assert code == 0, err
    again = summary(out)
    before = json.loads(Path("first/summary.json").read_text())
    assert again["energy_bill_usd"] == pytest.approx(before["energy_bill_usd"], rel=1e-12)


def test_all_that_is_wrong_is_reported_with_file_and_line_before_anything_runs(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "weather.csv").write_text("time,temp_c\n2026-06-01T00:00,30\n2026-06-01T01:00,31\n")
    (tmp_path / "mine.yaml").write_text(
        "name: mine\n"
        "battery: {capacity_kwh: 100, charge_kw: 50, discharge_kw: 50, connection_kw: 20}\n"
        "temperature: {file: weather.csv, column: temp, repeats: false}\n"
    )
    (tmp_path / "tariff.yaml").write_text(
        "name: mine\nenergy:\n  - {name: day, price: 130, rest: true}\n"
    )
    before = sorted(p.name for p in tmp_path.iterdir())
    words = ("control.decision_slots=0", "plant.rooms.presses=0", "site.solar.kwp=9000")
    code, out, err = run("site=mine.yaml", "tariff=tariff.yaml", *words)
    assert (code, out) == (2, "")
    for words in (
        "mine.yaml:2: battery.connection_kw",
        "weather.csv",
        "tariff.yaml:3: energy[0].price",
        "command line control.decision_slots=0",
        "command line plant.rooms.presses=0",
    ):
        assert words in err, words
    assert "site.solar.kwp: must be a known key" in err  # the file does not hold it
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_series_shorter_than_the_run_is_refused(run: Run, tmp_path: Path) -> None:
    rows = [f"{np.datetime64('2026-06-01', 'h') + i},30" for i in range(24 * 5)]
    (tmp_path / "weather.csv").write_text("time,temp_c\n" + "\n".join(rows) + "\n")
    (tmp_path / "mine.yaml").write_text(
        "name: mine\ntemperature: {file: weather.csv, column: temp_c, repeats: false}\n"
    )
    code, out, err = run(*SHORT, "site=mine.yaml")
    assert (code, out) == (2, "")
    # 15 working days of 6 a week end on Wednesday 17 June
    assert "must cover the run, 2026-06-01 to 2026-06-17; got 2026-06-01 to 2026-06-05" in err


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("tariff=us_demnd",), "did you mean us_demand"),
        (("site=x.json",), "must be a shipped site or the path of a YAML file"),
        (("tariff=none.json",), "must be a file that exists"),
        (("energy=time_of_use",), "needs a site to run"),
        (("energy=time_of_us", "site=pv"), "try time_of_use"),
    ],
)
def test_wrong_choices_say_what_would_be_right(
    run: Run, words: tuple[str, ...], answer: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert answer in err


def test_keys_of_a_site_may_stand_before_the_site(run: Run) -> None:
    code, out, err = run(*SHORT, "pictures=false", "site.solar.kwp=0", "site=pv")
    assert code == 0, err
    assert summary(out)["pv_kwh"] == 0.0


def test_dated_orders_say_which_day_the_site_begins_with(run: Run, tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(
        "order_id,style,quantity,release,due,price,priority,customer\n"
        "A,tee,900,2026-03-02,2026-03-12,2.6,1,N\nB,polo-02,700,2026-03-03,2026-03-09,4,2,N\n"
    )
    words = ("plant=small", "agent=edd", "orders=book.csv", "site=pv", "pictures=false")
    code, out, err = run(*words, "hydra.run.dir=dated")
    assert code == 0, err
    assert "the site's first day is that of the orders: 2026-03-02" in err
    assert "Mar 2026" in summary(out)["peak_text"]
    assert run("branch=dated@day 1 10:00", "pictures=false", "agent=edd")[0] == 0


def test_the_picture_shows_the_median_week_and_the_peak_day() -> None:
    bought = np.ones(3 * 7 * 96)
    bought[: 7 * 96], bought[7 * 96 : 14 * 96] = 3.0, 2.0
    bought[15 * 96 + 40] = 9.0
    week, day = spans({"import_kwh": bought}, date(2026, 6, 1))
    assert (week.first, week.last) == (7 * 96, 14 * 96)
    assert (day.first, day.last) == (15 * 96, 16 * 96)
    assert day.title.endswith("Tue 16 June 2026")


@pytest.mark.parametrize(
    ("tariff", "classes", "dearest"),
    [("us_demand", 2, "peak: 0.190 USD/kWh"), ("eu_flat", 1, ""), ("in_tod", 3, "peak")],
)
def test_bands_are_ranked_by_price(tariff: str, classes: int, dearest: str) -> None:
    energy = load_scenario("small", tariff=tariff).energy
    slots = energy.tariff.slots("2026-06-01", 7 * 96)
    table = {"price_usd": slots.price_usd, "band": slots.band, "demand_band": slots.demand_band}
    bands = price_bands(table, energy.tariff)
    assert len(bands.names) == classes
    if classes > 1:
        assert dearest in bands.names[-1]
        prices = [slots.price_usd[bands.number == i].mean() for i in range(classes)]
        assert prices == sorted(prices)
