"""The benchmark of discounting by elapsed time: its words, and a discount of the mean time."""

from __future__ import annotations

import pytest

from benchmarks.semi_markov import LEARNERS, match_gamma, read_words
from experiments.training.choice import FILES, SCHEDULING
from factory_env import load_scenario
from factory_env.errors import InputError


def test_its_words_are_checked_together() -> None:
    assert read_words(["seeds=4"])["seeds"] == "4"
    with pytest.raises(InputError) as told:
        read_words(["learner=ppo", "plants=smal", "steps=-5", "learners=sac"])
    shown = str(told.value)
    for part in ("learner: is no option", "did you mean learners?", "smal", "steps", "sac"):
        assert part in shown
    assert "4 problems" in shown


def test_it_compares_learners_that_know_both_ways() -> None:
    assert set(LEARNERS) <= FILES[SCHEDULING].keys()


def test_the_discount_of_a_decision_is_that_of_the_mean_time_between_two() -> None:
    gamma = match_gamma(load_scenario("small", overrides={"demand.days": 4, "horizon_days": 6}))
    assert 0.5 < gamma < 0.9999  # less than a week, more than a minute
