"""The rules that an energy agent may start from, by name."""

from __future__ import annotations

import warnings

import pytest

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.energy.prior import HoldPeaks, Usual, prior_policy
from factory_env.errors import InputError


class Sunbather:
    """A policy of somebody else's."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return EnergyAnswer()


def test_a_rule_is_given_by_name_or_as_a_policy() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(prior_policy("usual"), Usual)
        assert isinstance(prior_policy("hold_peaks"), HoldPeaks)
        mine = Sunbather()
        assert prior_policy(mine) is mine


def test_the_old_word_for_holding_peaks_still_means_it_and_says_the_new_one() -> None:
    with pytest.warns(FutureWarning, match="'hold_peaks'"):
        assert isinstance(prior_policy("peak_shave"), HoldPeaks)
    with pytest.warns(FutureWarning, match="'peak_shave' of an environment"):
        env = EnergyEnv("small", prior="peak_shave")
    assert isinstance(env.encoder.prior, HoldPeaks)


def test_without_a_word_peaks_are_held() -> None:
    assert isinstance(EnergyEnv("small").encoder.prior, HoldPeaks)


def test_an_unknown_rule_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"must be a known rule.*one of usual, hold_peaks"):
        prior_policy("no_such")
