"""Code that a user names is a policy, or one clear error."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from agents.team import Team
from experiments.building.decider import read_decider
from experiments.building.guarded import HUNG, ILLEGAL, RAISED, Guarded
from experiments.building.policy import policy_from
from experiments.building.site_policy import joint_agent, site_agent
from experiments.simulate import main as simulate_main
from factory_env import load_scenario, simulate
from factory_env.errors import InputError, PolicyFailure
from tests.experiments.own_policies import write_policies

needs_alarms = pytest.mark.skipif(sys.platform == "win32", reason="no alarms on Windows")
SHORT = {"horizon_days": 12, "demand.days": 6}
SCENARIO = load_scenario("small", overrides=SHORT)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    return tmp_path


def make_site(word: str, seconds: float):
    return site_agent(word, "us_demand", seconds)


def cost_usd(word: str, params: dict[str, float] | None = None) -> float:
    return sum(simulate(SCENARIO, policy_from(word, params), 3).cost_usd.values())


def test_a_class_a_builder_an_object_and_values_make_the_same_policy(folder: Path) -> None:
    words = ["mine.py:make", "mine.py:ready", "mine.py:Cheapest@alpha:0.5", "mine:make"]
    costs = {cost_usd(word) for word in words} | {cost_usd("mine.py:Cheapest", {"alpha": 0.5})}
    assert len(costs) == 1
    assert costs != {cost_usd("mine.py:first")}


def test_a_function_of_a_decision_answers_itself(folder: Path) -> None:
    assert cost_usd("mine.py:first") == cost_usd("fifo")


def test_a_rule_takes_values_behind_an_at() -> None:
    assert cost_usd("atcs@k1:7") == cost_usd("atcs", {"k1": 7.0}) != cost_usd("atcs")


def test_a_folder_comes_before_a_module(folder: Path) -> None:
    (folder / "mine.py:make").mkdir()
    assert read_decider("mine.py:make").kind == "saved agent"
    assert read_decider("mine.py:first").kind == "your own policy"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mine.py:Mute", "must have a method choose(decision)"),
        ("mine.py:Needy", "missing a required argument: 'alpha'"),
        ("mine.py:Cheapest@beta:1", "has no parameter beta; got 'mine.py:Cheapest'; known: alpha"),
        ("mine.py:Cheapest@alfa:1", "has no parameter alfa; got 'mine.py:Cheapest'; did you mean"),
        ("mine.py:first@alpha:1", "has no parameter alpha; got 'mine.py:first'; known: none"),
        ("mine.py:make@beta:1", "known: alpha"),
        ("mine.py:Cheepest", "mine.py:Cheapest"),
        ("mine.py", "must say what in the file decides"),
        ("mine.py:np", "must be a class, a function or an object"),
        ("mine.py:ready@alpha:1", "takes no params"),
        ("nowhere.py:Policy", "must name a Python file that is there"),
        ("no_such.package:Policy", "must be a module that can be found"),
        ("mine.py:Cheapest@alpha", "key:number"),
        ("atcs@nowhere", "must be tuned for plant"),
    ],
)
def test_what_is_no_policy_is_one_line(word: str, said: str, folder: Path) -> None:
    with pytest.raises(InputError) as error:
        policy_from(word)
    assert len(error.value.problems) == 1
    assert said in str(error.value)
    assert word.partition("@")[0] in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class Policy:\n    x = 1 / 0\n", "broken.py:2: ZeroDivisionError: division by zero"),
        ("def policy(:\n", "broken.py:1: SyntaxError"),
        ("import no_such_package\n", "broken.py:1: ModuleNotFoundError"),
        ("raise SystemExit(0)\n", "broken.py:1: SystemExit"),
    ],
)
def test_a_file_that_can_not_be_loaded_is_named_with_its_line(
    text: str, said: str, folder: Path
) -> None:
    (folder / "broken.py").write_text(text)
    with pytest.raises(InputError) as error:
        policy_from("broken.py:Policy")
    assert said in str(error.value)


def test_a_constructor_that_raises_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(InputError, match=r"mine\.py:\d+: RuntimeError: no licence"):
        policy_from("mine.py:Stillborn")


@needs_alarms
@pytest.mark.parametrize("make", [policy_from, joint_agent, make_site])
def test_a_constructor_that_hangs_is_named_with_its_line(make, folder: Path) -> None:
    with pytest.raises(InputError, match=r"mine\.py:\d+: TimeoutError: it took more than 0.3 s"):
        make("mine.py:Unready", seconds=0.3)
    assert policy_from("mine.py:Cheapest", seconds=None) is not None


def test_a_file_is_read_anew_after_a_change(folder: Path) -> None:
    (folder / "turn.py").write_text("def choose(decision):\n    return 1\n")
    first = cost_usd("turn.py:choose")
    (folder / "turn.py").write_text("def choose(decision):\n    return len(decision.table)\n")
    assert cost_usd("turn.py:choose") != first


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ("mine.py:Raises", RAISED, "ValueError: lost my way"),
        ("mine.py:NotANumber", ILLEGAL, "got nan"),
        ("mine.py:OutOfRange", ILLEGAL, "out of range"),
    ],
)
def test_a_policy_that_fails_is_named(word: str, kind: str, said: str, folder: Path) -> None:
    with pytest.raises(PolicyFailure) as failure:
        cost_usd(word)
    assert (failure.value.policy, failure.value.kind) == (word, kind)
    assert said in failure.value.reason
    assert ("mine.py" in failure.value.trace) == (kind == RAISED)
    assert "guarded.py" not in failure.value.trace


def test_a_policy_that_hangs_is_stopped_where_it_hangs(folder: Path) -> None:
    policy = Guarded(policy_from("mine.py:Hangs"), "mine", seconds=0.3)
    begin = time.monotonic()
    with pytest.raises(PolicyFailure) as failure:
        simulate(SCENARIO, policy, 3)
    assert time.monotonic() - begin < 20.0
    assert failure.value.kind == HUNG
    assert "time.sleep(0.01)" in failure.value.trace


def test_the_time_is_that_of_one_run_alone(folder: Path) -> None:
    policy = Guarded(policy_from("mine.py:Cheapest"), "mine", seconds=30.0)
    for seed in range(2):
        simulate(SCENARIO, policy, seed)
    asked = threading.Thread(target=simulate, args=(SCENARIO, policy, 3))  # no alarm there
    asked.start()
    asked.join(60.0)
    assert not asked.is_alive()


def test_simulate_names_a_policy_that_fails_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        simulate_main(["agent=mine.py:Raises", "plant=small", "pictures=false"])
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "mine.py:Raises raised: ValueError: lost my way" in said
    assert 'raise ValueError("lost my way")' in said


def test_simulate_plays_a_policy_with_params(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "plant=small",
        "scenario.horizon_days=12",
        "scenario.demand.days=6",
        "seed=3",
        "pictures=false",
    ]
    simulate_main([*words, "agent=mine.py:Cheapest", "params.alpha=0.5"])
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert summary["total_cost_usd"] == pytest.approx(cost_usd("mine.py:make"))


@pytest.mark.slow
def test_code_runs_the_site_and_both(folder: Path) -> None:
    scenario = load_scenario("small", site="pv_battery", tariff="us_demand", overrides=SHORT)
    scenario = scenario.with_control("agent")
    usual = simulate(scenario, policy_from("mine.py:Cheapest"), 1).cost_usd
    site = site_agent("mine.py:Site", "us_demand")
    team = Team(lines=policy_from("mine.py:Cheapest"), site=site)
    assert simulate(scenario, team, 1).cost_usd == usual
    assert simulate(scenario, joint_agent("mine.py:Both"), 1).cost_usd == usual
    with pytest.raises(InputError, match="run_site"):
        site_agent("mine.py:Cheapest", "us_demand")
    with pytest.raises(InputError, match="run_site"):
        joint_agent("mine.py:Cheapest")
