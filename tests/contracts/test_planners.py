"""Every planner: legal, repeatable, leaves the question alone; got by its word; made with care."""

from __future__ import annotations

import numpy as np
import pytest

from agents import planners
from agents.planners.iterated_greedy import IteratedGreedyPlanner
from experiments.building.decider import PLANNER, read_decider
from experiments.building.policy import policy_from
from factory_env import Factory, Scenario, load_scenario
from factory_env.catalogue import plug_names
from factory_env.decision import ask
from factory_env.errors import InputError

NAMES = plug_names(planners)
DEAR = ("cpsat",)  # brings a solver: its laws and its arithmetic are quick tests
# so little effort that a test need not wait
QUICK = {
    "planner": {"moves": 400},
    "iterated_greedy": {"rounds": 20},
    "cpsat": {"work": 0.05, "orders": 8},
    "rollout": {"forks": 4, "answers": 2, "horizon_days": 2.0},
}


@pytest.fixture(scope="module")
def asking() -> Scenario:
    """A few busy days; the cutting room asks too."""
    return load_scenario(
        "small",
        overrides={
            "horizon_days": 10,
            "demand.days": 8,
            "demand.load": 2.0,
            "demand.size_median": 500,
            "flow.cutting_rule": "agent",
            "plant.rooms.cutting_crew": 2,
        },
    )


def make(name: str):
    return planners.load(name, "small", QUICK.get(name))


@pytest.mark.slow_cases("rollout")
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in DEAR else n for n in NAMES]
)
def test_a_planner_answers_legally_repeatably_and_leaves_the_outlook_alone(name, asking) -> None:
    factory, planner, kinds = Factory(asking, 3), make(name), set()
    while kinds != {"cutting", "dispatch"}:
        question = factory.advance()
        before, table = question.outlook, question.table.data.copy()
        answer = planner.choose(question)
        assert type(answer) is int
        assert question.legal()[answer]
        assert make(name).choose(question) == answer
        np.testing.assert_array_equal(question.table.data, table)
        for field in before.__slots__:
            np.testing.assert_array_equal(
                getattr(question.outlook, field), getattr(before, field), err_msg=field
            )
        kinds.add(question.kind)
        factory.answer(answer)


@pytest.mark.parametrize("name", NAMES)
def test_a_planner_is_got_by_its_word(name) -> None:
    assert read_decider(name).kind == PLANNER
    key, value = next(iter(QUICK[name].items()))
    policy = policy_from(f"{name}@{key}:{value}", None, "small")
    assert getattr(policy, key) == value
    assert policy == policy_from(name, {key: value}, "small")


def test_wrong_values_are_refused_together() -> None:
    with pytest.raises(InputError) as caught:
        policy_from("iterated_greedy@rounds:5@k9:1", {"hold_usd": float("nan")}, "small")
    assert sorted(p.field for p in caught.value.problems) == ["params.hold_usd", "params.k9"]


def test_more_rounds_find_plans_that_cost_less_in_the_run(asking) -> None:
    costs = []
    for rounds in (1, 60):
        factory, planner = Factory(asking, 3), IteratedGreedyPlanner(rounds=rounds)
        while (question := factory.advance()) is not None:
            factory.answer(ask(planner, question))
        costs.append(factory.cost_usd)
    assert costs[1] < 1.05 * costs[0]
