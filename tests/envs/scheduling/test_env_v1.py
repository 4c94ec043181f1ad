"""The second version of the scheduling environment: same factory, other reward, mask and info."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import load_scenario, simulate
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from tests.play import fingerprint

SCENARIO = load_scenario("mid", overrides={"demand.days": 8, "horizon_days": 16})
EVERY_TIME = {"action_mask", "rule_action", "reward_parts", "elapsed_min", "discount"}


def make(**kwargs: Any) -> SchedulingEnvV1:
    return SchedulingEnvV1(scenario=SCENARIO, **kwargs)


def draw_legal(env: SchedulingEnv, rng: np.random.Generator) -> int:
    return int(rng.choice(np.flatnonzero(env.action_masks())))


def play(env: SchedulingEnv, seed: int, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Every step of an episode of random legal actions."""
    env.reset(seed=seed)
    steps: list[tuple[Any, ...]] = []
    while not steps or not (steps[-1][2] or steps[-1][3]):
        steps.append(env.step(draw_legal(env, rng)))
    return steps


def test_with_free_holds_it_is_the_first_version_to_the_byte() -> None:
    old, new = SchedulingEnv(scenario=SCENARIO), make(hold="free")
    before, after = (play(env, 4, np.random.default_rng(1)) for env in (old, new))
    for (seen, *_), (seen_now, *_) in zip(before[:-1], after[:-1], strict=True):
        assert seen.keys() == seen_now.keys()
        for block in seen:
            np.testing.assert_array_equal(seen[block], seen_now[block])
    assert fingerprint(old.factory.log()) == fingerprint(new.factory.log())


def test_an_episode_of_the_rule_is_the_simulation_of_it() -> None:
    env = make(hold="free")
    env.reset(seed=7)
    over = False
    while not over:
        action = env.answer_to_action(Edd().choose(env.question))
        *_, terminated, truncated, info = env.step(action)
        over = terminated or truncated
    log = simulate(SCENARIO, Edd(), 7)
    assert fingerprint(env.factory.log()) == fingerprint(log)
    assert info["kpis"] == kpis(log)


def test_the_last_mask_is_all_ones_in_every_place_where_it_is_told() -> None:
    env = make()
    steps = play(env, 1, np.random.default_rng(0))
    seen, *_, info = steps[-1]
    assert seen["mask"].dtype == np.int8
    for mask in (seen["mask"], info["action_mask"], env.action_masks()):
        assert mask.all()
    assert not any(value.any() for block, value in seen.items() if block != "mask")
    assert not all(step[0]["mask"].all() for step in steps[:-1])


def test_masks_of_observation_info_and_method_are_one() -> None:
    env, rng = make(), np.random.default_rng(0)
    seen, info = env.reset(seed=3)
    for _ in range(12):
        np.testing.assert_array_equal(seen["mask"], info["action_mask"])
        np.testing.assert_array_equal(seen["mask"].astype(bool), env.action_masks())
        seen, *_, info = env.step(draw_legal(env, rng))


def test_the_info_tells_at_the_reset_and_at_every_step() -> None:
    env = make()
    _, info = env.reset(seed=3)
    assert info.keys() == EVERY_TIME | {"start_usd"}
    assert set(info["reward_parts"].values()) == {0.0}
    assert {"penalty", "foresight"} < info["reward_parts"].keys()
    steps = play(env, 3, np.random.default_rng(0))
    for *_, info in steps[:-1]:
        assert info.keys() == EVERY_TIME
    assert steps[-1][4].keys() == EVERY_TIME | {"kpis"}
    assert steps[-1][4]["kpis"] == kpis(env.factory.log())


def test_the_parts_sum_to_the_reward_and_without_foresight_to_the_cost() -> None:
    env = make(reward="projected")
    steps = play(env, 5, np.random.default_rng(2))
    for _, reward, *_, info in steps:
        parts = info["reward_parts"]
        assert sum(parts.values()) * env.reward_scale == pytest.approx(reward, abs=1e-12)
    booked = sum(
        sum(info["reward_parts"].values()) - info["reward_parts"]["foresight"] for *_, info in steps
    )
    assert booked == pytest.approx(-steps[-1][4]["kpis"]["total_cost_usd"], abs=1e-6)


def test_the_clock_of_the_info_is_the_runs() -> None:
    env, rng = make(), np.random.default_rng(0)
    _, info = env.reset(seed=3)
    minute = info["elapsed_min"]
    assert minute == env.factory.now_min
    for _ in range(10):
        *_, info = env.step(draw_legal(env, rng))
        minute += info["elapsed_min"]
        assert minute == pytest.approx(env.factory.now_min)


def test_the_rules_action_is_the_order_of_the_highest_index() -> None:
    env, rng = make(), np.random.default_rng(0)
    seen, info = env.reset(seed=3)
    column = env.feature_names("orders").index("rule_log_index")
    for _ in range(12):
        waiting = int(seen["mask"][1:].sum())
        index = seen["orders"].reshape(32, -1)[:waiting, column]
        assert info["rule_action"] == 1 + int(np.argmax(index))
        assert seen["mask"][info["rule_action"]]
        seen, *_, info = env.step(draw_legal(env, rng))


def test_the_scale_is_a_line_day_of_wages_unless_it_is_given() -> None:
    # lines of 34, 40 and 55 people, 480 minutes, 0.012 USD a minute
    assert SchedulingEnvV1("small").reward_scale == pytest.approx(1 / (43 * 480 * 0.012))
    assert make(scale=0.5).reward_scale == 0.5
    one, two = (play(make(scale=s), 1, np.random.default_rng(0)) for s in (1.0, 0.5))
    assert [0.5 * step[1] for step in one] == [step[1] for step in two]


def test_a_masked_action_becomes_the_nearest_is_refused_or_costs_scaled_money() -> None:
    for on_masked in ("nearest", "refuse", "penalty"):
        env = make(on_masked=on_masked, masked_penalty_usd=50.0)
        env.reset(seed=1)
        before_min = env.factory.now_min
        _, reward, _, _, info = env.step(32)
        if on_masked == "nearest":
            assert "32 is refused" in info["replaced"]
            continue
        assert "32 is refused" in info["refused"]
        assert env.factory.now_min == before_min
        price = 50.0 if on_masked == "penalty" else 0.0
        assert reward == pytest.approx(-price * env.reward_scale)
        parts = info["reward_parts"]
        assert (parts["penalty"], parts["foresight"]) == (-price, 0.0)
        assert sum(parts.values()) * env.reward_scale == pytest.approx(reward)
        assert info["action_mask"].any()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_a_copy_knows_which_lines_have_been_held_and_what_has_been_told(copied: Any) -> None:
    env = make(hold="once")
    env.reset(seed=2)
    rng = np.random.default_rng(0)
    for _ in range(12):
        mask = env.action_masks()
        env.step(0 if mask[0] else int(rng.choice(np.flatnonzero(mask))))
    other = copied(env)
    for _ in range(12):
        np.testing.assert_array_equal(env.action_masks(), other.action_masks())
        action = draw_legal(env, rng)
        (_, reward, *_, info), (_, again, *_, told) = env.step(action), other.step(action)
        assert (reward, info["reward_parts"]) == (again, told["reward_parts"])


def test_a_clone_of_an_environment_that_is_not_reset_is_refused() -> None:
    with pytest.raises(gym.error.ResetNeeded, match=r"call reset\(\) before clone\(\)"):
        make().clone()
    copy.deepcopy(make()).reset(seed=1)  # but it can be sent to another process


def test_wrong_arguments_are_refused_all_at_once() -> None:
    with pytest.raises(InputError, match="2 problems") as caught:
        make(hold="sometimes", scale=-1.0)
    assert "hold: must be one of free, once, never; got 'sometimes'" in str(caught.value)
    for scale in (0, True, float("nan"), float("inf"), "big", None):
        with pytest.raises(InputError, match="must be auto or a number above 0"):
            make(scale=scale)
    with pytest.raises(InputError, match="hold: must be a known argument"):
        SchedulingEnv(scenario=SCENARIO, hold="once")
