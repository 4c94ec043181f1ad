"""A training that was stopped and gone on with ends with the very weights of one that was not."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from agents.card import read_card
from agents.deep.a2c import A2cSettings, build_a2c
from agents.deep.baseline import no_curves
from agents.deep.energy.envs import make_site_envs
from agents.deep.energy.learner import build_learner, kept_temperature
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import (
    EnergyPpoSettings,
    EnergySettings,
    SacSettings,
    Td3Settings,
)
from agents.deep.goal import RuleRival
from agents.deep.joint.learner import JointSettings, build_joint_ppo, make_joint_envs
from agents.deep.lines import LinesSettings
from agents.deep.looks import Look
from agents.deep.ppo import PpoSettings, build_ppo, make_envs
from agents.deep.recurrent_ppo import RecurrentPpoSettings, build_recurrent_ppo
from agents.deep.semi_markov import CollectDiscounts
from agents.deep.snapshot import FILE, read_snapshot
from agents.deep.training import Judged, Schedule, Trainer
from agents.deep.valued.learner import build_dqn
from agents.deep.valued.settings import DqnSettings, QrDqnSettings
from agents.rules.edd import Edd
from agents.site_rules import site_rule
from factory_env import Scenario, load_scenario
from factory_env.errors import ArtifactError

POOL = range(10**9, 10**9 + 5)
SHORT = {"demand.days": 3, "horizon_days": 4}
PRIOR = Prior(rule="time_of_use", rules=site_rule)


class Stopped(Exception):
    """Stands for a kill in the middle of a rollout."""


def judge_weights(model: Any) -> Judged:
    """By a number made of the weights: different weights, different looks."""

    def look(seeds: Any) -> Look:
        size = sum(float(p.detach().abs().sum()) for p in model.policy.parameters())
        return Look(goal_usd=size, by_seed_usd={seed: size + seed for seed in seeds})

    return Judged(look=look)


def lines_trainer(folder: Path, workers: int = 1, **more: Any) -> Trainer:
    scenario = load_scenario("small", overrides=SHORT)
    settings = PpoSettings(
        envs=4, workers=workers, n_steps=24, batch_size=32, epochs=2, width=16, **more
    )
    torch.manual_seed(1)
    rival = RuleRival(scenario=scenario, reward=settings.reward, rule=Edd())
    envs = make_envs(scenario, settings, [*map(rival.open(), POOL)], 0.01, 1)
    model = build_ppo(envs, settings, 1)
    return Trainer(model, judge_weights(model), folder, {"algorithm": "ppo"}, averaging=0.9)


def site_scenario() -> Scenario:
    made = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
    return made.with_control("agent")


def site_trainer(folder: Path, settings: EnergySettings) -> Trainer:
    torch.manual_seed(1)
    envs = make_site_envs(site_scenario(), settings, PRIOR, Edd(), no_curves(POOL), 1)
    model = build_learner(envs, settings, 1, 1)
    kept = kept_temperature(model)
    return Trainer(model, judge_weights(model), folder, {"algorithm": "x"}, kept=kept)


def joint_trainer(folder: Path) -> Trainer:
    settings = JointSettings(envs=2, n_steps=48, batch_size=32, epochs=2, width=16)
    torch.manual_seed(1)
    envs = make_joint_envs(
        site_scenario(), settings, PRIOR, settings.order_prior, no_curves(POOL), 1
    )
    model = build_joint_ppo(envs, settings, 1)
    return Trainer(model, judge_weights(model), folder, {"algorithm": "ppo"}, averaging=0.9)


def train(
    trainer: Trainer, schedule: Schedule, *, stop: int | None = None, discounts: bool = True
) -> dict[str, torch.Tensor]:
    """The weights at the end, or at a stop in mid-rollout after so many decisions."""

    def progress(steps: int, text: str) -> None:
        if stop is not None and steps >= stop:
            raise Stopped

    callbacks = [CollectDiscounts()] if discounts else []
    try:
        trainer.train(schedule, progress, callbacks)
    except Stopped:
        pass
    finally:
        trainer.model.get_env().close()  # type: ignore[union-attr]
    return load_file(trainer.folder / "last" / "policy.safetensors")


def differ(one: dict[str, torch.Tensor], two: dict[str, torch.Tensor]) -> float:
    assert one.keys() == two.keys()
    return max(float((one[key] - two[key]).abs().max()) for key in one)


def prove(
    make: Callable[[Path], Trainer],
    tmp_path: Path,
    schedule: Schedule,
    stop: int,
    discounts: bool = True,
) -> tuple[Trainer, Trainer]:
    straight = make(tmp_path / "straight")
    whole = train(straight, schedule, discounts=discounts)
    stopped = train(make(tmp_path / "stopped"), schedule, stop=stop, discounts=discounts)
    assert differ(whole, stopped) > 0.0  # it was stopped before the end
    again = make(tmp_path / "again")
    assert again.resume(tmp_path / "stopped") == ()
    assert again.model.num_timesteps < stop
    assert differ(whole, train(again, schedule, discounts=discounts)) == 0.0
    return straight, again


def rows(folder: Path) -> list[list[str]]:
    with (folder / "validation.csv").open(newline="") as file:
        return list(csv.reader(file))


LINES = Schedule(steps=480, validate_every=150, validation_seeds=[7, 8])


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_sample_of_lines_goes_on_as_if_never_stopped(workers: int, tmp_path: Path) -> None:
    straight, again = prove(lambda f: lines_trainer(f, workers), tmp_path, LINES, stop=300)
    assert rows(tmp_path / "again") == rows(tmp_path / "straight")
    assert (straight.best_usd, straight.best_step) == (again.best_usd, again.best_step)
    assert straight.start_usd == again.start_usd
    for name in ("start", "best", "last"):
        one, two = (tmp_path / f / name / "policy.safetensors" for f in ("straight", "again"))
        assert one.read_bytes() == two.read_bytes()
        assert read_card(one.parent) == read_card(two.parent)
    logs = []
    for name in ("straight", "again"):
        with (tmp_path / name / "logs" / "progress.csv").open(newline="") as file:
            logs.append(list(csv.DictReader(file)))
    keys = [k for k in logs[0][0] if k.startswith("train/")]
    assert len(logs[0]) == 5  # a line a rollout of 96 decisions, none twice
    told = [[[float(row[k] or "nan") for k in keys] for row in log] for log in logs]
    np.testing.assert_allclose(told[0], told[1], rtol=1e-6)  # digits of float32, written


@pytest.mark.slow
def test_a_joint_agent_goes_on_as_if_never_stopped(tmp_path: Path) -> None:
    prove(joint_trainer, tmp_path, LINES, stop=250)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        EnergyPpoSettings(envs=2, n_steps=48, batch_size=32, epochs=2, width=16),
        SacSettings(envs=2, batch_size=16, buffer_size=2000, warm_up=60, width=16),
        Td3Settings(envs=2, batch_size=16, buffer_size=2000, warm_up=60, width=16),
    ],
    ids=lambda s: s.algorithm,
)
def test_who_runs_the_site_goes_on_as_if_never_stopped(
    settings: EnergySettings, tmp_path: Path
) -> None:
    prove(lambda f: site_trainer(f, settings), tmp_path, LINES, stop=290, discounts=False)


def other_lines_trainer(folder: Path, settings: LinesSettings, build: Any) -> Trainer:
    scenario = load_scenario("small", overrides=SHORT)
    torch.manual_seed(1)
    rival = RuleRival(scenario=scenario, reward=settings.reward, rule=Edd())
    envs = make_envs(scenario, settings, [*map(rival.open(), POOL)], 0.01, 1)
    model = build(envs, settings, 1)
    return Trainer(model, judge_weights(model), folder, {"learner": "x"}, averaging=0.9)


QUICK: dict[str, Any] = {"envs": 4, "workers": 1, "width": 16}
VALUED: dict[str, Any] = {
    **QUICK,
    "n_steps": 8,
    "updates": 2,
    "batch_size": 32,
    "buffer_size": 160,  # it forgets
    "warm_up": 96,
    "critic_updates": 4,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "build"),
    [
        (DqnSettings(**VALUED), build_dqn),
        pytest.param(QrDqnSettings(**VALUED), build_dqn, marks=pytest.mark.slow),
        pytest.param(
            RecurrentPpoSettings(**QUICK, n_steps=24, batch_size=32, epochs=2),
            build_recurrent_ppo,
            marks=pytest.mark.slow,
        ),
        pytest.param(A2cSettings(**QUICK, n_steps=8), build_a2c, marks=pytest.mark.slow),
    ],
    ids=["dqn", "qrdqn", "recurrent_ppo", "a2c"],
)
def test_every_learner_of_the_lines_goes_on_as_if_never_stopped(
    settings: LinesSettings, build: Any, tmp_path: Path
) -> None:
    discounts = build in (build_a2c, build_recurrent_ppo)
    prove(
        lambda f: other_lines_trainer(f, settings, build),
        tmp_path,
        LINES,
        stop=300,
        discounts=discounts,
    )


@pytest.mark.slow
def test_a_run_stopped_before_its_second_look_goes_on_as_well(tmp_path: Path) -> None:
    prove(lines_trainer, tmp_path, LINES, stop=50)


@pytest.mark.slow
def test_a_finished_run_goes_on_with_more_steps(tmp_path: Path) -> None:
    flat = {"learning_rate": 1e-3, "final_learning_rate": 1e-3}
    half = Schedule(steps=192, validate_every=150, validation_seeds=[7])
    whole = Schedule(steps=384, validate_every=150, validation_seeds=[7])
    straight = train(lines_trainer(tmp_path / "straight", **flat), whole)
    train(lines_trainer(tmp_path / "half", **flat), half)
    again = lines_trainer(tmp_path / "again", **flat)
    again.resume(tmp_path / "half")
    assert differ(straight, train(again, whole)) == 0.0


def test_what_is_written_down_is_whole_or_refused(tmp_path: Path) -> None:
    train(lines_trainer(tmp_path / "one"), LINES, stop=200)
    last = tmp_path / "one" / "last"
    snapshot = read_snapshot(last)
    assert snapshot is not None
    assert snapshot.steps == 192  # two rollouts of 96; the third was cut
    other = snapshot.adding({"places": {**snapshot.numbers["places"], "1000": {"key": 1000}}})
    fresh = lines_trainer(tmp_path / "two")
    other.write(last, fresh.model)
    with pytest.raises(ArtifactError, match="not a checkpoint that this version goes on with"):
        fresh.resume(tmp_path / "one")
    (last / FILE).write_bytes(b"half of a fi")
    with pytest.raises(ArtifactError, match="not a readable checkpoint"):
        lines_trainer(tmp_path / "three").resume(tmp_path / "one")


@pytest.mark.slow
def test_a_factory_that_lives_the_runs_otherwise_is_not_gone_on_with(tmp_path: Path) -> None:
    train(lines_trainer(tmp_path / "one"), LINES, stop=200)
    last = tmp_path / "one" / "last"
    snapshot = read_snapshot(last)
    assert snapshot is not None
    places = snapshot.numbers["places"]
    places["1000"]["actions"] = places["1000"]["actions"][:-1]
    fresh = lines_trainer(tmp_path / "two")
    snapshot.adding({"places": places}).write(last, fresh.model)
    with pytest.raises(ArtifactError, match="lives the saved runs in another way"):
        fresh.resume(tmp_path / "one")
