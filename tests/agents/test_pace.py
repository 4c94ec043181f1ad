"""A short training moves boldly, a long one in small steps; what is said counts in both."""

from __future__ import annotations

import pytest

from agents.deep.pace import LONG, LONG_FROM, PACES, SHORT, settle_pace
from agents.deep.ppo import PpoSettings
from experiments.command.options import read_options
from factory_env.door.gather import Gather
from factory_env.errors import InputError


def test_the_number_of_decisions_chooses_the_pace() -> None:
    assert settle_pace({}, LONG_FROM - 1) == {**PACES[SHORT], "pace": SHORT}
    assert settle_pace({"n_steps": None}, LONG_FROM) == {**PACES[LONG], "pace": LONG}


def test_what_is_said_counts_and_other_keys_stay() -> None:
    settled = settle_pace({"learning_rate": 0.5, "prior": None, "width": 8}, 1000)
    assert settled["learning_rate"] == 0.5
    assert settled["n_steps"] == PACES[SHORT]["n_steps"]
    assert settled["prior"] is None
    assert settled["width"] == 8


def test_a_pace_that_is_named_stays_whatever_the_length() -> None:
    once = settle_pace({"pace": "long"}, 10)
    assert once["n_steps"] == PACES[LONG]["n_steps"]
    assert settle_pace(once, 10**7) == once


def test_both_paces_name_the_same_keys_and_all_are_settings() -> None:
    assert PACES[SHORT].keys() == PACES[LONG].keys()
    usual = PpoSettings()
    assert {key: getattr(usual, key) for key in PACES[LONG]} == PACES[LONG]


def test_an_unknown_pace_is_refused_with_the_known_ones() -> None:
    gather = Gather()
    read_options(PpoSettings, settle_pace({"pace": "brisk"}, 10), gather, "agent")
    with pytest.raises(InputError, match=r"pace.*auto.*short.*long"):
        gather.done()
