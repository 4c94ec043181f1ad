"""Law: where the optimum is known, tables find it."""

from __future__ import annotations

import pytest

from benchmarks.tabular_toy import LEARNERS, learn_toy, make_toys
from tests.laws.test_toy_optimum import all_costs, one_line

TOYS = make_toys()


def test_the_optimum_that_is_counted_through_is_the_one_worked_out_by_hand() -> None:
    # see tests/laws/test_toy_optimum.py: hold, B, A, C; and everything on time with two lines
    assert TOYS["wait"].optimum_usd() == pytest.approx(400.0)
    assert TOYS["share"].optimum_usd() == pytest.approx(0.0)
    assert min(all_costs(one_line(), holds=4).values()) == pytest.approx(400.0)


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", LEARNERS)
def test_a_table_finds_the_optimum_of_the_line_that_must_wait(algorithm: str) -> None:
    assert learn_toy(TOYS["wait"], algorithm, seed=1, runs=200) == pytest.approx(400.0)


def test_without_learning_the_optimum_is_missed() -> None:
    assert learn_toy(TOYS["wait"], "q_learning", seed=1, runs=0) > 400.0


@pytest.mark.slow
@pytest.mark.parametrize("toy", TOYS)
@pytest.mark.parametrize("algorithm", [name for name in LEARNERS if name != "sarsa"])
def test_sample_a_table_finds_the_optimum_of_every_toy(algorithm: str, toy: str) -> None:
    cost = learn_toy(TOYS[toy], algorithm, seed=3, runs=400)
    assert cost == pytest.approx(TOYS[toy].optimum_usd())


@pytest.mark.slow
@pytest.mark.parametrize("toy", TOYS)
def test_sarsa_finds_it_from_most_seeds(toy: str) -> None:
    """It learns what its own exploring costs; when that ends, a near miss may stand first."""
    optimum = TOYS[toy].optimum_usd()
    costs = [learn_toy(TOYS[toy], "sarsa", seed=seed, runs=400) for seed in (1, 2, 3, 4)]
    assert sum(cost == pytest.approx(optimum) for cost in costs) >= 3
