"""Line balance: everybody has a place, machines suffice, and no naive plan is better.

The compiled balance is compared with the plain one of `tests/twin/plain_balance.py`.
"""

from __future__ import annotations

from collections import Counter
from itertools import product as choices

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_env import Factory, load_scenario
from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Operation, Product
from factory_env.library import load_library
from factory_env.sim.plant.balance_steps import crew_power
from factory_env.sim.plant.line_balance import Balance, balance, machine_types
from tests.twin.plain_balance import plain_balance

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


def manned(plan: Balance) -> Counter[str]:
    """People at machines of each type."""
    used: Counter[str] = Counter()
    for machine, crew in zip(plan.machines, crews(plan), strict=True):
        used[machine] += len(crew)
    del used[MANUAL_MACHINE]
    return used


def test_no_more_machines_are_manned_than_there_are(plans) -> None:
    for spec, product, _, plan in plans:
        for machine, n in manned(plan).items():
            assert n <= spec.machines[machine], (spec.name, product.name, machine)


def test_the_compiled_balance_is_the_plain_one_on_every_shipped_line(plans) -> None:
    for spec, product, efficiency, plan in plans:
        assert_equal(plan, spec, product, efficiency)
        assert plan.efficiency.tolist() == efficiency.tolist()


def assert_equal(plan: Balance, spec: LineSpec, product: Product, efficiency: np.ndarray) -> None:
    """The very same people in the same order, and the same bits in every number."""
    plain = plain_balance(spec, product, efficiency)
    assert crews(plan) == plain.crews, (spec.name, product.name)
    assert plan.smv_min.tolist() == plain.smv_min
    assert list(plan.machines) == plain.machines
    assert plan.bottleneck_min == plain.bottleneck_min


def random_case(seed: int, *, scarce: bool = False) -> tuple[LineSpec, Product, np.ndarray]:
    """A line, a product and people; coarse numbers in every other case, so that ties are many.

    A machine for every operation, or with ``scarce`` possibly fewer.
    """
    rng = np.random.default_rng(seed)
    n, people = int(rng.integers(1, 25)), int(rng.integers(1, 45))
    kinds = rng.choice(["SNLS", "OL4", "FL", "BH", MANUAL_MACHINE], n).tolist()
    coarse = seed % 2 == 0
    smv = rng.integers(1, 5, n) / 4 if coarse else rng.uniform(0.1, 1.5, n)
    efficiency = rng.choice([0.5, 0.75, 1.0], people) if coarse else rng.uniform(0.3, 1.1, people)
    machines = {
        m: (1 if scarce else kinds.count(m)) + int(rng.integers(0, 8))
        for m in sorted(set(kinds) - {MANUAL_MACHINE})
    }
    return line(people, **machines), made_of(smv.tolist(), kinds), efficiency


def test_the_compiled_balance_is_the_plain_one_on_random_lines() -> None:
    for seed in range(600):
        spec, product, efficiency = random_case(seed)
        assert_equal(balance(spec, product, efficiency), spec, product, efficiency)


@given(st.lists(st.floats(0.1, 1.2), min_size=1, max_size=128), st.randoms())
def test_a_crew_is_added_up_as_numpy_adds_it(rates, random) -> None:
    efficiency = np.array(rates)
    crew = np.array(random.sample(range(len(rates)), random.randint(1, len(rates))))
    assert crew_power(efficiency, crew, len(crew)) == efficiency[crew].sum()


def test_stations_share_machines_when_there_are_too_few() -> None:
    shared = 0
    for seed in range(300):
        spec, product, efficiency = random_case(seed, scarce=True)
        plan = balance(spec, product, efficiency)
        for machine, n in manned(plan).items():
            assert n <= spec.machines[machine], seed
        assert all(crews(plan))
        assert plan.smv_min.sum() == pytest.approx(product.smv_min)
        shared += plan.stations < min(spec.operators, len(product.operations))
    assert shared > 50


def test_the_nearest_stations_of_a_type_share_its_machine() -> None:
    # flatlocks at stations 0, 2, 5 and two machines: 0 and 2 are nearer to each other than 2 and 5;
    # the work is done where the longer of the two stood, at station 2
    kinds = ["FL", "SNLS", "FL", "SNLS", "SNLS", "FL"]
    plan = balance(
        line(8, FL=2, SNLS=9), made_of([0.1, 0.4, 0.3, 0.4, 0.4, 0.4], kinds), np.ones(8)
    )
    assert plan.machines == ("SNLS", "FL", "SNLS", "SNLS", "FL")
    assert plan.smv_min.tolist() == pytest.approx([0.4, 0.4, 0.4, 0.4, 0.4])
    assert manned(plan)["FL"] == 2


def test_people_stand_where_they_master_the_machine() -> None:
    # types in order: FL, SNLS. Operator 0 is good at lockstitch only, operator 1 at flatlock only
    spec, product = line(2, FL=1, SNLS=1), made_of([0.5, 0.5], ["FL", "SNLS"])
    assert machine_types(spec) == ("FL", "SNLS")
    mastery = np.array([[0.5, 1.0], [1.0, 0.5]])
    plan = balance(spec, product, np.ones(2), mastery)
    assert crews(plan) == [[1], [0]]
    assert plan.bottleneck_min == pytest.approx(0.5)
    assert plan.efficiency.tolist() == [1.0, 1.0]


def test_an_operator_is_slower_where_the_machine_is_not_mastered() -> None:
    # one flatlock for 0.6 minutes, and nobody masters it: 0.6 / (0.8 x 0.5); the manual
    # station needs no mastery, and who has no machine left has the general efficiency
    spec, product = line(3, FL=1), made_of([0.6, 0.1], ["FL", MANUAL_MACHINE])
    efficiency, mastery = np.array([0.8, 0.8, 0.8]), np.array([[0.5], [0.5], [0.5]])
    plan = balance(spec, product, efficiency, mastery)
    assert [len(c) for c in crews(plan)] == [1, 2]
    at_flatlock = plan.crew[0]
    assert plan.efficiency[at_flatlock] == pytest.approx(0.4)
    assert plan.efficiency.sum() == pytest.approx(0.4 + 0.8 + 0.8)
    assert plan.bottleneck_min == pytest.approx(0.6 / 0.4)


def test_mastery_of_everything_changes_nothing() -> None:
    for seed in range(100):
        spec, product, efficiency = random_case(seed)
        all_known = np.ones((spec.operators, len(machine_types(spec))))
        a, b = balance(spec, product, efficiency), balance(spec, product, efficiency, all_known)
        assert crews(a) == crews(b)
        assert a.efficiency.tolist() == b.efficiency.tolist()


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
