"""The crews of a run: who leaves, who comes, who rises, and what that does to a line."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.people import GRADES, Grades, Skills, Turnover
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.plant.crew import Crews
from factory_env.sim.plant.crew_today import both_capacities
from factory_env.sim.plant.tables import PlantTables

TRAINEE = GRADES.index("T")


TRAINEES_ONLY = Grades(shares=(0.0, 0.0, 0.0, 1.0))
NEARLY_HALF = 1.0 - 1e-6  # leave in a month: 41 % of the places each morning


def tables_with(share=0.04, grades=None, **skills) -> PlantTables:
    """Tables of the small plant with turnover and perhaps a skill matrix."""
    turnover = Turnover(enabled=True, share_per_month=share, to_c_weeks=6.0, to_b_weeks=26.0)
    scenario = load_scenario("small").replace(turnover=turnover, skills=Skills(**skills))
    scenario = scenario if grades is None else scenario.replace(grades=grades)
    return Factory(scenario, 0, orders=[]).tables


def crews_of(share=0.04, seed=1, **options) -> Crews:
    return Crews(tables_with(share, **options), Streams(seed))


def test_four_of_a_hundred_leave_in_a_month() -> None:
    # a place is kept over 26 working days with 0.96; 129 places, 200 months
    crews, months = crews_of(), 200
    places = sum(g.shape[0] for g in crews.grades)
    changed = 0
    for month in range(months):
        for joined in crews.joined:
            joined[:] = -(10**6)
        for day in range(26 * month, 26 * (month + 1)):
            crews.morning(day, day)
        changed += sum(int((joined >= 0).sum()) for joined in crews.joined)
    n = places * months
    error = 3.29 * np.sqrt(0.04 * 0.96 / n)  # 99.9 %
    assert changed / n == pytest.approx(0.04, abs=error)


def test_who_leaves_depends_on_the_seed_and_the_day_alone() -> None:
    def after(seed, days):
        crews = crews_of(seed=seed)
        for day in days:
            crews.morning(day, day)
        return [grades.tolist() for grades in crews.grades]

    assert after(5, range(40)) == after(5, range(40))
    assert after(5, range(40)) != after(6, range(40))
    # a place that changes hands on the last day does so whatever happened before
    alone, late = crews_of(seed=5, share=0.5), crews_of(seed=5, share=0.5)
    for day in range(39):
        late.morning(day, day)
    for crews in (alone, late):
        crews.morning(39, 10_000)
    assert [(j == 10_000).tolist() for j in alone.joined] == [
        (j == 10_000).tolist() for j in late.joined
    ]
    assert any((j == 10_000).any() for j in alone.joined)


def test_a_renewed_stream_brings_other_leavers() -> None:
    streams = Streams(5)
    tables = tables_with()
    crews, same = Crews(tables, streams), Crews(tables, Streams(5))
    streams.renew(6)
    other = Crews(tables, Streams(6))
    for day in range(40):
        for one in (crews, same, other):
            one.morning(day, day)
    joined = [[j.tolist() for j in one.joined] for one in (crews, same, other)]
    assert joined[0] == joined[2]
    assert joined[0] != joined[1]


def test_trainees_rise_on_time_and_no_higher_than_b() -> None:
    crews = crews_of(share=0.0, grades=TRAINEES_ONLY)
    for joined in crews.joined:
        joined[:] = 0  # all came on the first morning
    seen = []
    for number, day in enumerate((1, 41, 42, 181, 182, 2000), start=1):
        changed = crews.morning(number, day)
        grades = {GRADES[x] for g in crews.grades for x in g.tolist()}
        seen.append((day, grades, changed))
    # 6 weeks = 42 days, 26 weeks = 182 days
    assert seen == [
        (1, {"T"}, []),
        (41, {"T"}, []),
        (42, {"C"}, [0, 1, 2]),
        (181, {"C"}, []),
        (182, {"B"}, [0, 1, 2]),
        (2000, {"B"}, []),
    ]


def test_who_comes_is_a_trainee_and_rises_too() -> None:
    crews = crews_of(share=NEARLY_HALF)
    crews.morning(0, 1000)
    came = [joined == 1000 for joined in crews.joined]
    assert all(0.2 < new.mean() < 0.6 for new in came)
    for grades, new in zip(crews.grades, came, strict=True):
        assert (grades[new] == TRAINEE).all()
    crews.morning(1, 1042)
    for grades, joined in zip(crews.grades, crews.joined, strict=True):
        assert (joined == 1000).any()
        assert (grades[joined == 1000] == GRADES.index("C")).all()


def test_the_first_trainees_rise_one_after_the_other_and_nobody_else_does() -> None:
    crews = crews_of(share=0.0)
    before = [g.copy() for g in crews.grades]
    trainees = [int((g == TRAINEE).sum()) for g in before]
    assert trainees == [3, 4, 5]  # 10 % of 34, 40 and 55, by largest remainder
    rose = {}
    for day in range(43):
        crews.morning(day, day)
        rose[day] = [
            t - int((g == TRAINEE).sum()) for t, g in zip(trainees, crews.grades, strict=True)
        ]
    # 3 trainees came at day 0, -14, -28: they are six weeks on the line at 42, 28, 14
    assert [rose[day][0] for day in (13, 14, 27, 28, 41, 42)] == [0, 1, 1, 2, 2, 3]
    assert rose[42] == trainees
    for old, new in zip(before, crews.grades, strict=True):
        assert (new[old != TRAINEE] == old[old != TRAINEE]).all()


def test_efficiency_follows_the_grade_and_the_other_lines_stay_as_planned() -> None:
    tables = tables_with(share=0.5)
    crews = Crews(tables, Streams(1))
    lines = crews.morning(0, 0)
    assert 0 < len(lines) < 3
    scenario = tables.scenario
    by_grade = np.array(scenario.grades.efficiencies)
    for i, spec in enumerate(scenario.plant.lines):
        product = scenario.library.product(spec.home[0])
        assert (crews.plan(i, product) is tables.balance(i, product)) == (i not in lines)
        expected = by_grade[crews.grades[i]] * spec.skills[product.name]
        assert crews.efficiency(i, product).tolist() == expected.tolist()
        plan = crews.plan(i, product)
        loads = [
            plan.smv_min[k] / expected[plan.crew[plan.crew_start[k] : plan.crew_start[k + 1]]].sum()
            for k in range(plan.stations)
        ]
        assert plan.bottleneck_min == pytest.approx(max(loads))
        assert plan.machines == tables.balance(i, product).machines


def test_a_line_with_new_people_is_balanced_for_them() -> None:
    # half of the people change in a month; if the places stayed as they were, a trainee alone at
    # a long operation would slow the line to less than 0.40 / 0.92
    tables = tables_with(share=0.5)
    crews = Crews(tables, Streams(1))
    for day in range(26):
        crews.morning(day, day)
    for i, spec in enumerate(tables.scenario.plant.lines):
        product = tables.scenario.library.product(spec.home[0])
        planned, now = tables.balance(i, product), crews.plan(i, product)
        general = crews.general_efficiency(i, product)
        people = general.sum() / tables.general_efficiency(i, product).sum()
        starts = planned.crew_start
        stayed = max(
            planned.smv_min[k] / general[planned.crew[starts[k] : starts[k + 1]]].sum()
            for k in range(planned.stations)
        )
        assert now.bottleneck_min < stayed
        # the line is slower about as its people are
        assert planned.bottleneck_min / now.bottleneck_min == pytest.approx(people, abs=0.12)


def test_a_second_morning_is_seen_in_the_efficiency() -> None:
    tables = tables_with(share=0.5)
    crews = Crews(tables, Streams(1))
    product = tables.scenario.library.product("tee")
    crews.morning(0, 0)
    first = crews.efficiency(0, product)
    assert crews.efficiency(0, product) is first  # nothing has changed: nothing is computed
    for day in range(1, 10):
        crews.morning(day, day)
    assert crews.efficiency(0, product).tolist() != first.tolist()


def test_defects_follow_the_mean_grade() -> None:
    tables = tables_with(share=1.0)
    crews = Crews(tables, Streams(1))
    assert crews.defect_factor(0) == 1.0
    factors = np.array(tables.scenario.grades.defect_factors)
    planned = [factors[g].mean() for g in crews.grades]
    crews.morning(0, 0)  # all are trainees now, with 2.2 each
    for i, mean in enumerate(planned):
        assert crews.defect_factor(i) == pytest.approx(2.2 / mean)


MATRIX = {"enabled": True, "mastered": (5, 3, 2, 1), "elsewhere_factor": 0.75}


def test_a_newcomer_masters_the_machine_of_the_place_only() -> None:
    tables = tables_with(share=1.0, **MATRIX)
    crews = Crews(tables, Streams(1))
    crews.morning(0, 0)  # everybody is new
    for i, spec in enumerate(tables.scenario.plant.lines):
        product = tables.scenario.library.product(spec.home[0])
        plan, mastery = tables.balance(i, product), crews.mastery(i)
        assert mastery is not None
        assert ((mastery == 1.0).sum(axis=1) == 1).all()
        for k, kind in enumerate(plan.machine_type.tolist()):
            crew = plan.crew[plan.crew_start[k] : plan.crew_start[k + 1]]
            if kind >= 0:
                assert (mastery[crew, kind] == 1.0).all()
        # all are trainees now: 0.40 of standard at the machine of their place, else 0.75 x that
        best = 0.40 * spec.skills[product.name]
        now = crews.efficiency(i, product)
        assert set(np.round(now / best, 9).tolist()) <= {0.75, 1.0}
        assert (now == best).mean() > 0.9


def test_who_rises_to_grade_c_masters_a_second_machine() -> None:
    crews = Crews(tables_with(NEARLY_HALF, **MATRIX), Streams(1))
    crews.morning(0, 1000)
    crews.morning(1, 1042)
    mastery, joined = crews.mastery(0), crews.joined[0]
    assert mastery is not None
    assert ((mastery[joined == 1000] == 1.0).sum(axis=1) == 2).all()
    assert ((mastery[joined == 1042] == 1.0).sum(axis=1) == 1).all()
    assert (joined == 1000).any()
    assert (joined == 1042).any()


def test_without_turnover_everything_is_the_plan(small, small_tables) -> None:
    crews = Crews(small_tables, Streams(1))
    tee = small.library.product("tee")
    assert crews.morning(0, 0) == []
    assert crews.plan(0, tee) is small_tables.balance(0, tee)
    assert crews.efficiency(0, tee) is small_tables.efficiency(0, tee)
    assert crews.general_efficiency(0, tee) is small_tables.general_efficiency(0, tee)
    assert crews.mastery(0) is None
    assert crews.defect_factor(0) == 1.0
    assert not any(crews.morning(day, day) for day in range(100))


def test_crews_of_two_runs_do_not_share_what_happens_to_them() -> None:
    tables = tables_with(share=0.5, enabled=True)
    one, two = Crews(tables, Streams(1)), Crews(tables, Streams(1))
    dealt = [m.order.copy() for m in tables.skills]
    for day in range(30):
        one.morning(day, day)
    assert [g.tolist() for g in one.grades] != [g.tolist() for g in two.grades]
    product = tables.scenario.library.product("tee")
    assert two.plan(0, product) is tables.balance(0, product)
    assert all((m.order == d).all() for m, d in zip(tables.skills, dealt, strict=True))


def test_capacities_use_the_present_crew() -> None:
    tables = tables_with(share=0.3, enabled=True)
    crews = Crews(tables, Streams(1))
    for day in range(20):
        crews.morning(day, day)
    product = tables.scenario.library.product("tee")
    present = np.arange(34) % 10 != 0
    expected = both_capacities(
        crews.plan(0, product),
        crews.general_efficiency(0, product),
        crews.mastery(0),
        present,
    )
    assert crews.capacities(0, product, present) == expected
    assert crews.capacity(0, product, present, "keep") == expected[0]
    assert crews.capacity(0, product, present, "shift") == expected[1]
