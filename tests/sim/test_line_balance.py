"""Line balance: everybody has a place, machines suffice, and no naive plan is better."""

from __future__ import annotations

from collections import Counter
from itertools import product as choices

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Operation, Product
from factory_env.library import load_library
from factory_env.sim.line_balance import Balance, balance

PLANTS = ("small", "mid", "large")


def made_of(smv: list[float], machines: list[str] | None = None) -> Product:
    """A tee of our own."""
    from dataclasses import replace

    kinds = machines or ["SNLS"] * len(smv)
    operations = tuple(
        Operation(name=f"op {i}", machine=m, smv_min=t, grade="C", mark="test")
        for i, (t, m) in enumerate(zip(smv, kinds, strict=True))
    )
    return replace(load_library().product("tee"), operations=operations)


def line(operators: int, **machines: int) -> LineSpec:
    return LineSpec(
        name="line",
        fabric_group="knit",
        home=("tee",),
        operators=operators,
        skills={"tee": 1.0},
        machines=machines or {"SNLS": 99},
    )


def crews(plan: Balance) -> list[list[int]]:
    return [
        plan.crew[a:b].tolist()
        for a, b in zip(plan.crew_start[:-1], plan.crew_start[1:], strict=True)
    ]


def longest(plan: Balance, efficiency: np.ndarray) -> float:
    return max(
        float(m) / efficiency[c].sum() for m, c in zip(plan.smv_min, crews(plan), strict=True)
    )


@pytest.fixture(scope="module", params=PLANTS)
def plans(request):
    """Every balance of a shipped plant: (line, product, efficiency, balance)."""
    scenario = load_scenario(request.param)
    tables = Factory(scenario, 0, orders=[]).world.tables
    return [
        (spec, p, tables.efficiency(i, p), tables.balance(i, p))
        for i, spec in enumerate(scenario.plant.lines)
        for p in scenario.library.products
        if spec.can_sew(p)
    ]


def test_every_station_is_manned_and_nobody_stands_in_two_places(plans) -> None:
    for spec, _, _, plan in plans:
        assert all(crews(plan)), spec.name
        people = plan.crew.tolist()
        assert len(set(people)) == len(people)
        assert set(people) <= set(range(spec.operators))


def test_the_work_of_a_piece_is_the_bulletin(plans) -> None:
    for _, product, efficiency, plan in plans:
        assert plan.smv_min.sum() == pytest.approx(product.smv_min)
        assert plan.bottleneck_min == pytest.approx(longest(plan, efficiency))
        assert 0.4 < plan.balance_share(efficiency) <= 1.0


def test_no_more_machines_are_manned_than_there_are(plans) -> None:
    for spec, product, _, plan in plans:
        if plan.stations < len(product.operations):
            continue  # stations merged: their machine is not in the bulletin row
        used: Counter[str] = Counter()
        for operation, crew in zip(product.operations, crews(plan), strict=True):
            used[operation.machine] += len(crew)
        for machine, n in used.items():
            if machine != MANUAL_MACHINE:
                assert n <= spec.machines[machine], (spec.name, product.name, machine)


def naive(spec: LineSpec, product: Product, efficiency: np.ndarray) -> float:
    """Bottleneck if people stand in order of their number, the rest where most work is."""
    operations = product.operations
    places = [[o] for o in range(len(operations))]
    free = Counter(spec.machines)
    free.subtract(o.machine for o in operations)
    for person in range(len(operations), spec.operators):
        load = [o.smv_min / len(c) for o, c in zip(operations, places, strict=True)]
        for k in sorted(range(len(load)), key=lambda k: -load[k]):
            machine = operations[k].machine
            if machine == MANUAL_MACHINE or free[machine] > 0:
                free[machine] -= 1
                places[k].append(person)
                break
    return max(o.smv_min / efficiency[c].sum() for o, c in zip(operations, places, strict=True))


def test_no_naive_plan_is_better(plans) -> None:
    compared = 0
    for spec, product, efficiency, plan in plans:
        if plan.stations == len(product.operations):
            assert plan.bottleneck_min <= naive(spec, product, efficiency) + 1e-12
            compared += 1
    assert compared >= 8


def gap_to_the_best(seed: int) -> float:
    """Bottleneck of a random small line over that of the best of all its 243 placings."""
    rng = np.random.default_rng(seed)
    smv = rng.uniform(0.2, 1.0, 3).tolist()
    efficiency = np.sort(rng.uniform(0.4, 1.0, 5))[::-1]
    best = min(
        max(
            smv[k] / max(1e-9, sum(efficiency[o] for o in range(5) if place[o] == k))
            for k in range(3)
        )
        for place in choices(range(3), repeat=5)
    )
    return balance(line(5), made_of(smv), efficiency).bottleneck_min / best


def test_small_balances_are_near_the_best_of_all() -> None:
    gaps = np.array([gap_to_the_best(seed) for seed in range(60)])
    assert gaps.min() >= 1.0 - 1e-12
    assert gaps.mean() < 1.05
    assert gaps.max() < 1.3


def test_the_lightest_neighbours_merge_while_there_are_too_few_people() -> None:
    # .5 .1 .2 .4 for three people: .1 + .2 are the lightest neighbours
    plan = balance(line(3), made_of([0.5, 0.1, 0.2, 0.4]), np.ones(3))
    assert plan.smv_min.tolist() == pytest.approx([0.5, 0.3, 0.4])
    assert plan.bottleneck_min == pytest.approx(0.5)
    # for one person everything is one station
    assert balance(line(1), made_of([0.5, 0.1]), np.ones(1)).smv_min.tolist() == [0.6]


def test_the_best_operator_takes_the_longest_operation() -> None:
    plan = balance(line(2), made_of([0.4, 0.8]), np.array([0.5, 1.0]))
    # by hand: 0.4 / 0.5 = 0.8 and 0.8 / 1.0 = 0.8; the other way round 0.4 and 1.6
    assert crews(plan) == [[0], [1]]
    assert plan.bottleneck_min == pytest.approx(0.8)
    assert plan.balance_share(np.array([0.5, 1.0])) == pytest.approx(1.0)


def test_a_scarce_machine_limits_its_station() -> None:
    # the long operation would take all three spare people, but there is one flatlock only
    smv, kinds = [0.9, 0.3], ["FL", "SNLS"]
    plan = balance(line(5, FL=1, SNLS=9), made_of(smv, kinds), np.ones(5))
    assert [len(c) for c in crews(plan)] == [1, 4]
    assert plan.bottleneck_min == pytest.approx(0.9)


def test_a_balance_repeats_itself() -> None:
    rng = np.random.default_rng(0)
    efficiency = rng.uniform(0.4, 1.0, 12)
    product = made_of(rng.uniform(0.2, 1.0, 7).tolist())
    a, b = (balance(line(12), product, efficiency) for _ in range(2))
    assert a.crew.tolist() == b.crew.tolist()
    assert a.crew_start.tolist() == b.crew_start.tolist()
