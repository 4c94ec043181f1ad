"""A run whose site is decided on can be forked, too: from itself, and from its log."""

from __future__ import annotations

import numpy as np
import pytest

from agents.energy.time_of_use import TimeOfUse
from agents.rules.atcs import Atcs
from agents.rules.edd import Edd
from agents.team import Team
from factory_env import Factory, RunLog, load_scenario
from factory_env.decision import ask
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past
from tests.play import play

SEED = 5
NOON_MIN = 3 * 1440.0 + 600.0  # a minute in which a slot begins
BETWEEN_MIN = 3 * 1440.0 + 607.0


class Restless:
    """Answers that use every field, and only what the question shows: no state."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return EnergyAnswer(
            battery_kw=60.0 * np.sin(choice.slot / 7.0) + choice.soc_kwh / 9.0,
            set_point_c=26.0 + choice.slot % 5,
            boiler_mode=choice.slot % 3,
            lines_allowed=max(1, choice.lines - choice.slot % 3),
            standby=choice.slot % 2 == 0,
        )


def scenario(every: int = 1):
    return load_scenario(
        "small",
        site="pv_battery",
        tariff="us_demand",
        overrides={
            "horizon_days": 10,
            "demand.days": 6,
            "control.mode": "agent",
            "control.decision_slots": every,
        },
    )


def assert_equal(one: RunLog, other: RunLog) -> None:
    assert one.cost_usd == other.cost_usd
    for name, table in one.tables.items():
        for column, values in table.items():
            assert np.array_equal(
                values, other.tables[name][column], equal_nan=values.dtype.kind == "f"
            ), (name, column)


@pytest.fixture(scope="module", params=[1, 4])
def straight(request: pytest.FixtureRequest):
    made = scenario(request.param)
    return made, play(Factory(made, SEED), Team(lines=Edd(), site=Restless()))


@pytest.mark.parametrize("at_min", [0.0, NOON_MIN, BETWEEN_MIN])
def test_a_run_forked_from_its_log_equals_the_straight_run(straight, at_min: float) -> None:
    made, log = straight
    past = Past(scenario=made, seed=SEED, answers=logged_answers(log, made))
    fork = Factory.of(past, at_min)
    assert_equal(play(fork, Team(lines=Edd(), site=Restless())), log)


def test_a_running_factory_is_forked_with_its_question(straight) -> None:
    made, log = straight
    factory, policy = Factory(made, SEED), Team(lines=Edd(), site=Restless())
    asked = 0
    while (question := factory.advance()) is not None and asked < 400:
        factory.answer(ask(policy, question))
        asked += 1
    fork = factory.fork()
    assert_equal(play(fork, policy), log)
    assert_equal(play(factory.fork(NOON_MIN), policy), log)
    assert_equal(play(factory, policy), log)


def test_from_the_branch_on_others_decide_and_what_was_before_stays(straight) -> None:
    made, log = straight
    past = Past(scenario=made, seed=SEED, answers=logged_answers(log, made))
    other = play(Factory.of(past, NOON_MIN), Team(lines=Atcs(), site=TimeOfUse()))
    first = int(NOON_MIN // 15)
    for column, values in log.tables["slots"].items():
        assert np.array_equal(values[:first], other.tables["slots"][column][:first]), column
    assert other.cost_usd["energy"] != log.cost_usd["energy"]


def test_fresh_luck_from_a_minute_on_can_be_lived_again(straight) -> None:
    made, log = straight
    past = Past(scenario=made, seed=SEED, answers=logged_answers(log, made))
    policy = Team(lines=Edd(), site=Restless())
    fork = Factory.of(past, BETWEEN_MIN, fresh_seed=9)
    fresh = play(fork, policy)
    again = Factory.of(fork.past)
    while (question := again.advance()) is not None:
        again.answer(ask(policy, question))
    assert_equal(again.log(), fresh)
