"""The training loop by itself: when it looks, what it keeps and writes, and where it goes on."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from stable_baselines3 import PPO
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.env_util import make_vec_env

from agents.card import read_card, write_card
from agents.deep.energy.lagrangian import KeptMultiplier, LatenessPrice
from agents.deep.energy.learner import KeptTemperature
from agents.deep.going_on import NEW_RUNS, tell_schedule
from agents.deep.looks import PAIRED, Look
from agents.deep.training import Judged, Schedule, Trainer
from factory_env.errors import ArtifactError

SCHEDULE = Schedule(steps=64, validate_every=32, validation_seeds=(7, 8))


def model() -> BaseAlgorithm:
    envs = make_vec_env("CartPole-v1", n_envs=1, seed=1)
    return PPO("MlpPolicy", envs, n_steps=16, batch_size=16, n_epochs=1, seed=1, device="cpu")


@dataclass
class Scripted:
    """Says given goals, one look after the other, and remembers the seeds."""

    goals: Sequence[float]
    seeds: list[Sequence[int]] = field(default_factory=list)

    def look(self, seeds: Sequence[int]) -> Look:
        self.seeds.append(tuple(seeds))
        usd, apart = self.goals[len(self.seeds) - 1], len(self.seeds)
        if len(self.seeds) > 1:
            apart += 1
        return Look(
            goal_usd=usd,
            beside={"energy_usd": 1.5, "x": None},
            by_seed_usd={7: usd - apart, 8: usd + apart},
        )


def trainer(
    folder: Path, goals: Sequence[float], **more: object
) -> tuple[Trainer, Scripted, Callable[[], list[list[str]]]]:
    judge = Scripted(goals)
    judged = Judged(look=judge.look, column="cost_usd", entry="validation_cost_usd")
    card = {"kind": "made", "algorithm": "ppo"}
    made = Trainer(model(), judged, folder, card, **more)

    def lines() -> list[list[str]]:
        with (folder / "validation.csv").open(newline="") as file:
            return list(csv.reader(file))

    return made, judge, lines


def test_it_looks_at_the_start_after_every_span_and_at_the_end(tmp_path: Path) -> None:
    made, judge, lines = trainer(tmp_path, [50.0, 40.0, 45.0])
    told: list[tuple[int, str]] = []
    made.train(SCHEDULE, lambda steps, text: told.append((steps, text)))
    assert judge.seeds == [(7, 8)] * 3
    # rollouts of 16: the look after 32 steps comes before the third one
    assert lines() == [
        ["steps", "cost_usd", "best_so_far_usd", *PAIRED, "energy_usd", "x", "usd_7", "usd_8"],
        ["0", "50.0", "50.0", "0.0", "0.0", "1.5", "", "49.0", "51.0"],
        # run by run the start was dearer by 12 and 8: 10, with a standard error of 2
        ["32", "40.0", "40.0", "10.0", "2.0", "1.5", "", "37.0", "43.0"],
        ["64", "45.0", "40.0", "5.0", "3.0", "1.5", "", "41.0", "49.0"],
    ]
    assert (made.start_usd, made.best_usd) == (50.0, 40.0)
    best, last = (read_card(tmp_path / name) for name in ("best", "last"))
    assert (best["steps"], best["validation_cost_usd"]) == (32, 40.0)
    assert (last["steps"], last["validation_cost_usd"]) == (64, None)
    assert (best["best_step"], last["best_step"], made.best_step) == (32, 32, 32)
    assert told[-1] == (64, "validation 45 USD, best 40")


def test_the_weights_it_began_with_are_kept(tmp_path: Path) -> None:
    made, *_ = trainer(tmp_path, [50.0, 60.0, 70.0])
    begun = {k: v.detach().clone() for k, v in made.model.policy.named_parameters()}
    made.train(SCHEDULE, lambda steps, text: None)
    kept = {name: load_file(tmp_path / name / "policy.safetensors") for name in ("start", "best")}
    assert all(torch.equal(begun[k], kept["start"][k]) for k in begun)
    assert all(torch.equal(begun[k], kept["best"][k]) for k in begun)  # nothing beat it
    assert read_card(tmp_path / "best")["best_step"] == 0


def test_the_last_weights_are_saved_if_training_breaks(tmp_path: Path) -> None:
    made, _, lines = trainer(tmp_path, [50.0])  # the second look fails

    with pytest.raises(IndexError):
        made.train(SCHEDULE, lambda steps, text: None)
    assert read_card(tmp_path / "last")["steps"] == 32
    assert len(lines()) == 2
    assert len(list((tmp_path / "last").iterdir())) == 3  # weights, card, and where it stood


def test_another_run_is_gone_on_with_its_weights_steps_and_numbers(tmp_path: Path) -> None:
    price = LatenessPrice(multiplier=3.0, limit_usd=1.0, learning_rate=0.1, most=9.0)
    warm = KeptTemperature(torch.tensor([0.5]))
    first, *_ = trainer(
        tmp_path / "one", [50.0, 40.0, 45.0], kept=(KeptMultiplier(price), warm), averaging=0.5
    )
    first.train(SCHEDULE, lambda steps, text: None)
    price.multiplier = 1.0
    cold = KeptTemperature(torch.tensor([0.0]))
    again, _, lines = trainer(
        tmp_path / "two", [44.0], kept=(KeptMultiplier(price), cold), averaging=0.5
    )
    again.resume(tmp_path / "one")
    assert price.multiplier == 3.0
    assert cold.read() == pytest.approx(warm.read())
    pairs = zip(first.model.policy.parameters(), again.model.policy.parameters(), strict=True)
    assert all(torch.equal(one, two) for one, two in pairs)
    again.train(SCHEDULE, lambda steps, text: None)  # nothing is left to do
    assert [line[:2] for line in lines()[1:]] == [["0", "50.0"], ["32", "40.0"], ["64", "45.0"]]
    assert (again.start_usd, again.best_usd, again.best_step) == (50.0, 40.0, 32)
    assert read_card(tmp_path / "two" / "best")["steps"] == 32


def test_a_checkpoint_of_weights_alone_is_gone_on_with_and_said_to_be_inexact(
    tmp_path: Path,
) -> None:
    first, *_ = trainer(tmp_path / "one", [])
    first.save("last", optimizer=True)
    again, *_ = trainer(tmp_path / "two", [44.0])
    assert "not as if it had never stopped" in again.resume(tmp_path / "one")[0]


def test_environments_that_can_not_tell_their_place_begin_new_runs_and_it_is_said(
    tmp_path: Path,
) -> None:
    first, *_ = trainer(tmp_path / "one", [50.0, 40.0, 45.0])
    first.train(SCHEDULE, lambda steps, text: None)
    last = tmp_path / "one" / "last"
    write_card(last, {**read_card(last), "clone": "as it began"})
    again, *_ = trainer(tmp_path / "two", [])
    assert again.resume(tmp_path / "one") == (NEW_RUNS,)
    assert again.card(64)["clone"] == "as it began"


def test_another_number_of_steps_than_planned_is_explained(tmp_path: Path) -> None:
    first, *_ = trainer(tmp_path / "one", [50.0, 40.0, 45.0])
    first.train(SCHEDULE, lambda steps, text: None)
    again, *_ = trainer(tmp_path / "two", [])
    again.resume(tmp_path / "one")
    assert again.gone_on is not None
    again.model.lr_schedule = lambda left: 0.1 * left  # of 64 steps 0 is left, of 128 a half
    said = tell_schedule(again.gone_on, again.model, 128)
    assert said is not None
    assert "planned were 64 decisions, now 128" in said
    assert "the learning rate, 0 at 64 decisions, goes on at 0.05" in said
    assert tell_schedule(again.gone_on, again.model, 64) is None


def test_an_agent_that_differs_is_not_gone_on_with(tmp_path: Path) -> None:
    first, *_ = trainer(tmp_path / "one", [])
    first.save("last", optimizer=True)
    judged = Judged(look=Scripted([]).look)
    other = Trainer(model(), judged, tmp_path / "two", {"kind": "made", "algorithm": "sac"})
    with pytest.raises(ArtifactError, match="another agent, its algorithm is 'ppo'"):
        other.resume(tmp_path / "one")
