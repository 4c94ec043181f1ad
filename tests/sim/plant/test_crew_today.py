"""The people of the day: who is here, and what the line can do with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_env import Factory, load_scenario
from factory_env.domain.people import Skills
from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Operation
from factory_env.library import load_library
from factory_env.sim.plant.crew_today import (
    absent_people,
    both_capacities,
    stations_today,
    today_capacity,
)
from factory_env.sim.plant.line_balance import balance, machine_types


def made_of(smv, kinds):
    """A tee of our own, and a line with so many of each machine."""
    operations = tuple(
        Operation(name=f"op {i}", machine=m, smv_min=t, grade="C", mark="test")
        for i, (t, m) in enumerate(zip(smv, kinds, strict=True))
    )
    return replace(load_library().product("tee"), operations=operations)


def line(operators, **machines):
    return LineSpec(
        name="line",
        fabric_group="knit",
        home=("tee",),
        operators=operators,
        skills={"tee": 1.0},
        machines=machines,
    )


def home_plans(scenario):
    """(line, product, balance, general efficiency, mastery) of every line's home products."""
    tables = Factory(scenario, 0, orders=[]).world.tables
    for i, spec in enumerate(scenario.plant.lines):
        for name in spec.home:
            p = scenario.library.product(name)
            general = tables.general_efficiency(i, p)
            yield spec, p, tables.balance(i, p), general, tables.mastery(i)


def with_skills(plant, enabled):
    return load_scenario(plant).replace(skills=Skills(enabled=enabled))


def test_the_number_of_absent_people_is_right_on_average() -> None:
    # 7 % of 34 = 2.38 people: 2 or 3, and 3 in 38 % of the mornings
    rng = np.random.default_rng(0)
    absent = np.array([34 - absent_people(0.07, rng.random(35), 34).sum() for _ in range(4000)])
    assert set(absent.tolist()) == {2, 3}
    # standard error of the share: sqrt(.38 x .62 / 4000) = 0.0077, times 3.3
    assert absent.mean() == pytest.approx(2.38, abs=0.026)


def test_those_with_least_luck_are_absent() -> None:
    # 0.5 x 4 + 0.1 = 2.1: two people
    present = absent_people(0.5, np.array([0.1, 0.9, 0.2, 0.3, 0.8]), 4)
    assert present.tolist() == [True, False, False, True]
    assert absent_people(0.0, np.array([0.99, 0.1, 0.2]), 2).all()
    assert not absent_people(1.0, np.array([0.99, 0.1, 0.2]), 2).any()


def test_a_station_that_loses_one_of_two_equals_does_half() -> None:
    # 1 minute by two people, 0.5 by one: both 0.5. Without operator of the pair: 1.0
    spec = line(3, SNLS=3)
    plan = balance(spec, made_of([1.0, 0.5], ["SNLS", "SNLS"]), np.ones(3))
    pair = plan.crew[plan.crew_start[0] : plan.crew_start[1]]
    assert pair.shape[0] == 2
    present = np.ones(3, dtype=bool)
    present[pair[0]] = False
    assert both_capacities(plan, np.ones(3), None, present) == pytest.approx((0.5, 0.5))


def test_an_empty_station_gets_somebody_whom_another_can_spare() -> None:
    # loads .5, .5, .3: without the one at station 1, one of two at station 0 (1.0) must help
    # out, as nobody else stands in a pair: 0.5 / 1.0
    plan = balance(line(4, SNLS=4), made_of([1.0, 0.5, 0.3], ["SNLS"] * 3), np.ones(4))
    alone = int(plan.crew[plan.crew_start[1]])
    present = np.arange(4) != alone
    assert today_capacity(plan, np.ones(4), None, present, "keep") == pytest.approx(0.5)
    where = stations_today(plan, np.ones(4), None, present, "keep")
    assert where[alone] == -1
    assert sorted(where.tolist()) == [-1, 0, 1, 2]


def test_people_without_a_station_stand_in_first() -> None:
    # one flatlock, so operator 2 has no machine; when operator 0 is away it takes the place
    efficiency = np.array([1.0, 1.0, 0.5])
    plan = balance(line(3, FL=1, SNLS=1), made_of([0.5, 0.4], ["FL", "SNLS"]), efficiency)
    assert plan.crew.tolist() == [0, 1]
    present = np.array([False, True, True])
    # kept: 0.5 / 0.5 = 1.0 against 0.5. Moved: the able one takes the flatlock, the other the
    # lockstitch: max(.5, .4 / .5) = 0.8
    kept, moved = both_capacities(plan, efficiency, None, present)
    assert (kept, moved) == pytest.approx((0.5, 0.5 / 0.8))


def test_a_crew_does_the_work_of_an_empty_neighbour_if_nobody_can_be_spared() -> None:
    # two people, two stations, one is away: 1.0 + 0.5 minutes by one person, against 1.0
    plan = balance(line(2, SNLS=2), made_of([1.0, 0.5], ["SNLS", "SNLS"]), np.ones(2))
    present = np.array([True, False])
    assert both_capacities(plan, np.ones(2), None, present) == pytest.approx((1 / 1.5, 1 / 1.5))


@pytest.mark.parametrize("enabled", [False, True], ids=["no matrix", "skill matrix"])
def test_everybody_present_is_full_speed_and_nobody_is_none(enabled) -> None:
    for spec, _, plan, general, mastery in home_plans(with_skills("mid", enabled)):
        everybody = np.ones(spec.operators, dtype=bool)
        assert both_capacities(plan, general, mastery, everybody) == (1.0, 1.0)
        assert both_capacities(plan, general, mastery, ~everybody) == (0.0, 0.0)
        assert (stations_today(plan, general, mastery, ~everybody, "shift") == -1).all()


@pytest.mark.parametrize("enabled", [False, True], ids=["no matrix", "skill matrix"])
def test_a_tenth_of_the_people_less_is_a_tenth_of_output_less_if_balanced_again(enabled) -> None:
    # domain reference, section 19: "-10 % when re-balanced, more if not". One line moves in
    # whole people (34 people: 3 or 4 absent), so lines differ; together they lose a tenth
    rng = np.random.default_rng(1)
    kept, moved = [], []
    for spec, _, plan, general, mastery in home_plans(with_skills("mid", enabled)):
        days = np.array(
            [
                both_capacities(
                    plan,
                    general,
                    mastery,
                    absent_people(0.1, rng.random(spec.operators + 1), spec.operators),
                )
                for _ in range(200)
            ]
        )
        kept.append(days[:, 0].mean())
        moved.append(days[:, 1].mean())
        assert 0.8 < moved[-1] < 1.0, spec.name
        assert kept[-1] < moved[-1] - 0.2, spec.name
    assert np.mean(moved) == pytest.approx(0.9, abs=0.02)
    assert np.mean(kept) < 0.7


@st.composite
def mornings(draw):
    """A random small line with its balance, a skill matrix or none, and who has come."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people, n = draw(st.integers(1, 20)), draw(st.integers(1, 12))
    kinds = rng.choice(["SNLS", "OL4", "FL", MANUAL_MACHINE], n).tolist()
    machines = {m: int(rng.integers(1, 6)) for m in sorted(set(kinds) - {MANUAL_MACHINE})}
    spec = line(people, **machines)
    planned = rng.uniform(0.3, 1.0, people)
    mastery = None
    if draw(st.booleans()):
        mastery = rng.choice([0.75, 1.0], (people, len(machine_types(spec))))
    plan = balance(spec, made_of(rng.uniform(0.1, 1.0, n).tolist(), kinds), planned, mastery)
    # people may have changed since the plan was made
    now = planned if draw(st.booleans()) else rng.uniform(0.3, 1.0, people)
    present = rng.random(people) > draw(st.floats(0.0, 1.0))
    return spec, plan, now, mastery, present


@settings(max_examples=400)
@given(mornings())
def test_balancing_again_is_never_worse_than_staying(morning) -> None:
    _, plan, now, mastery, present = morning
    kept, moved = both_capacities(plan, now, mastery, present)
    assert moved >= kept
    assert (kept > 0.0) == present.any()
    assert today_capacity(plan, now, mastery, present, "keep") == kept
    assert today_capacity(plan, now, mastery, present, "shift") == moved


@settings(max_examples=400)
@given(mornings())
def test_only_people_who_are_here_work_and_at_machines_that_are_there(morning) -> None:
    spec, plan, now, mastery, present = morning
    for mode in ("keep", "shift"):
        where = stations_today(plan, now, mastery, present, mode)
        assert (where[~present] == -1).all()
        manned = np.bincount(where[where >= 0], minlength=plan.stations)
        for machine, owned in spec.machines.items():
            at = [k for k, m in enumerate(plan.machines) if m == machine]
            assert manned[at].sum() <= owned


@settings(max_examples=400)
@given(mornings())
def test_those_who_stay_leave_their_station_only_for_an_empty_one(morning) -> None:
    _, plan, now, mastery, present = morning
    before = np.full(present.shape[0], -1)
    for k in range(plan.stations):
        before[plan.crew[plan.crew_start[k] : plan.crew_start[k + 1]]] = k
    where = stations_today(plan, now, mastery, present, "keep")
    left_empty = {k for k in range(plan.stations) if not (present & (before == k)).any()}
    moved = present & (where != before)
    assert all(where[o] in left_empty for o in np.flatnonzero(moved))


@settings(max_examples=300)
@given(mornings())
def test_the_capacity_is_the_speed_of_the_slowest_station(morning) -> None:
    _, plan, now, mastery, present = morning
    where = stations_today(plan, now, mastery, present, "shift")
    manned = [k for k in range(plan.stations) if (where == k).any()]
    if len(manned) < plan.stations:
        return  # some crew does the work of two stations

    def minutes(k, crew):
        kind = int(plan.machine_type[k])
        factor = np.ones(now.shape[0]) if mastery is None or kind < 0 else mastery[:, kind]
        return plan.smv_min[k] / (now * factor)[crew].sum()

    starts = plan.crew_start
    full = max(minutes(k, plan.crew[starts[k] : starts[k + 1]]) for k in range(plan.stations))
    today = max(minutes(k, where == k) for k in range(plan.stations))
    capacity = today_capacity(plan, now, mastery, present, "shift")
    assert capacity == pytest.approx(1.0 if present.all() else full / today)
