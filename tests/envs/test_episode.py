"""Episodes: their seeds, refusals, time and rewards."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import load_scenario
from factory_env.envs.episode import Episode, Episodes
from factory_env.errors import InputError

SCENARIO = load_scenario("small", overrides={"demand.days": 4, "horizon_days": 8})


def begun(seed: int = 1) -> Episode:
    episode = Episodes(SCENARIO, {"one": "cost"}, 0.9).start(seed, np.random.default_rng(0))
    episode.advance()
    return episode


def test_a_given_seed_is_the_runs_and_without_one_training_seeds_are_drawn() -> None:
    episodes, rng = Episodes(SCENARIO, {}, 0.9), np.random.default_rng(0)
    given = [episodes.start(seed, rng).factory.seed for seed in (0, 17)]
    drawn = [episodes.start(None, rng).factory.seed for _ in range(3)]
    assert given == [0, 17]
    assert len(set(drawn)) == 3
    assert min(drawn) >= 1_000_000_000


def test_episodes_balance_the_lines_once() -> None:
    episodes, rng = Episodes(SCENARIO, {}, 0.9), np.random.default_rng(0)
    first, second = (episodes.start(seed, rng).factory for seed in (1, 2))
    assert first.tables is second.tables


def test_time_is_told_from_one_step_to_the_next_and_discounted_by_the_day() -> None:
    episode = begun()
    for _ in range(3):
        before = episode.factory.now_min
        episode.tell_step()
        episode.answer(Edd().choose(episode.floor_question))
        episode.advance()
        elapsed = episode.factory.now_min - before
        told = episode.tell_step()
        assert told == {"elapsed_min": elapsed, "discount": 0.9 ** (elapsed / 1440.0)}
    assert episode.tell_time(0.0)["elapsed_min"] == episode.factory.now_min


def test_refusals_are_counted_in_a_row_and_an_answer_forgives_them() -> None:
    episode = begun()
    for _ in range(999):
        told = episode.refuse("no")
        assert told == {"elapsed_min": 0.0, "discount": 1.0, "refused": "no"}
    episode.answer(Edd().choose(episode.floor_question))
    episode.advance()
    for _ in range(999):
        episode.refuse("no")
    assert not episode.is_stuck
    told = episode.refuse("never")
    assert episode.is_stuck
    assert "1000 masked actions in a row; the last: never" in told["why_truncated"]


def test_everyone_is_rewarded_by_a_reward_of_their_own() -> None:
    names = {"all": "cost", "late": "lateness", "again": "cost"}
    episode = Episodes(SCENARIO, names, 0.9).start(1, np.random.default_rng(0))
    total = dict.fromkeys(names, 0.0)
    while episode.advance() is not None:
        episode.answer(Edd().choose(episode.floor_question))
        total = {who: total[who] + usd for who, usd in episode.collect_rewards().items()}
    total = {who: total[who] + usd for who, usd in episode.collect_rewards().items()}
    parts = episode.factory.cost_parts_usd
    assert total["all"] == total["again"] == pytest.approx(-sum(parts.values()))
    assert total["late"] == pytest.approx(-parts["lateness"])
    with pytest.raises(InputError, match="known rewards"):
        Episodes(SCENARIO, {"one": "no_such"}, 0.9)


def test_what_the_run_cost_by_part_is_told_at_its_end() -> None:
    episode = begun()
    assert episode.tell_parts() == {}
    while episode.question is not None:
        episode.answer(Edd().choose(episode.floor_question))
        episode.advance()
    parts = episode.factory.cost_parts_usd
    assert episode.tell_parts()["lateness_usd"] == parts["lateness"] + parts["air"]
    assert episode.end in ((True, False), (False, True))
