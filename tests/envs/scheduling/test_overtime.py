"""The agent is asked who stays in the evening, with a mask, and pays for it."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario, step_through
from factory_env.decision import ask
from factory_env.decisions.overtime_choice import OvertimeChoice
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import IllegalAnswer
from tests.play import play

ASKS = {"overtime.mode": "agent", "horizon_days": 14, "demand.days": 12}


@pytest.fixture(scope="module")
def asking():
    return load_scenario("small", overrides=ASKS)


class Always:
    """The line-matching rule; every evening as long as may be, or none at all."""

    def __init__(self, stay: bool) -> None:
        self._rule = AtcsMatch()
        self._stay = stay
        self.evenings: list[OvertimeChoice] = []

    def choose(self, decision):
        return self._rule.choose(decision)

    def choose_evening(self, choice: OvertimeChoice) -> int:
        self.evenings.append(choice)
        return int(np.flatnonzero(choice.legal())[-1]) if self._stay else 0


def test_the_env_with_overtime_questions_passes_gymnasiums_checker(asking) -> None:
    check_env(SchedulingEnv(scenario=asking), skip_render_check=True)


def test_overtime_actions_are_masked_by_the_weekly_limit(asking) -> None:
    policy = Always(stay=True)
    play(Factory(asking, 1), policy)
    by_line: dict[tuple[int, int], float] = {}
    for choice in policy.evenings:
        week = (choice.asker, int(choice.now_min // (7 * 1440)))
        # 720 min a week, 120 a day: six evenings of two hours use it up
        assert choice.week_min == pytest.approx(by_line.get(week, 0.0))
        answer = int(np.flatnonzero(choice.legal())[-1])
        by_line[week] = by_line.get(week, 0.0) + float(choice.minutes[answer])
    assert max(by_line.values()) == 720.0
    assert len(policy.evenings) > 20


def test_a_tight_week_refuses_a_long_evening() -> None:
    tight = load_scenario("small", overrides={**ASKS, "overtime.max_week_min": 180})
    policy = Always(stay=True)
    play(Factory(tight, 1), policy)
    second = [c for c in policy.evenings if c.week_min == 120.0]
    assert second
    assert all(c.legal().tolist() == [True, True, False] for c in second)
    with pytest.raises(IllegalAnswer, match="120 minutes of overtime this week"):
        second[0].check(2)


def test_staying_every_evening_adds_hours_and_costs_double_pay(asking) -> None:
    home, stay = Always(stay=False), Always(stay=True)
    short, long = play(Factory(asking, 1), home), play(Factory(asking, 1), stay)
    assert short.cost_usd["overtime"] == 0.0
    days = long.tables["line_days"]
    operator_min = (days["operators"] * days["present_share"] * days["overtime_min"]).sum()
    assert operator_min > 0
    # 0.012 USD a minute, paid double
    assert long.cost_usd["overtime"] == pytest.approx(operator_min * 0.012 * 2.0, rel=1e-9)
    ordered = {
        k: v.sum()
        for k, v in (
            ("short", short.tables["line_days"]["earned_min"]),
            ("long", days["earned_min"]),
        )
    }
    assert ordered["long"] > ordered["short"]


def test_a_masked_length_is_refused_and_does_not_move_the_factory(asking) -> None:
    env = SchedulingEnv(scenario=asking)
    env.reset(seed=1)
    policy = AtcsMatch()
    while not isinstance(env.question, OvertimeChoice):
        env.step(env.answer_to_action(ask(policy, env.question)))
    now = env.factory.now_min
    observation, reward, terminated, truncated, info = env.step(7)
    assert "refused" in info
    assert (reward, terminated, truncated, env.factory.now_min) == (0.0, False, False, now)
    table = observation["evening"].reshape(6, 6)
    assert table[:3, 0].tolist() == [1.0, 1.0, 1.0]
    assert table[:3, 2].tolist() == [0.0, 1.0, 2.0]  # hours
    assert not observation["orders"].any()
    assert env.action_masks().sum() == env.question.legal().sum()


def test_rewards_with_overtime_sum_to_the_total_cost(asking) -> None:
    env = SchedulingEnv(scenario=asking)
    env.reset(seed=2)
    policy, total, over = Always(stay=True), 0.0, False
    while not over:
        _, reward, terminated, truncated, _ = env.step(
            env.answer_to_action(ask(policy, env.question))
        )
        total += reward
        over = terminated or truncated
    log = env.factory.log()
    assert log.cost_usd["overtime"] > 0
    assert total == pytest.approx(-sum(log.cost_usd.values()), rel=1e-9)


def test_a_policy_without_a_view_leaves_overtime_to_the_house(asking) -> None:
    factory = Factory(asking, 3)
    rule, seen = AtcsMatch(), 0
    for question in step_through(factory, rule):
        if isinstance(question, OvertimeChoice):
            seen += 1
            assert ask(rule, question) == question.usual()
    assert seen > 20


def test_plans_and_rules_work_without_asking() -> None:
    logs = {}
    for mode in ("off", "plan", "rule"):
        scenario = load_scenario("small", overrides={**ASKS, "overtime.mode": mode})
        logs[mode] = play(Factory(scenario, 1), AtcsMatch())
        assert "overtime" not in logs[mode].tables["decisions"]["kind"]
    planned = logs["plan"].tables["line_days"]
    weekday = planned["day"] % 7
    # 120 min Monday to Friday for lines with work, none on Saturday
    assert set(planned["overtime_min"][weekday < 5].tolist()) <= {0.0, 120.0}
    assert not planned["overtime_min"][weekday == 5].any()
    assert planned["overtime_min"].sum() > logs["rule"].tables["line_days"]["overtime_min"].sum()


def test_the_default_env_shows_what_it_always_showed() -> None:
    env = gymnasium.make("GarmentFactory/Scheduling-v0", plant="small")
    assert set(env.observation_space.spaces) == {"orders", "lines", "site", "mask"}
