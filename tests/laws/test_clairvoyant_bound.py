"""No policy beats the clairvoyant bound, and on toys it is no more than the optimum by hand."""

from __future__ import annotations

import numpy as np
import pytest

from agents import planners, rules
from agents.exact.clairvoyant import KnownWork, least_cost_usd
from agents.planning.planner import Planner
from experiments.evaluating.schedule_bound import clairvoyant_bound_usd
from factory_env import Factory, load_scenario, play
from factory_env.catalogue import load_plug, plug_names
from factory_env.errors import InputError
from tests.laws.test_toy_optimum import one_line, two_lines


def work(**changes) -> KnownWork:
    """One line, two orders of 100 minutes each, both due after 100: 10 and 30 USD if late."""
    facts = {
        "release_min": np.zeros(2),
        "busy_min": np.full((1, 2), 100.0),
        "limit_min": np.full((2, 1), 100.0),
        "late_usd": np.array([[10.0], [30.0]]),
        "open_usd": np.array([50.0, 50.0]),
        "end_min": 400.0,
    }
    return KnownWork(**{**facts, **changes})


def test_two_orders_for_one_line_make_the_cheaper_one_late() -> None:
    assert least_cost_usd(work(), buckets=8) == pytest.approx(10.0)


def test_a_second_line_makes_both_punctual() -> None:
    assert least_cost_usd(work(busy_min=np.full((2, 2), 100.0))) == pytest.approx(0.0)


def test_fabric_that_comes_too_late_costs_the_step_whatever_is_done() -> None:
    late = work(release_min=np.array([0.0, 1.0]))
    assert least_cost_usd(late, buckets=8) == pytest.approx(30.0)


def test_what_no_line_can_sew_stays_open() -> None:
    nobody = work(busy_min=np.array([[100.0, np.inf]]))
    assert least_cost_usd(nobody, buckets=8) == pytest.approx(50.0)


@pytest.mark.parametrize(("toy", "optimum"), [(one_line, 400.0), (two_lines, 0.0)])
def test_it_is_no_more_than_the_optimum_of_a_toy(toy, optimum) -> None:
    scenario, orders = toy()
    bound = clairvoyant_bound_usd(scenario, 0, orders=orders)
    assert 0.0 <= bound <= optimum + 1e-6
    assert optimum == 0.0 or bound > 0.0


@pytest.mark.parametrize(
    "name",
    [*plug_names(rules), "planner", pytest.param("iterated_greedy", marks=pytest.mark.slow)],
)
def test_no_policy_beats_it(name, overdue) -> None:
    scenario, tables, bound = overdue
    is_rule = name in plug_names(rules)
    policy = load_plug(rules, name)() if is_rule else planners.load(name, "small")
    if isinstance(policy, Planner):
        policy = Planner(moves=2000)
    factory = Factory(scenario, 1, tables=tables)
    play(factory, policy)
    assert factory.cost_usd >= bound > 0.0


@pytest.fixture(scope="module")
def overdue():
    """More work than the lines can do in time, without luck."""
    scenario = load_scenario(
        "small", overrides={"horizon_days": 15, "demand.days": 12, "demand.load": 1.5}
    ).deterministic()
    return scenario, Factory(scenario, 1).tables, clairvoyant_bound_usd(scenario, 1, buckets=30)


def test_a_scenario_of_luck_is_refused_with_all_that_varies() -> None:
    with pytest.raises(InputError) as caught:
        clairvoyant_bound_usd(load_scenario("small"), 0)
    assert {"absence", "noise"} <= {p.field for p in caught.value.problems}
