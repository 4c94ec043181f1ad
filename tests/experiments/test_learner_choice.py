"""What ``env=`` and ``agent=`` of train.py mean, and what is said where they do not fit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from agents.card import write_card
from agents.deep.pace import PACES, SHORT
from experiments.command.main import run_main
from experiments.train import task
from experiments.training.choice import FILES, USUAL, learner_words, load_learner, same_words
from experiments.training.options import TrainOptions, resume_run
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.presets import CONF

ROOT = Path(__file__).parents[2]


def train(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "experiments" / "train.py"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=250,
    )


def test_without_env_the_scheduling_learner_is_meant_as_ever() -> None:
    assert learner_words([]) == ["agent=ppo"]
    assert learner_words(["agent=ppo", "plant=small"]) == ["agent=ppo", "plant=small"]


def test_a_learner_of_another_environment_is_another_file_and_a_site_is_added() -> None:
    site = ["site=pv_battery", "tariff=us_demand"]
    assert learner_words(["env=energy"]) == ["env=energy", "agent=sac", *site]
    assert learner_words(["env=energy", "agent=ppo"]) == ["env=energy", "agent=energy_ppo", *site]
    assert learner_words(["env=joint", "agent=ppo", "tariff=my.yaml"]) == [
        "env=joint",
        "agent=joint_ppo",
        "tariff=my.yaml",
        "site=pv_battery",
    ]
    swept = learner_words(["-m", "env=energy", "agent=sac,ppo", *site])
    assert swept == ["-m", "env=energy", "agent=sac,energy_ppo", *site]


LEARNERS = [(env, name) for env, files in FILES.items() for name in files]


@pytest.mark.parametrize(("env", "name"), LEARNERS, ids="-".join)
def test_every_file_of_a_learner_is_one_and_has_its_settings(env: str, name: str) -> None:
    assert (CONF / "agent" / f"{FILES[env][name]}.yaml").is_file()
    learner = load_learner(env, name)
    assert learner.recipe is None or learner.recipe.name == name


def test_the_usual_learner_of_an_environment_stands_first() -> None:
    assert {env: next(iter(files)) for env, files in FILES.items()} == USUAL


def test_a_resumed_run_brings_its_environment_and_learner(tmp_path: Path) -> None:
    config = {
        "env": "energy",
        "sources": {"agent": "../conf/agent/td3.yaml", "plant": "p/small.yaml"},
    }
    OmegaConf.save(OmegaConf.create(config), tmp_path / "config.yaml")
    assert learner_words([f"resume={tmp_path}"]) == [
        f"resume={tmp_path}",
        "env=energy",
        "agent=td3",
    ]
    assert set(same_words(tmp_path)) == {"env=energy", "agent=td3", "plant=small"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["env=enrgy"], ["env: must be an environment to learn", "did you mean energy?"]),
        (["env=joint", "agent=sac"], ["must be a learner of env=joint; got sac", "agent=ppo"]),
        (["agent=td3"], ["must be a learner of env=scheduling; got td3"]),
        (
            ["env=energy", "agent.width=-3", "scheduler=edf", "constraint.start=-1"],
            ["agent.width", "scheduler: must be a rule", "did you mean edd", "constraint.start"],
        ),
        (
            ["env=energy", "constraint.lateness_usd=5", "agent.prior=mcp", "energy=mpc"],
            [
                "needs agent.reward=energy_lagrangian",
                "agent.prior: must be a rule for the site",
                "energy: is learned with env=energy",
            ],
        ),
        (["env=joint", "agent.width=32"], ["agent.warm_start", "agent.width=32 must be its width"]),
        (["energy=mpc"], ["energy: needs a site to run"]),
        (
            ["agent=dqn", "agent.ahead=0", "agent.buffer_size=100", "agent.clone.rule=atsc"],
            ["agent.ahead", "agent.buffer_size: must hold a round", "did you mean", "atcs"],
        ),
        (["agent=a2c", "agent.tau=3"], ["agent.tau"]),
        (["agent=dpn"], ["agent"]),
    ],
    ids=lambda v: " ".join(v),
)
def test_what_does_not_fit_is_said_before_anything_is_written(
    words: list[str],
    said: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        run_main("train", task, learner_words(words))
    assert end.value.code == 2
    out, told = capsys.readouterr()
    assert out == ""
    for part in said:
        assert part in told
    assert not list(tmp_path.iterdir())


def resumable(folder: Path) -> Path:
    """A run folder with a config and a last checkpoint."""
    config = {
        "env": "scheduling",
        "agent": {"width": 32},
        "plant": {"name": "old"},
        "control": {"energy_weight": 2.0},
        "pool": {"size": 7},
        "validation": {"every": 77},
        "steps": 5,
        "sources": {"agent": "conf/agent/ppo.yaml", "plant": "conf/plant/small.yaml"},
    }
    OmegaConf.save(OmegaConf.create(config), folder / "config.yaml")
    (folder / "last").mkdir()
    write_card(folder / "last", {"steps": 5})
    return folder


def test_a_resumed_run_says_plant_and_learner_and_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    folder = resumable(tmp_path)
    now = TrainOptions(
        resume=str(folder),
        agent={"width": 64, "epochs": 8},
        control={"energy_weight": 1.0, "lateness_weight": 1.0},
        steps=9,
        words=("steps=9",),
    )
    gather = Gather()
    options = resume_run(now, gather)
    gather.done()
    assert options.plant_name == "old"
    pace = {**PACES[SHORT], "pace": SHORT}  # of five decisions, though more are to come
    assert options.agent == {"width": 32, "epochs": 8, **pace}  # a new key keeps its value
    assert options.control == {"energy_weight": 2.0, "lateness_weight": 1.0}
    assert (len(options.pool.seeds), options.steps) == (7, 9)
    assert options.validation.every == 77


def test_a_resumed_run_ends_where_it_was_planned_to_unless_said(tmp_path: Path) -> None:
    now = TrainOptions(resume=str(resumable(tmp_path)), steps=9)
    gather = Gather()
    assert resume_run(now, gather).steps == 5
    gather.done()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plant=mid",), "comes from the resumed run; got plant=mid"),
        (("agent.width=16", "seed=3"), "2 problems"),
    ],
)
def test_a_word_against_the_resumed_run_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    same = ("env=scheduling", "plant=small", "steps=9")
    options = TrainOptions(resume=str(resumable(tmp_path)), words=(*same, *words))
    with pytest.raises(InputError, match=said):
        resume_run(options, Gather())


def test_only_a_run_of_train_can_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be a run folder of train\.py"):
        resume_run(TrainOptions(resume=str(tmp_path)), Gather())


TINY = (
    "plant=small",
    "scenario.horizon_days=3",
    "scenario.demand.days=2",
    "pool.size=1",
    "validation.episodes=1",
    "validation.every=100",
    "eval.episodes=2",
    "eval.first_seed=210010",
    "eval.workers=1",
)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_lines_and_site_are_trained_in_turn_and_together_from_the_command_line(
    tmp_path: Path,
) -> None:
    first = train(
        "env=energy",
        "agent=ppo",
        *TINY,
        "steps=200",
        "agent.n_steps=32",
        "hydra.run.dir=site",
        folder=tmp_path,
    )
    assert first.returncode == 0, first.stderr
    figures = json.loads(first.stdout.splitlines()[-1])
    assert {"gap_closed_us_demand", "lateness_ratio", "validation_goal_usd"} <= figures.keys()
    assert figures["validation_goal_usd"] <= figures["start_goal_usd"]
    assert figures["learned"] is (figures["best_step"] > 0)
    assert {"start_ratio", "start_gap_closed", "start_total_ratio"} <= figures.keys()
    assert "left" in first.stderr or "<" in first.stderr  # the bar's time left
    lines = train(
        "agent=ppo",
        "site=pv_battery",
        "tariff=us_demand",
        "energy=site",
        *TINY,
        "steps=64",
        "agent.n_steps=16",
        "agent.envs=2",
        "agent.workers=1",
        "hydra.run.dir=lines",
        folder=tmp_path,
    )
    assert lines.returncode == 0, lines.stderr
    again = train(
        "env=energy",
        "agent=sac",
        "scheduler=lines",
        *TINY,
        "steps=120",
        "agent.warm_up=40",
        "hydra.run.dir=again",
        folder=tmp_path,
    )
    assert again.returncode == 0, again.stderr
    card = json.loads((tmp_path / "again" / "best" / "agent.json").read_text())
    assert (card["scheduler"], card["algorithm"]) == ("lines", "sac")
    both = train(
        "env=joint", *TINY, "steps=128", "agent.n_steps=32", "hydra.run.dir=both", folder=tmp_path
    )
    assert both.returncode == 0, both.stderr
    assert {"best_pair", "start_ratio"} <= json.loads(both.stdout.splitlines()[-1]).keys()
    on = train(
        "resume=both",
        "steps=256",
        "validation.episodes=1",
        "eval.episodes=2",
        "eval.first_seed=210010",
        "eval.workers=1",
        "hydra.run.dir=on",
        folder=tmp_path,
    )
    assert on.returncode == 0, on.stderr
    assert json.loads(on.stdout.splitlines()[-1])["steps"] == 256
