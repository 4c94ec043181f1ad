"""Recording: the same whoever works, exploration that is legal, wrong words told at once."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("minari")
pytest.importorskip("h5py")

from experiments import record
from experiments.command.main import run_main
from experiments.recording.options import RecordOptions
from experiments.recording.playing import Stage
from factory_env import load_scenario
from factory_env.envs.datasets import load_dataset
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1

SHORT = ("plant=small", "scenario.demand.days=4", "scenario.horizon_days=8", "episodes=2")


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("small", overrides={"demand.days": 4, "horizon_days": 8})


def stage(scenario, **more) -> Stage:
    given = {"policies": ("edd",), "epsilon": 0.0, "seed": 1, "hold": "free", "reward": "cost"}
    return Stage(scenario=scenario, **(given | more))


def test_without_exploration_a_recording_is_the_rules_own_run(scenario) -> None:
    from agents.rules.edd import Edd
    from factory_env import simulate
    from factory_env.kpi.table import kpis

    kept = stage(scenario).open()(("edd", 5))
    assert kept.cost_usd == pytest.approx(kpis(simulate(scenario, Edd(), 5))["total_cost_usd"])
    assert np.array_equal(kept.actions, kept.infos["policy_action"][:-1])


def test_a_recording_with_exploration_is_legal_and_repeats(scenario) -> None:
    one, two = (stage(scenario, epsilon=0.5).open()(("edd", 5)) for _ in range(2))
    assert np.array_equal(one.actions, two.actions)
    rows = np.arange(len(one))
    assert one.observations["mask"][rows, one.actions].all()
    assert (one.actions != one.infos["policy_action"][:-1]).any()
    assert one.terminations[-1] or one.truncations[-1]


def test_a_recording_without_holds_has_none(scenario) -> None:
    kept = stage(scenario, epsilon=0.5, hold="never").open()(("edd", 5))
    shown = kept.observations["mask"][:-1]
    alone = shown[:, 0] == 1  # where nothing else is legal
    assert (kept.actions[~alone] > 0).all()


def test_a_dataset_is_recorded_and_read_back(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    words = [*SHORT, "policies=[edd,spt]", "workers=1", "epsilon=0", "dataset=night-v2"]
    run_main("record", record.task, words)
    said = capsys.readouterr()
    summary = json.loads(said.out.splitlines()[-1])
    assert "names no environment" in said.err  # demand.days cannot be said by an id
    data = load_dataset(tmp_path / summary["dataset"])
    assert data.name == "night-v2"
    assert data.policies == ("edd", "spt")
    assert (len(data.episodes), len(data)) == (summary["episodes"], summary["decisions"])
    assert data.mean_costs_usd() == pytest.approx(summary["mean_costs_usd"])


def test_a_plain_recording_can_make_its_environment_again(tmp_path, monkeypatch, capsys) -> None:
    minari = pytest.importorskip("minari")
    monkeypatch.chdir(tmp_path)
    line = ["plant=small", "episodes=1", "policies=[fifo]", "workers=1", "hold=once", "name=one"]
    run_main("record", record.task, line)
    capsys.readouterr()
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "runs" / "record" / "one"))
    env = minari.load_dataset("small-v1").recover_environment()
    assert isinstance(env.unwrapped, SchedulingEnvV1)


def test_everything_wrong_is_told_at_once_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["policies=[edd,edd,atsc]", "epsilon=2", "dataset=mine", "reward=cosst", "hold=maybe"]
    with pytest.raises(SystemExit) as end:
        run_main("record", record.task, ["plant=small", *words])
    assert end.value.code == 2
    shown = capsys.readouterr().err
    for said in (
        "policies: must name somebody, each once",
        "did you mean atc",
        "epsilon: must be a number from 0 to 1",
        "dataset: must be letters, digits and _, then a version",
        "reward: must be a file of envs/rewards",
        "hold: must be one of free, once, never",
    ):
        assert said in shown
    assert list(tmp_path.iterdir()) == []


def test_the_datasets_name_says_its_plant() -> None:
    assert RecordOptions(plant={"name": "small"}).name == "small-v1"
    assert RecordOptions(plant={"name": "my plant (2)"}).name == "my_plant__2_-v1"
