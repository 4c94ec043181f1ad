"""How often lines may be held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1

SCENARIO = load_scenario("mid", overrides={"demand.days": 8, "horizon_days": 16})
EVENINGS = {"overtime.mode": "agent", "demand.days": 6, "horizon_days": 8}


def lazy_lines(hold: str) -> list[tuple[int, bool, bool]]:
    """Line, may it hold, does it hold: of an episode that holds whenever it may."""
    env = SchedulingEnvV1(scenario=SCENARIO, hold=hold, on_masked="refuse")
    _, info = env.reset(seed=1)
    asked, over = [], False
    while not over:
        may = bool(info["action_mask"][0])
        asked.append((env.question.standing_line, env.question.can_hold, may))
        *_, terminated, truncated, info = env.step(0 if may else info["rule_action"])
        assert "refused" not in info
        over = terminated or truncated
    return asked


def test_once_a_line_that_has_been_held_takes_an_order_before_it_is_held_again() -> None:
    asked = lazy_lines("once")
    held: set[int] = set()
    for line, can_hold, may in asked:
        assert may == (can_hold and line not in held)
        held = held | {line} if may else held - {line}
    assert sum(can and not may for _, can, may in asked) > 5


def test_never_no_line_is_held_and_freely_any_is() -> None:
    assert not any(may for *_, may in lazy_lines("never"))
    assert all(can == may for _, can, may in lazy_lines("free"))


def test_a_new_run_has_forgotten_the_holds_of_the_last() -> None:
    env = SchedulingEnvV1(scenario=SCENARIO, hold="once")
    for _ in range(2):
        _, info = env.reset(seed=1)
        assert info["action_mask"][0]
        env.step(0)


@pytest.mark.parametrize("hold", ["once", "never"])
def test_an_evening_without_overtime_is_no_hold(hold: str) -> None:
    env: Any = SchedulingEnvV1("small", overrides=EVENINGS, hold=hold, on_masked="refuse")
    _, info = env.reset(seed=1)
    evenings, over = 0, False
    while not over:
        action = info["rule_action"]
        if env.question.kind == "overtime":
            evenings += 1
            assert info["action_mask"][0]
            assert action == env.question.usual()
            action = 0
        *_, terminated, truncated, info = env.step(action)
        assert "refused" not in info
        over = terminated or truncated
    assert evenings > 3


def test_cutting_tables_are_asked_beside_the_lines_and_hold_none() -> None:
    cutting = {"flow.cutting_rule": "agent"}
    env: Any = SchedulingEnvV1("small", overrides=cutting, hold="once", on_masked="refuse")
    _, info = env.reset(seed=1)
    rng, kinds, over = np.random.default_rng(0), set(), False
    while not over:
        kinds.add(env.question.kind)
        if env.question.kind == "cutting":
            assert not info["action_mask"][0]
        action = int(rng.choice(np.flatnonzero(info["action_mask"])))
        *_, terminated, truncated, info = env.step(action)
        over = terminated or truncated
    assert kinds == {"dispatch", "cutting"}
