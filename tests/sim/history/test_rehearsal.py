"""Rehearsals: forks with fresh luck, equal for equal seeds, and the run is not touched."""

from __future__ import annotations

import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory, play
from tests.play import fingerprint


@pytest.fixture
def asking(small, small_tables):
    """A run, and the first of its questions with three orders."""
    factory = Factory(small, 4, tables=small_tables)
    while (question := factory.advance()) is not None and len(question.orders) < 3:
        factory.answer(1)
    return factory, question


def test_equal_seeds_give_equal_costs_and_others_others(asking) -> None:
    _, question = asking
    first, again, other = (
        question.rehearse(1, AtcsMatch(), fresh_seed=seed, until_min=question.now_min + 4320.0)
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_run_goes_on_as_if_nobody_had_rehearsed(asking, small, small_tables) -> None:
    factory, question = asking
    fork = factory.fork()
    question.rehearse(1, AtcsMatch(), fresh_seed=3)
    assert fingerprint(play(factory, Edd())) == fingerprint(play(fork, Edd()))


def test_played_to_the_end_it_is_the_cost_of_the_fork_from_there_on(asking) -> None:
    factory, question = asking
    fork = factory.fork(fresh_seed=8)
    before = fork.cost_usd
    fork.advance()
    fork.answer(2)
    play(fork, Edd())
    assert question.rehearse(2, Edd(), fresh_seed=8) == pytest.approx(fork.cost_usd - before)
