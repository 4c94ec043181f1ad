"""Learning by evolution: the search finds a minimum, a replay costs what the factory costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.lookahead.learned import HIGHEST, LOWEST, START
from agents.lookahead.load import saved_numbers
from agents.lookahead.policy import Lookahead
from agents.rules.edd import Edd
from agents.team import Team
from experiments.evaluating.bound import energy_cost_usd
from experiments.training.es import EsSettings, Seeds, train_lookahead
from experiments.training.evolution import Evolution
from experiments.training.lookahead_replay import Replayer
from experiments.tuning.recording import record_runs
from experiments.tuning.replay import replay
from factory_env import Scenario, load_scenario, simulate


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    overrides = {"horizon_days": 9, "demand.days": 7}
    made = load_scenario("small", "default", overrides, site="pv_battery", tariff="us_demand")
    return made.with_control("agent")


def test_the_search_finds_the_bottom_of_a_bowl() -> None:
    bottom = np.array([0.2, 0.7, 0.5])
    search = Evolution(np.full(3, 0.9), 0.2, 8, seed=1)
    for _ in range(60):
        search.advance(lambda at: float((((at - bottom) * [1.0, 5.0, 2.0]) ** 2).sum()))
    np.testing.assert_allclose(search.mean, bottom, atol=0.02)


def test_the_search_stays_in_the_cube() -> None:
    search = Evolution(np.full(2, 0.5), 0.2, 8, seed=2)
    for _ in range(30):
        search.advance(lambda at: float(-at[0] + at[1]))
    assert search.mean[0] == pytest.approx(1.0, abs=0.02)
    assert search.mean[1] == pytest.approx(0.0, abs=0.02)


def test_a_replay_costs_what_the_factory_costs(scenario) -> None:
    # heat and steam act back on the work in the factory, not in the replay
    replayer = Replayer(scenario, record_runs(scenario, Edd(), [210000]))
    played = energy_cost_usd(simulate(scenario, Team(lines=Edd(), site=Lookahead(START)), 210000))
    assert replayer.play(START, 0).cost_usd == pytest.approx(played, rel=0.08)


def test_a_compiled_replay_is_the_replay_of_every_other_policy(scenario) -> None:
    (recording,) = record_runs(scenario, Edd(), [210000])
    compiled = Replayer(scenario, [recording]).play(START, 0)
    plain = replay(recording, scenario, Lookahead(START))
    for part in ("energy_usd", "fuel_usd", "wear_usd", "carbon_usd", "hot_k_h", "dry_h"):
        assert getattr(compiled, part) == pytest.approx(getattr(plain, part), rel=1e-9), part
    np.testing.assert_allclose(compiled.slots["soc_kwh"], plain.slots["soc_kwh"], atol=1e-6)


def test_a_run_that_ends_early_does_not_shorten_those_beside_it(scenario) -> None:
    # the kernel once took the first run's length for all: longer ones wrote beyond their arrays
    (whole,) = record_runs(scenario, Edd(), [210000])
    early = replace(whole, feed=whole.feed[: len(whole.feed) // 2])
    beside = Replayer(scenario, [early, whole]).play(START, 1)
    alone = Replayer(scenario, [whole]).play(START, 0)
    assert beside.cost_usd == alone.cost_usd
    np.testing.assert_array_equal(beside.slots["soc_kwh"], alone.slots["soc_kwh"])


@pytest.mark.slow
def test_equal_seeds_learn_equal_numbers_and_never_worse_ones_than_the_start(
    scenario, tmp_path
) -> None:
    seeds = Seeds(pool=range(10**9, 10**9 + 2), validation=range(210000, 210001))
    settings = EsSettings(generations=2, population=4, runs=1)
    found = []
    for name in ("a", "b"):
        facts = train_lookahead(scenario, Edd(), settings, seeds, 3, tmp_path / name)
        found.append(saved_numbers(tmp_path / name)["us_demand"])
        assert facts["validation_goal_usd"] == pytest.approx(
            min(facts["history_goal_usd"]), abs=0.01
        )
        assert facts["validation_goal_usd"] <= facts["history_goal_usd"][0] + 0.01
    np.testing.assert_array_equal(found[0], found[1])
    assert ((found[0] >= LOWEST) & (found[0] <= HIGHEST)).all()
