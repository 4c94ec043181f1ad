"""Many factories at once behave as Gymnasium's own vector environments do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from factory_env.envs.registration import ENERGY, JOINT, SCHEDULING, SCHEDULING_V1
from factory_env.envs.vector.env import FactoryVectorEnv
from factory_env.errors import IllegalAnswer, InputError

SHORT = {"demand.days": 2, "horizon_days": 2}
HOURLY = {**SHORT, "control.decision_slots": 4}
N = 3


def make(env_id: str = SCHEDULING) -> gym.Env[Any, Any]:
    return gym.make(env_id, plant="small", overrides=short_overrides(env_id)).unwrapped


def short_overrides(env_id: str) -> dict[str, int]:
    return HOURLY if env_id in (ENERGY, JOINT) else SHORT


class Failing(gym.Env[Any, Any]):
    """Raises in one of its steps; without a mask."""

    observation_space = gym.spaces.Box(-1.0, 1.0, (2,))
    action_space = gym.spaces.Discrete(2)
    steps = 0

    def __init__(self, broken_step: int = 2) -> None:
        self.broken_step = broken_step

    def reset(self, **_: Any) -> Any:
        return np.zeros(2, np.float32), {}

    def step(self, action: Any) -> Any:
        self.steps += 1
        if self.steps == self.broken_step:
            raise ArithmeticError("it broke")
        if action == 1:
            raise SystemExit(7)
        return np.ones(2, np.float32), 1.0, False, False, {"note": "fine"}


@pytest.fixture(params=[0, 2], ids=["one process", "two processes"])
def workers(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def opened() -> Iterator[list[Any]]:
    envs: list[Any] = []
    yield envs
    for env in envs:
        env.close()


def act(env_id: str, observation: Any, rng: np.random.Generator, n: int) -> Any:
    """Legal actions: the first or the last one of each mask."""
    if env_id == ENERGY:
        return rng.uniform(-1.0, 1.0, (n, 5))
    if env_id == JOINT:
        return np.stack([first_legal(mask) for mask in observation["mask"]])
    return observation["mask"].argmax(axis=1)


def first_legal(mask: Any) -> Any:
    ends = np.cumsum([33, 11, 6, 5, 4, 3])
    return np.array([part.argmax() for part in np.split(mask, ends[:-1])])


def same(one: Any, two: Any) -> None:
    """Equal to the bit, in type and in shape."""
    if isinstance(one, dict):
        assert one.keys() == two.keys()
        for key in one:
            same(one[key], two[key])
    elif isinstance(one, np.ndarray) and one.dtype == object:
        assert one.shape == two.shape
        for a, b in zip(one, two, strict=True):
            same(a, b)
    else:
        np.testing.assert_array_equal(one, two, strict=isinstance(one, np.ndarray))


def same_infos(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Equal but for the masks that ours adds where the environment tells none."""
    assert ours.keys() - theirs.keys() <= {"action_mask", "_action_mask"}
    same(theirs, {key: ours[key] for key in theirs})


@pytest.mark.slow_cases(
    "GarmentFactory/Scheduling-v0-AutoresetMode.NEXT_STEP-2",
    "GarmentFactory/Scheduling-v1-AutoresetMode.SAME_STEP-2",
)
@pytest.mark.parametrize(
    ("env_id", "mode", "workers"),
    [
        (SCHEDULING, AutoresetMode.NEXT_STEP, 0),
        (SCHEDULING_V1, AutoresetMode.SAME_STEP, 0),
        (ENERGY, AutoresetMode.NEXT_STEP, 0),
        (JOINT, AutoresetMode.SAME_STEP, 0),
        (SCHEDULING, AutoresetMode.NEXT_STEP, 2),
        (SCHEDULING_V1, AutoresetMode.SAME_STEP, 2),
    ],
)
def test_it_steps_as_gymnasiums_own_does(
    env_id: str, mode: AutoresetMode, workers: int, opened: list[Any]
) -> None:
    makers = [partial(make, env_id)] * N
    theirs: Any = SyncVectorEnv(makers, autoreset_mode=mode)
    ours = FactoryVectorEnv(makers, workers, autoreset_mode=mode)
    opened += [theirs, ours]
    assert theirs.observation_space == ours.observation_space
    assert theirs.action_space == ours.action_space
    assert theirs.metadata == ours.metadata
    one, two, ends, after = theirs.reset(seed=5), ours.reset(seed=5), 0, 0
    same(one[0], two[0])
    same_infos(one[1], two[1])
    rng = np.random.default_rng(0)
    for _ in range(300):
        actions = act(env_id, one[0], rng, N)
        one, two = theirs.step(actions), ours.step(actions)
        for a, b in zip(one[:4], two[:4], strict=True):
            same(a, b)
        same_infos(one[4], two[4])
        ends += int((one[2] | one[3]).sum())
        after += ends >= N
        if after == 4:  # steps into the next runs
            return
    pytest.fail("no run ended")


@pytest.mark.slow_cases("two processes")
def test_disabled_autoreset_restarts_only_what_the_mask_names(
    workers: int, opened: list[Any]
) -> None:
    makers = [make] * N
    envs = FactoryVectorEnv(makers, workers, autoreset_mode="Disabled")
    opened.append(envs)
    observation, _ = envs.reset(seed=1)
    is_over = np.zeros(N, np.bool_)
    while not is_over.any():
        observation, _, ended, cut, infos = envs.step(observation["mask"].argmax(axis=1))
        is_over = ended | cut
    assert infos["action_mask"].any(axis=1).all()
    with pytest.raises(gym.error.ResetNeeded, match="has ended"):
        envs.step(np.zeros(N, np.int64))
    before = observation["orders"].copy()
    after, _ = envs.reset(seed=9, options={"reset_mask": is_over})
    alone, _ = make().reset(seed=9 + int(is_over.argmax()))
    same(alone["orders"], after["orders"][is_over.argmax()])
    assert before.shape == after["orders"].shape
    with pytest.raises(ValueError, match="bool array of shape"):
        envs.reset(options={"reset_mask": [True]})


@pytest.mark.parametrize(
    ("env_id", "workers"), [(SCHEDULING_V1, 2), (SCHEDULING, 0), (ENERGY, 0), (JOINT, 0)]
)
def test_make_vec_makes_it(env_id: str, workers: int, opened: list[Any]) -> None:
    overrides = short_overrides(env_id)
    envs = gym.make_vec(env_id, num_envs=N, workers=workers, plant="small", overrides=overrides)
    opened.append(envs)
    assert isinstance(envs, FactoryVectorEnv)
    observation, _ = envs.reset(seed=3)
    assert envs.observation_space.contains(observation)
    alone, _ = make(env_id).reset(seed=4)
    rows = {k: v[1] for k, v in observation.items()} if env_id != ENERGY else observation[1]
    same(alone, rows)


@pytest.mark.slow
def test_half_of_a_step_is_taken_while_the_other_waits(opened: list[Any]) -> None:
    whole, halves = FactoryVectorEnv([make] * 4), FactoryVectorEnv([make] * 4, workers=2)
    opened += [whole, halves]
    observation, _ = whole.reset(seed=2)
    halves.reset(seed=2)
    assert halves.worker_rows == (slice(0, 2), slice(2, 4))
    for _ in range(5):
        actions = observation["mask"].argmax(axis=1)
        for worker, rows in enumerate(halves.worker_rows):
            halves.send(actions[rows], worker)
        with pytest.raises(gym.error.AlreadyPendingCallError):
            halves.send(actions[:2], 0)
        observation, rewards, *_ = whole.step(actions)
        for worker, rows in enumerate(halves.worker_rows):
            seen, gained, *_ = halves.recv(worker)
            same({k: v[rows] for k, v in observation.items()}, seen)
            same(rewards[rows], gained)
    with pytest.raises(gym.error.NoAsyncCallError):
        halves.recv(0)


@pytest.mark.slow_cases("two processes")
def test_methods_and_attributes_reach_every_environment(workers: int, opened: list[Any]) -> None:
    envs = FactoryVectorEnv([make] * N, workers)
    opened.append(envs)
    envs.reset(seed=[4, None, 6])
    assert len(envs.call("action_masks")) == N
    envs.set_attr("multiplier", [1.0, 2.0, 3.0])
    assert envs.get_attr("multiplier") == (1.0, 2.0, 3.0)
    assert envs.run(count) == ([N] if workers == 0 else [2, 1])


def count(group: Any) -> int:
    return len(group.envs)


@pytest.mark.slow_cases("two processes")
def test_what_an_environment_raises_is_raised_here_with_its_place(
    workers: int, opened: list[Any]
) -> None:
    envs = FactoryVectorEnv([Failing, partial(Failing, 0)], workers)
    opened.append(envs)
    envs.reset()
    envs.step(np.zeros(2, np.int64))
    with pytest.raises(ArithmeticError, match="it broke") as raised:
        envs.step(np.zeros(2, np.int64))
    if workers:
        assert "environments 0 to 0" in raised.value.__notes__[0]
        assert "in step" in raised.value.__notes__[0]
    _, rewards, *_, infos = envs.step(np.zeros(2, np.int64))  # and no answer is left over
    assert rewards.tolist() == [1.0, 1.0]
    assert infos["note"].tolist() == ["fine", "fine"]


@pytest.mark.slow
def test_an_illegal_action_is_named_from_another_process(opened: list[Any]) -> None:
    envs = FactoryVectorEnv([make] * 2, workers=2)
    opened.append(envs)
    envs.reset(seed=0)
    with pytest.raises(IllegalAnswer, match="action 99 is out of range"):
        envs.step(np.array([99, 0]))


@pytest.mark.slow
def test_the_end_of_a_worker_is_told(opened: list[Any]) -> None:
    envs = FactoryVectorEnv([Failing] * 2, workers=2)
    opened.append(envs)
    envs.reset()
    for _ in range(2):  # and told again
        with pytest.raises(RuntimeError, match="environments 1 to 1 has ended, exit code 7"):
            envs.step(np.array([0, 1]))


@pytest.mark.parametrize("many", [3, -1, "a", 1.0, True, None])
def test_impossible_shares_are_refused(many: Any) -> None:
    with pytest.raises(InputError, match=r"workers: must be a whole number from 0 to 2, .*got"):
        FactoryVectorEnv([Failing] * 2, many)
    with pytest.raises(ValueError, match="at least one environment"):
        FactoryVectorEnv([], 0)


def test_make_vec_says_which_argument_is_wrong() -> None:
    with pytest.raises(InputError, match="make_vec: workers: must be a whole number"):
        gym.make_vec(SCHEDULING_V1, num_envs=2, workers="a")
    with pytest.raises(InputError, match="environment: foo: must be a known argument"):
        gym.make_vec(SCHEDULING_V1, num_envs=2, foo=1)
    for number in ("a", 0, -1, 1.5, True, None, 10**9):
        with pytest.raises(InputError, match="make_vec: num_envs: must be a whole number from 1"):
            gym.make_vec(SCHEDULING_V1, num_envs=number)
    with pytest.raises(InputError, match="2 problems") as caught:
        gym.make_vec(SCHEDULING_V1, num_envs="a", autoreset_mode="never")
    assert "autoreset_mode: must be one of NextStep, SameStep, Disabled" in str(caught.value)


def test_lines_are_balanced_once_for_environments_of_one_scenario(opened: list[Any]) -> None:
    envs = FactoryVectorEnv([make] * 2)
    opened.append(envs)
    envs.reset(seed=0)
    one, two = (env.factory.tables for env in envs.call("unwrapped"))
    assert one is two
