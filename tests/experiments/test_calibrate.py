"""Calibration: known numbers are fitted back, and the main leaves a plant that can be run."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from omegaconf import OmegaConf

from experiments.calibrate import task
from experiments.calibrating.absence import absent_share
from experiments.calibrating.even_lines import evened
from experiments.calibrating.first_minute import UsualChange, curve_in_minutes, usual_change
from experiments.calibrating.fits import fit_all
from experiments.calibrating.held_back import fit_held_back
from experiments.calibrating.intervals import Estimate
from experiments.calibrating.learning_curve import LearningFit, fit_learning, pooled_curve
from experiments.calibrating.moments import joined, lag_correlation, moments_of
from experiments.calibrating.plant_file import quote_yaml, records_plant, with_people
from experiments.calibrating.team_days import TeamDays, from_records
from experiments.command.main import run_main
from factory_env import Factory, load_scenario
from factory_env.door.daily_records import read_daily_records
from factory_env.door.scenario_door import build_scenario
from factory_env.presets import read_group
from tests.experiments.drawn_records import (
    ABSENCE,
    DAY_LOSS,
    FORM,
    LEVEL,
    TAU_DAYS,
    csv_text,
    drawn_days,
)

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def fitted() -> list:
    """Fits of three factories drawn with the numbers of `drawn_records`."""
    return [fit_all(drawn_days(24, 75, seed), 21, 60, seed) for seed in SEEDS]


@pytest.mark.slow
def test_known_numbers_are_fitted_back_within_their_intervals(fitted: list) -> None:
    # 95 % intervals of 10 numbers in 3 factories: 28.5 of 30 hold the truth in the mean
    truths = {
        ("learning", "level"): LEVEL,
        ("learning", "day_loss"): DAY_LOSS,
        ("learning", "tau_days"): TAU_DAYS,
        ("form", "correlation"): FORM.correlation,
        ("form", "line_sd"): FORM.line_sd,
        ("form", "after_change"): FORM.after_change,
        ("absence", "mean"): ABSENCE.mean,
        ("absence", "concentration"): ABSENCE.concentration,
        ("absence", "after_day_off_factor"): ABSENCE.after_day_off_factor,
        ("absence", "correlation"): ABSENCE.correlation,
    }
    held = {}
    for (part, name), truth in truths.items():
        estimates = [getattr(getattr(fits, part), name) for fits in fitted]
        held[part, name] = sum(bool(e.holds(truth)) for e in estimates)
        # intervals that hold everything would prove nothing
        assert all(e.high - e.low < 2.0 * truth for e in estimates), name
    assert min(held.values()) >= 2, held
    assert sum(held.values()) >= 26, held


def test_the_form_of_the_day_has_the_curve_that_was_drawn(fitted: list) -> None:
    at = np.linspace(0.0, 1.0, 21)
    truth = np.interp(at, np.linspace(0.0, 1.0, len(FORM.quantiles)), FORM.quantiles)
    mean = np.mean([fits.form.quantiles for fits in fitted], axis=0)
    assert np.abs(mean - truth)[2:-2].max() < 0.06
    assert abs(np.trapezoid(mean, dx=0.05) - 1.0) < 1e-9


def without_noise() -> TeamDays:
    days = drawn_days(6, 60, 0)
    drop = np.where(days.age >= 0, DAY_LOSS * np.exp(-np.maximum(days.age, 0) / TAU_DAYS), 0.0)
    return dataclasses.replace(days, productivity=LEVEL * (1.0 - drop))


def test_a_learning_curve_without_noise_is_found_exactly() -> None:
    days = without_noise()
    fit = fit_learning(days, 0, np.random.default_rng(0))
    assert fit is not None
    assert abs(fit.level.value - LEVEL) < 1e-4
    assert abs(fit.day_loss.value - DAY_LOSS) < 1e-4
    assert abs(fit.tau_days.value - TAU_DAYS) < 1e-3
    # the losses of days 0, 1, 2, ... add up to loss / (1 - exp(-1 / tau)) = 0.3 / 0.32968
    assert abs(fit.days_lost.value - 0.90997) < 1e-3
    known = days.age >= 0
    settled, first, tau = pooled_curve(days.age[known], days.productivity[known])
    assert np.allclose((settled, first, tau), (0.8, 0.56, 2.5), atol=1e-3)


def test_too_few_style_changes_show_no_curve() -> None:
    days = without_noise()
    early = days.rows(days.day < 3)
    assert early.is_new.sum() < 8
    assert fit_learning(early, 0, np.random.default_rng(0)) is None


def test_the_curve_in_minutes_loses_as_much_work_as_the_records_show() -> None:
    # 1.0 settled days lost: 120 of 600 minutes by the stop, 0.8 by learning;
    # 0.8 = (1 - 0.5) x loss x 4 days, so the loss is 0.4
    sure = {"low": 0.0, "high": 9.0}
    fit = LearningFit(
        level=Estimate(value=0.8, **sure),
        day_loss=Estimate(value=0.2, **sure),
        tau_days=Estimate(value=4.0, **sure),
        days_lost=Estimate(value=1.0, **sure),
        changes=9,
        rows=99,
    )
    curve = curve_in_minutes(fit, UsualChange(stop_min=120.0, learned_share=0.5), 600.0)
    assert abs(curve.first_day_loss - 0.4) < 1e-12
    assert curve.tau_days == 4.0


def test_the_usual_change_is_the_mean_of_another_style_and_another_product() -> None:
    # real.yaml: stops of 90 and 180 min; kept 0.4, and 0.15 but at least the home share 0.3
    change = usual_change(read_group("scenario", "real"))
    assert change.stop_min == 135.0
    assert abs(change.learned_share - 0.35) < 1e-12


def test_output_that_stops_at_the_target_hides_the_free_level() -> None:
    # free productivity: curve to 0.9 with a scatter of 0.1; nobody delivers more than the target
    days = drawn_days(16, 60, 1)
    rng = np.random.default_rng(1)
    drop = DAY_LOSS * np.exp(-np.maximum(days.age, 0) / TAU_DAYS)
    free = 0.9 * (1.0 - drop) + 0.1 * rng.standard_normal(len(days))
    target = np.round(0.85 * (1.0 - drop), 2) + 0.02
    delivered = dataclasses.replace(days, productivity=np.minimum(free, target), target=target)
    held = fit_held_back(delivered, 20, rng)
    assert held is not None
    assert held.at_target > 0.4
    assert abs(held.free_level.value - 0.9) < 0.015
    assert abs(held.free_sd.value - 0.1) < 0.01
    known = days.age >= 0
    hidden = float((free - delivered.productivity)[known].mean())
    assert held.held_back.holds(hidden)
    assert hidden > 0.02
    assert fit_held_back(days, 0, rng) is None  # no targets


def test_people_moved_between_teams_are_not_absent() -> None:
    # 60 people; one day 57 (5 % absent); one day half of them lent away, which is no absence;
    # then a smaller crew of 30 for weeks, of whom one is missing once (1 of 30)
    workers = np.full(60, 60.0)
    workers[5], workers[15], workers[30:], workers[45] = 57.0, 30.0, 30.0, 29.0
    n = workers.shape[0]
    empty = np.zeros(n)
    days = TeamDays(
        team=np.zeros(n, dtype=np.int64),
        day=np.arange(n),
        after_off=empty > 1,
        productivity=empty,
        target=empty,
        smv_min=empty,
        workers=workers,
        is_new=empty > 1,
        age=np.arange(n),
    )
    absent = absent_share(days)
    assert np.isnan(absent[15])
    absent[15] = 0.0
    assert abs(absent[5] - 3 / 60) < 1e-12
    assert abs(absent[45] - 1 / 30) < 1e-12
    assert abs(absent.sum() - 3 / 60 - 1 / 30) < 1e-12


def test_the_correlation_with_the_next_day_is_pearsons_within_teams() -> None:
    # team 0: 1 2 3 (mean 2), team 1: 5 7 without the day between, so it adds no pair:
    # pairs (-1, 0) and (0, 1), a straight line
    days = drawn_days(2, 3, 0)
    days = dataclasses.replace(
        days,
        day=np.array([0, 1, 2, 0, 1, 3]),
        productivity=np.array([1.0, 2.0, 3.0, 5.0, 6.0, 8.0]),
    )
    team_0 = days.rows(days.team == 0)
    assert abs(lag_correlation(team_0, 1) - 1.0) < 1e-12
    # team 1 has mean 19 / 3: one pair (-4/3, -1/3) beside (-1, 0), (0, 1)
    earlier, later = np.array([-1.0, 0.0, -4 / 3]), np.array([0.0, 1.0, -1 / 3])
    assert abs(lag_correlation(days, 1) - np.corrcoef(earlier, later)[0, 1]) < 1e-12


def test_runs_side_by_side_are_measured_as_one_factory() -> None:
    one, other = drawn_days(4, 40, 1), drawn_days(3, 40, 2)
    both = joined([one, other])
    assert both.teams == 7
    expected = np.concatenate([one.productivity, other.productivity]).mean()
    assert abs(moments_of(both).mean - expected) < 1e-12
    assert moments_of(both).changes == one.is_new.sum() + other.is_new.sum()


def test_records_written_and_read_are_the_same_team_days(tmp_path: Path) -> None:
    days = drawn_days(3, 30, 5)
    path = tmp_path / "records.csv"
    path.write_text(csv_text(days))
    read = from_records(read_daily_records(path))
    for name in ("team", "day", "after_off", "is_new", "age"):
        assert np.array_equal(getattr(read, name), getattr(days, name)), name
    assert np.abs(read.productivity - days.productivity).max() < 1e-6


def test_lines_made_from_records_are_equally_fast_on_all_their_products() -> None:
    days = drawn_days(2, 30, 0)
    days = dataclasses.replace(days, smv_min=np.where(days.team == 0, 22.0, 11.0))
    scenario = read_group("scenario", "uci")
    plain = records_plant(days, ("1", "2"), "records")
    assert [line["fabric_group"] for line in plain["lines"]] == ["woven", "knit"]
    assert {line["operators"] for line in plain["lines"]} == {59}  # 60 less the usual absence

    def spread(plant: dict) -> float:
        world = build_scenario({**scenario, "people": "scenario"}, plant)
        tables = Factory(world, seed=0).tables
        smv = np.array([style.smv_min for style in tables.styles])
        share = smv / (tables.piece_min * tables.operators[:, None])
        found = share[tables.capable]
        return float(found.max() / found.min())

    assert spread(plain) > 1.1
    assert spread(evened(plain, scenario)) < 1.01


def test_a_section_people_is_replaced_not_doubled() -> None:
    text = "name: p\nlines: []\n\n# Written by x.\npeople:\n  source: a\n  form:\n    b: 1\n"
    once = with_people("name: p\nlines: []\n", "people:\n  source: b\n")
    assert with_people(text, "people:\n  source: b\n") == once
    assert with_people(once, "people:\n  source: b\n") == once
    assert once == "name: p\nlines: []\n\npeople:\n  source: b\n"


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.chdir(tmp_path)
    try:
        run_main("calibrate", task, words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.slow
def test_the_main_leaves_a_plant_that_can_be_run_a_report_and_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = csv_text(drawn_days(6, 60, 3))
    (tmp_path / "records.csv").write_text(text + "31/1/2024,Quarter1,sweing\n")
    code = run(
        tmp_path,
        monkeypatch,
        "data=records.csv",
        "plant=small",
        "refine=false",
        "draws=20",
        "hydra.run.dir=out",
    )
    out, err = capsys.readouterr()
    assert code == 0, err
    summary = json.loads(out.splitlines()[-1])
    assert summary["rows_left_out"] == 1
    assert summary["day_loss_interval"][0] <= summary["day_loss"] <= summary["day_loss_interval"][1]
    assert abs(summary["settled_level"] - summary["level"]) < 0.01
    folder = tmp_path / "out"
    assert "line 362: row left out" in (folder / "report.md").read_text()
    pictures = {p.name for p in folder.glob("*.png")}
    assert pictures == {"learning.png", "distribution.png", "day_to_day.png", "absence.png"}
    scenario = load_scenario(str(folder / "plant.yaml"), "real", disruptions="normal")
    assert scenario.form.enabled
    assert len(scenario.form.quantiles) == 33
    assert abs(scenario.absence.mean - summary["absence_mean"]) < 1e-4
    assert scenario.library.learning_class("semi").tau_days == pytest.approx(
        summary["tau_days"], abs=0.01
    )
    lines = read_group("plant", "small")["lines"]
    assert OmegaConf.to_container(OmegaConf.load(folder / "plant.yaml"))["lines"] == lines


@pytest.mark.slow
def test_a_plant_can_be_made_from_the_teams_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "records.csv").write_text(csv_text(drawn_days(3, 40, 3)))
    code = run(
        tmp_path,
        monkeypatch,
        "data=records.csv",
        "plant=records",
        "name=ours",
        "until=2024-02-01",
        "refine=false",
        "draws=20",
        "hydra.run.dir=out",
    )
    assert code == 0, capsys.readouterr().err
    scenario = load_scenario(str(tmp_path / "out" / "plant.yaml"), "uci", disruptions="normal")
    assert scenario.plant.name == "ours"
    assert [line.name for line in scenario.plant.lines] == ["team-1", "team-2", "team-3"]
    assert scenario.plant.people is not None
    assert scenario.plant.people.source == "records.csv until 2024-02-01"


def test_all_wrong_options_are_reported_together_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(
        tmp_path,
        monkeypatch,
        "until=28.2.2015",
        "plant=midd",
        "draws=1",
        "refine=maybe",
        "points=2.5",
    )
    err = capsys.readouterr().err
    assert code == 2
    for words in (
        "data: must be given",
        "until: must be a day",
        "got midd",
        "6 problems",
        "draws: must be a whole",
        "points: must be a whole",
        "refine: must be true or false",
    ):
        assert words in err, words
    assert list(tmp_path.iterdir()) == []


def test_records_that_cannot_be_fitted_end_with_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "records.csv").write_text(csv_text(drawn_days(1, 10, 0)))
    code = run(tmp_path, monkeypatch, "data=records.csv")
    err = capsys.readouterr().err
    assert code == 2
    assert "at least 2 sewing teams" in err
    assert "at least 20 working days" in err
    assert [p.name for p in tmp_path.iterdir()] == ["records.csv"]


@pytest.mark.slow
def test_the_shipped_uci_plant_is_what_calibrate_makes_of_january_and_february(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    path = (data_dir / "garment_productivity" / "garments_worker_productivity.csv").resolve()
    code = run(
        tmp_path,
        monkeypatch,
        f"data={path}",
        "until=2015-02-28",
        "plant=records",
        "name=uci",
        "hydra.run.dir=out",
    )
    assert code == 0
    made = OmegaConf.to_container(OmegaConf.load(tmp_path / "out" / "plant.yaml"))
    shipped = read_group("plant", "uci")
    del shipped["people"]["on_request"]  # of shipped plants: their scenario says whose people
    assert made == shipped
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    # matched in simulation: level and learning as in the records
    assert abs(summary["mean_simulated"] - summary["mean_records"]) < 0.015
    assert abs(summary["day_loss_simulated"] - summary["day_loss_records"]) < 0.04


def test_a_productivity_that_never_varies_has_neither_form_nor_learning() -> None:
    days = drawn_days(6, 60, 0)
    flat = fit_all(dataclasses.replace(days, productivity=np.full(len(days), 0.75)), 11, 20, 0)
    assert flat.learning is None
    assert flat.form.quantiles == (1.0,) * 11
    assert (flat.level, flat.form.sd, flat.form.correlation.value) == (0.75, 0.0, 0.0)
    assert lag_correlation(dataclasses.replace(days, productivity=days.team / 10.0), 1) == 0.0


@pytest.mark.parametrize("name", ["Line 1", "Linie ä [2]", '#3: "A"', "no", "7", "- x", "a: b"])
def test_a_line_keeps_its_name_in_the_plant_file(name: str) -> None:
    plant = yaml.safe_load(f"- name: {quote_yaml(name)}\n  x: 1")
    assert plant[0]["name"] == name
