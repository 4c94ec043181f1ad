"""The skill matrix: who masters which machine types, and what a line can do with that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.domain.people import GRADES, Skills
from factory_env.domain.product import MANUAL_MACHINE
from factory_env.sim.plant.skill_matrix import operator_grades, skill_matrix

MASTERED = (5, 3, 2, 1)


@pytest.fixture(scope="module", params=["small", "mid"])
def skilled(request):
    """A shipped plant whose people have a skill matrix."""
    skills = Skills(enabled=True, mastered=MASTERED, elsewhere_factor=0.75)
    return load_scenario(request.param).replace(skills=skills)


def lines(scenario):
    """Every line with its matrix, the grades of its people and who masters what."""
    for i, spec in enumerate(scenario.plant.lines):
        matrix, grades = skill_matrix(scenario, i), operator_grades(scenario, i)
        assert matrix is not None
        yield spec, matrix, grades, matrix.masters(grades)


def test_the_grade_says_how_many_machine_types_are_mastered(skilled) -> None:
    for spec, matrix, grades, masters in lines(skilled):
        for operator, grade in enumerate(grades.tolist()):
            expected = min(MASTERED[grade], len(matrix.machines))
            assert masters[operator].sum() == expected, (spec.name, GRADES[grade])


def test_everybody_has_an_order_of_all_types(skilled) -> None:
    for _, matrix, _, _ in lines(skilled):
        types = list(range(len(matrix.machines)))
        assert all(sorted(row) == types for row in matrix.order.tolist())


def test_every_machine_that_is_sewn_on_is_mastered_by_somebody(skilled) -> None:
    for spec, matrix, _, masters in lines(skilled):
        sewn = {
            op.machine for p in skilled.library.products if spec.can_sew(p) for op in p.operations
        } - {MANUAL_MACHINE}
        for machine in sewn:
            assert masters[:, matrix.machines.index(machine)].any(), (spec.name, machine)


def test_first_skills_are_dealt_like_the_work_of_the_home_products(skilled) -> None:
    for spec, matrix, _, _ in lines(skilled):
        work = dict.fromkeys(matrix.machines, 0.0)
        for name in spec.home:
            sewn = [
                op
                for op in skilled.library.product(name).operations
                if op.machine != MANUAL_MACHINE
            ]
            total = sum(op.smv_min for op in sewn)
            for op in sewn:
                work[op.machine] += op.smv_min / total / len(spec.home)
        first = np.bincount(matrix.order[:, 0], minlength=len(work)) / spec.operators
        # the other products take a weight of 0.1 beside 1, and rare types a little more than theirs
        assert np.abs(first - list(work.values())).max() < 0.11, spec.name


def test_more_work_on_a_type_means_that_more_people_master_it(skilled) -> None:
    for spec, matrix, _, masters in lines(skilled):
        work = dict.fromkeys(matrix.machines, 0.0)
        for name in spec.home:
            for op in skilled.library.product(name).operations:
                if op.machine != MANUAL_MACHINE:
                    work[op.machine] += op.smv_min
        cover = masters.sum(axis=0)
        most = max(work, key=lambda m: work[m])
        assert cover[matrix.machines.index(most)] == cover.max(), spec.name


def test_a_machine_that_is_not_mastered_is_worked_at_three_quarters(skilled) -> None:
    for _, matrix, grades, masters in lines(skilled):
        factors = matrix.factors(grades)
        assert (factors[masters] == 1.0).all()
        assert (factors[~masters] == 0.75).all()


def test_without_skills_there_is_no_matrix_and_the_balance_is_the_old_one(small) -> None:
    assert skill_matrix(small, 0) is None
    tables = Factory(small, 0, orders=[]).tables
    tee = small.library.product("tee")
    assert tables.mastery(0) is None
    assert tables.efficiency(0, tee).tolist() == tables.general_efficiency(0, tee).tolist()


def test_tables_hold_each_operators_efficiency_where_it_stands(skilled) -> None:
    tables = Factory(skilled, 0, orders=[]).tables
    slower = 0
    for i, spec in enumerate(skilled.plant.lines):
        mastery = tables.mastery(i)
        assert mastery is not None
        for product in skilled.library.products:
            if not spec.can_sew(product):
                continue
            plan, general = tables.balance(i, product), tables.general_efficiency(i, product)
            expected = general.copy()
            for k, kind in enumerate(plan.machine_type.tolist()):
                for o in plan.crew[plan.crew_start[k] : plan.crew_start[k + 1]].tolist():
                    expected[o] *= 1.0 if kind < 0 else mastery[o, kind]
            assert tables.efficiency(i, product).tolist() == expected.tolist()
            slower += int((expected < general).sum())
    assert slower > 0  # somebody stands at a machine that is not mastered


def test_a_line_loses_little_when_everybody_can_be_put_where_it_knows_the_machine(skilled) -> None:
    # a home product loses at most the next best arrangement: 5 % on the shipped plants
    plain = skilled.replace(skills=replace(skilled.skills, enabled=False))
    before = Factory(plain, 0, orders=[]).tables
    after = Factory(skilled, 0, orders=[]).tables
    for i, spec in enumerate(skilled.plant.lines):
        for name in spec.home:
            product = skilled.library.product(name)
            ratio = after.balance(i, product).bottleneck_min / (
                before.balance(i, product).bottleneck_min
            )
            assert 1.0 - 1e-9 <= ratio < 1.06, (spec.name, name)


def test_every_operator_knows_as_many_of_the_lines_types_as_the_grade_says(skilled) -> None:
    for i, spec in enumerate(skilled.plant.lines):
        matrix = skill_matrix(skilled, i)
        assert matrix is not None
        assert set(matrix.machines) == set(spec.machines) - {MANUAL_MACHINE}
        grades = operator_grades(skilled, i)
        masters = matrix.masters(grades)
        assert masters.shape == (spec.operators, len(matrix.machines))
        known = np.minimum(matrix.mastered[grades], len(matrix.machines))
        assert masters.sum(axis=1).tolist() == known.tolist()
        assert GRADES[grades[0]] == "A"
