"""Evaluation of site policies: names, figures, front, and the main as a user starts it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agents.curtailed import SPARE_DAYS, Curtailed
from agents.energy.always_on import AlwaysOn
from agents.energy.time_of_use import TimeOfUse
from agents.rules.edd import Edd
from agents.team import Team
from experiments.building.site_policy import site_agent
from experiments.command.main import run_main
from experiments.evaluate import task
from experiments.evaluating import overhead
from experiments.evaluating.joint import joint_figures
from experiments.evaluating.overhead import measure
from experiments.evaluating.pareto import draw_pareto, front
from experiments.evaluating.site import RULES, reference_figures, site_figures
from experiments.evaluating.site_runs import BOUND, PARTS, measure_site
from experiments.evaluating.tournament import Arena, Player, Results
from factory_env import load_scenario, simulate
from factory_env.errors import InputError
from factory_env.sim.run import Factories

SHORT = ("plant=small", "scenario.horizon_days=12", "scenario.demand.days=8")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `evaluate.py` in an empty folder; returns exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def start(*argv: str) -> tuple[int, str, str]:
        code = 0
        try:
            run_main("evaluate", task, argv)
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return start


def results(name: str, site: list[float], late: list[float], **more: list[float]) -> Results:
    """A policy whose site costs nothing but energy."""
    zeros = [0.0] * len(site)
    columns = dict.fromkeys(PARTS, zeros) | {
        "energy": site,
        "site": site,
        "paid": site,
        "lateness": late,
        "total": [a + b for a, b in zip(site, late, strict=True)],
        "co2_kg": site,
        "bill_error": zeros,
        "kwh_per_piece": zeros,
        "mj_per_piece": zeros,
        **more,
    }
    arrays = {k: np.array(v) for k, v in columns.items()}
    player = Player(name=name, lines="edd", site=name)
    return Results(player=player, seeds=tuple(range(len(site))), columns=arrays)


def four() -> list[Results]:
    return [
        results("always_on", [100.0, 140.0], [10.0, 30.0], **{BOUND: [40.0, 60.0]}),
        results("time_of_use", [90.0, 110.0], [10.0, 30.0]),
        results("peak_shave", [95.0, 125.0], [10.0, 30.0]),
        results("mine", [60.0, 80.0], [8.0, 30.0]),
    ]


def test_the_gap_closed_is_that_between_the_best_rule_and_the_bound() -> None:
    found = site_figures(four(), "mine", "us")
    assert found["best_rule"] == "time_of_use"
    # means: rule 100, mine 70, bound 50: 30 of 50
    assert found["gap_closed_us"] == pytest.approx(0.6)
    # seeds by themselves: 30 of 50, and 30 of 50
    assert found["gap_closed_us_ci_low"] == pytest.approx(0.6)
    assert found["gap_closed_us_ci_high"] == pytest.approx(0.6)
    # lateness 38 against 40; 8/10 and 30/30 without a seed, so a standard error of 0.1, and
    # Student's t of two seeds is 12.706
    assert found["lateness_ratio"] == pytest.approx(0.95)
    assert found["lateness_ratio_ci_low"] == 0.0  # 0.95 - 1.2706 would be below: no cost ratio is
    assert found["lateness_ratio_ci_high"] == pytest.approx(0.95 + 1.2706)
    assert (found["cost_usd_mine"], found["cost_usd_bound"]) == (70.0, 50.0)
    assert "mpc_gap_closed" not in found


def test_a_joint_policy_is_compared_with_the_cheapest_pair_in_all() -> None:
    found = joint_figures(four(), "mine")
    # in all: always_on 140, time_of_use 120, peak_shave 130; mine 89
    assert found["best_pair"] == "time_of_use"
    assert found["total_difference_usd"] == pytest.approx(89.0 - 120.0)
    assert found["total_difference_usd_ci_low"] == pytest.approx(-31.0 - 12.706)  # seeds: -32, -30
    assert found["total_difference_usd_ci_high"] == pytest.approx(-31.0 + 12.706)
    assert found["site_usd"] == 70.0


def test_the_front_holds_what_nothing_beats() -> None:
    bill = np.array([3.0, 1.0, 2.0, 2.0, 3.0, 1.0])
    late = np.array([1.0, 5.0, 4.0, 3.0, 2.0, 5.0])
    # (2, 4) and (3, 2) are beaten; two equal points do not beat each other
    assert front(bill, late).tolist() == [1, 5, 3, 0]


def test_the_picture_of_the_fronts_is_drawn(tmp_path: Path) -> None:
    path = draw_pareto(four(), tmp_path / "pareto.png", "four policies", bound_usd=50.0)
    assert path.stat().st_size > 20_000


def test_a_site_agent_is_named_by_rule_parameters_and_curtailment() -> None:
    rule = site_agent("time_of_use@day_c:29", "no_such_tariff")
    assert rule == TimeOfUse(day_c=29.0)
    curtailed = site_agent("always_on@lines:0.5", "us_demand")
    assert curtailed == Curtailed(site=AlwaysOn(), lines=0.5)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("time_of_us", "try time_of_use"),
        ("time_of_use@day=29", "key:number"),
        ("time_of_use@days_c:29", "no parameter days_c"),
        ("always_on@lines:1.5", "from 0 to 1"),
        ("no/such/folder", "a run folder or pretrained"),
        (".", "no saved agent here"),
    ],
)
def test_a_name_that_means_nobody_is_refused(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=words):
        site_agent(name, "us_demand")


def test_curtailed_lines_stand_in_dear_hours_only_and_never_those_in_a_hurry() -> None:
    made = load_scenario(
        "small",
        site="pv_battery",
        tariff="us_demand",
        overrides={"horizon_days": 8, "demand.days": 4, "control.mode": "agent"},
    )
    asked: list[tuple[bool, int, int]] = []

    class Watched:
        def run_site(self, choice):
            answer = Curtailed(site=AlwaysOn(), lines=0.0).run_site(choice)
            hour = choice.slot % 96 // 4
            is_peak = 14 <= hour < 23  # in June these pay demand by themselves
            hurried = int((choice.slack_days < SPARE_DAYS).sum())
            asked.append((is_peak, answer.lines_allowed, hurried))
            return answer

    simulate(made, Team(lines=Edd(), site=Watched()), 1)
    assert all(allowed == (hurried if is_peak else 3) for is_peak, allowed, hurried in asked)
    assert any(allowed < 3 for _, allowed, _ in asked)


def test_a_run_has_the_same_figures_whoever_played_before_it() -> None:
    made = load_scenario(
        "small",
        site="pv_battery",
        tariff="us_demand",
        overrides={"horizon_days": 12, "demand.days": 8},
    )
    arena = Arena(scenario=made.with_control("agent"), measure=measure_site)
    names = ("always_on", "time_of_use")
    usual, priced = (Player(name=name, lines="edd", site=name) for name in names)
    play = arena.open()
    first = {player.name: play((player, 210_000)) for player in (usual, priced)}
    assert arena.open()((priced, 210_000)) == first[priced.name]
    for found in first.values():
        assert sum(found[part] for part in PARTS) == pytest.approx(found["site"], abs=1e-6)
        assert found["bill_error"] < 1e-6
    assert 0.0 < first["always_on"][BOUND] < min(f["site"] for f in first.values())


def test_evaluate_prints_the_keys_and_draws_both_pictures(run: Run) -> None:
    code, out, err = run(
        "env=energy",
        *SHORT,
        "agent=time_of_use@lines:0.5",
        "scheduler=edd",
        "also=[peak_shave@day_c:29]",
        "eval.first_seed=210000",
        "eval.episodes=2",
        "eval.workers=1",
        "eval.mpc=false",
        "eval.overhead=false",
        "eval.variants=[]",
    )
    assert code == 0, err
    found = json.loads(out.splitlines()[-1])
    folder = Path(found["run_folder"])
    for name in ("energy_comparison.png", "pareto.png"):
        assert (folder / name).stat().st_size > 20_000
    assert found["tariff"] == "us_demand"
    for key in ("gap_closed_us_demand", "lateness_ratio", "tariff_reference", "kwh_per_piece"):
        assert key in found
    assert found["bill_max_error"] < 1e-6
    assert found["tariff_reference"] <= 1.0
    assert (found["first_seed"], found["episodes"]) == (210_000, 2)
    assert "clairvoyant bound" in out
    by_seed = json.loads((folder / "energy_by_seed.json").read_text())
    assert by_seed["seeds"] == [210_000, 210_001]
    assert {*RULES, "peak_shave@day_c:29"} < by_seed["policies"].keys()
    best = min(np.mean(by_seed["policies"][rule]["site"]) for rule in RULES)
    bound = np.mean(by_seed["policies"]["always_on"][BOUND])
    mine = found["cost_usd_time_of_use_lines_0_5"]
    assert found["gap_closed_us_demand"] == pytest.approx((best - mine) / (best - bound))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("env=enrgy",), "must be scheduling, energy, joint"),
        (
            ("env=energy", "agent=time_of_us", "scheduler=ed", "eval.episodes=1", "eval.mpc=maybe"),
            "4 problems",
        ),
        (("env=joint", "agent=nobody"), "train.py env=joint"),
    ],
)
def test_wrong_words_end_with_code_2_and_no_folder(
    words: tuple[str, ...], message: str, run: Run, tmp_path: Path
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.rglob("summary.json"))


def test_the_engine_meets_every_worked_value() -> None:
    found = reference_figures()
    assert len(found["tariff_reference_values"]) == 10
    assert found["tariff_reference"] <= 1.0


def test_the_overhead_is_the_ratio_of_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, int]] = []

    def seconds(make: Factories, seed: int) -> float:
        has_energy = make.scenario.energy is not None
        asked.append((has_energy, seed))
        return 3.0 if has_energy else 2.0

    monkeypatch.setattr(overhead, "seconds", seconds)
    found = measure(pairs=5, plant="small")
    assert (found.low, found.mean, found.high) == (1.5, 1.5, 1.5)
    measured = asked[-10:]  # what comes before fills the caches
    assert [seed for _, seed in measured[::2]] == [seed for _, seed in measured[1::2]]
    assert [has_energy for has_energy, _ in measured[::2]] == [True, False, True, False, True]


@pytest.mark.slow
def test_the_overhead_is_a_ratio_with_its_interval() -> None:
    found = measure(pairs=5, plant="small")
    assert 0.5 < found.low <= found.mean <= found.high < 3.0
