"""The search of settings: its space is checked, killed trials run again, finished ones never."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from omegaconf import OmegaConf

optuna = pytest.importorskip("optuna")

from agents.deep.ppo import PpoSettings  # noqa: E402
from experiments import search  # noqa: E402
from experiments.command.main import run_main  # noqa: E402
from experiments.searching import study as studies  # noqa: E402
from experiments.searching.options import JOURNAL, SearchOptions, merge_settings  # noqa: E402
from experiments.searching.space import Axis, read_space  # noqa: E402
from experiments.searching.trial import LOOKS, Watch  # noqa: E402
from experiments.training.choice import FILES, learner_words  # noqa: E402
from factory_env.door.gather import Gather  # noqa: E402
from factory_env.presets import CONF, read_group  # noqa: E402

AXES = (
    Axis(key="learning_rate", low=1e-4, high=1e-2, log=True),
    Axis(key="n_steps", choices=(64, 128)),
    Axis(key="epochs", low=2, high=6),
)
AGENT = {"learning_rate": 1e-3, "n_steps": 256, "epochs": 4}
SHORT = (
    "plant=small",
    "scenario.demand.days=3",
    "scenario.horizon_days=6",
    "pool.size=2",
    "validation.episodes=2",
    "validation.every=64",
    "agent.envs=2",
    "agent.clone.decisions=64",
    "agent.clone.epochs=1",
    "agent.critic_rollouts=0",
    "steps=64",
    "seeds=2",
)


def options(**more) -> SearchOptions:
    return SearchOptions(agent=AGENT, trials=3, **more)


def test_a_space_is_read_with_nested_keys_and_whole_numbers_stay_whole() -> None:
    gather = Gather()
    given = {"epochs": {"low": 2, "high": 6}, "prior": {"k3": {"choices": [0.1, 0.3]}}}
    axes = read_space(given, read_group("agent", "ppo"), PpoSettings, gather)
    gather.done()
    assert [axis.key for axis in axes] == ["epochs", "prior.k3"]
    assert isinstance(studies.distributions(axes)["epochs"], optuna.distributions.IntDistribution)
    agent = {"epochs": 8, "prior": {"k1": 2.0, "k3": 0.2}}
    laid = merge_settings(agent, {"epochs": 3, "prior.k3": 0.3})
    assert laid == {"epochs": 3, "prior": {"k1": 2.0, "k3": 0.3}}
    assert agent["prior"]["k3"] == 0.2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "must hold at least one setting"),
        ({"learning_rat": {"low": 0.1, "high": 0.2}}, "did you mean 'learning_rate'"),
        ({"epochs": {"low": 5, "high": 2}}, "must have a low below its high"),
        ({"epochs": {"low": 1, "hihg": 2}}, "did you mean 'high'"),
        ({"clip_range": {"low": -1.0, "high": 0.2}}, "search.clip_range: must be a number more"),
        ({"epochs": {"low": 0.5, "high": 3}}, "search.epochs: must be a whole number"),
        ({"entropy": {"low": 0.0, "high": 1.0, "log": True}}, "low more than 0"),
        ({"n_steps": {"choices": [64]}}, "must be two values or more"),
        ({"n_steps": {"choices": [64, 128], "low": 2}}, "a range or choices, not both"),
        ({"network": {"choices": ["flat", "deep"]}}, "got 'deep'"),
        ({"envs": {"choices": [16, 15]}}, "must divide over agent.workers"),
        ({"epochs": 4}, "must say low and high, or choices"),
    ],
)
def test_what_is_wrong_with_a_space_is_told_before_anything_runs(given, words: str) -> None:
    gather = Gather()
    read_space(given, read_group("agent", "ppo"), PpoSettings, gather)
    assert words in "\n".join(map(str, gather.problems))


def test_every_shipped_space_fits_the_learner_of_its_name() -> None:
    for path in (CONF / "search").glob("*.yaml"):
        assert path.stem in FILES["scheduling"].values()
        gather = Gather()
        agent = read_group("agent", path.stem)
        axes = read_space(read_group("search", path.stem), agent, PpoSettings, gather)
        gather.done()
        assert len(axes) > 3


def test_a_search_begins_with_the_agents_own_values_that_the_space_holds(tmp_path: Path) -> None:
    studies.begin_study(tmp_path, options(), AXES)
    first = studies.open_study(tmp_path, options(), 0).ask(studies.distributions(AXES))
    assert first.params["learning_rate"] == 1e-3
    assert first.params["epochs"] == 4
    assert first.params["n_steps"] in (64, 128)  # 256 is outside


def test_a_trial_whose_process_died_is_run_again_with_its_settings(tmp_path: Path) -> None:
    study = studies.open_study(tmp_path, options(), 1)
    whole, killed = (study.ask(studies.distributions(AXES)) for _ in range(2))
    study.tell(whole, 0.9)
    with (tmp_path / JOURNAL).open("a") as file:  # the process died over a line
        file.write('{"op_code": 4, "worker_')
    studies.mend_journal(tmp_path)
    assert studies.requeue_trials(tmp_path, options()) == 1
    study = studies.open_study(tmp_path, options(), 2)
    assert [trial.number for trial in studies.finished_trials(study)] == [0]
    assert study.ask(studies.distributions(AXES)).params == killed.params
    assert studies.requeue_trials(tmp_path, options()) == 1  # that one is open again


def test_settings_that_cannot_be_learned_with_count_as_finished(tmp_path: Path) -> None:
    study = studies.open_study(tmp_path, options(), 0)
    trial = study.ask(studies.distributions(AXES))
    trial.set_user_attr(studies.ERROR, "ValueError: NaN")
    study.tell(trial, state=optuna.trial.TrialState.FAIL)
    assert len(studies.finished_trials(study)) == 1


def test_only_one_search_at_a_time_goes_on_in_a_folder(tmp_path: Path) -> None:
    with (
        studies.claim_search(tmp_path),
        pytest.raises(Exception, match="still going on"),
        studies.claim_search(tmp_path),
    ):
        raise AssertionError
    with studies.claim_search(tmp_path):
        pass  # it is free again


def test_a_trial_that_stands_worse_than_the_median_is_ended(tmp_path: Path) -> None:
    given = options(startup=2)
    study = studies.open_study(tmp_path, given, 0)
    for ratio in (0.9, 1.0, 0.8):
        trial = study.ask(studies.distributions(AXES))
        watch = Watch(trial, 100.0, 0, ())
        watch.tell(0, 110.0)
        watch.tell(64, 100.0 * ratio)
        study.tell(trial, ratio)
    watch = Watch(study.ask(studies.distributions(AXES)), 100.0, 0, ())
    watch.tell(0, 120.0)  # the start is never judged
    with pytest.raises(optuna.TrialPruned):
        watch.tell(64, 95.0)  # the median at the second look is 0.9
    assert study.get_trials()[-1].intermediate_values == {0: 1.2, 1: 0.95}


def test_the_second_training_seed_is_compared_with_second_ones(tmp_path: Path) -> None:
    study = studies.open_study(tmp_path, options(), 0)
    trial = study.ask(studies.distributions(AXES))
    Watch(trial, 100.0, 1, [0.8]).tell(0, 100.0)
    # median of 0.8 of the first seed and 1.0 of the second
    assert study.get_trials()[0].intermediate_values == {LOOKS: pytest.approx(0.9)}


@pytest.mark.slow
def test_a_resumed_search_refuses_what_its_run_says_otherwise(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old").mkdir()
    OmegaConf.save({"seed": 4, "sources": {"plant": "conf/plant/small.yaml"}}, "old/config.yaml")
    for words in (["resume=old"], ["resume=nowhere"]):
        with pytest.raises(SystemExit):
            run_main("search", search.task, learner_words(words))
        assert "resume: must be a run folder of search.py" in capsys.readouterr().err
    (tmp_path / "old" / JOURNAL).touch()
    with pytest.raises(SystemExit):
        run_main("search", search.task, learner_words(["resume=old", "plant=mid", "seeds=2"]))
    shown = capsys.readouterr().err
    assert "plant: comes from the resumed search" in shown
    assert "seeds: comes from the resumed search" in shown
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_a_search_is_resumed_and_its_best_file_trains(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    run_main("search", search.task, learner_words([*SHORT, "trials=2", "workers=2", "name=one"]))
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert first["trials"] == first["trials_run"] == 2
    assert first["complete"] + first["pruned"] == 2
    more = ["resume=runs/search/one", "trials=3", "workers=1", "name=two"]
    run_main("search", search.task, learner_words(more))
    second = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (second["trials"], second["trials_run"]) == (3, 1)
    assert OmegaConf.load("runs/search/two/config.yaml").steps == 64  # as the first one said
    again = ["resume=runs/search/two", "trials=3", "name=three"]
    run_main("search", search.task, learner_words(again))
    third = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (third["trials"], third["trials_run"]) == (3, 0)
    text = Path("runs/search/three/trials.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["trial"] for row in rows] == ["0", "1", "2"]
    assert all(len(row["ratios"].split()) == 2 for row in rows if row["state"] == "complete")
    best = OmegaConf.load(third["best_file"])
    assert best.learner == "ppo"
    assert best.n_steps == third["best_params"]["n_steps"]
    from experiments import train

    few = ["eval.episodes=2", "eval.workers=1", "agent.workers=1"]
    line = [f"agent={third['best_file']}", *[w for w in SHORT if not w.startswith("seeds")], *few]
    run_main("train", train.task, learner_words(line))
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["steps"] >= 64
