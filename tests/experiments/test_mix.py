"""Other factories that take turns in training: ``mix=`` of ``train.py``."""

from __future__ import annotations

import pytest

from experiments.training.mix import CALM_TURNS, name_ground, read_mix
from experiments.training.options import TrainOptions
from factory_env.errors import InputError
from factory_env.presets import read_group


def options(scenario: str = "default", **more: object) -> TrainOptions:
    parts = {"scenario": read_group("scenario", scenario), "plant": read_group("plant", "small")}
    return TrainOptions(**{**parts, **more})  # type: ignore[arg-type]


def test_the_default_scenario_is_trained_on_alone() -> None:
    assert read_mix(options()) == ()


def test_beside_another_scenario_calm_days_of_the_same_plant_take_three_turns_of_four() -> None:
    beside = [name_ground(factory) for factory in read_mix(options("real"))]
    assert beside == ["small/default"] * CALM_TURNS


def test_a_list_names_plants_and_their_scenarios() -> None:
    beside = read_mix(options(mix=["mid", "large/real"]))
    assert [name_ground(factory) for factory in beside] == ["mid/default", "large/real"]


def test_all_unknown_words_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_mix(options(mix=["smal", "mid/reel", "mid"]))
    assert [problem.got for problem in caught.value.problems] == ["'smal'", "'mid/reel'"]
    with pytest.raises(InputError, match="must be auto or a list"):
        read_mix(options(mix="mid"))
