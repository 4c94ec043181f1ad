"""The shipped tables equal the domain reference: bulletins, learning curves, defects, grades."""

from __future__ import annotations

import pytest

from factory_env.domain.people import Grades
from factory_env.library import load_library, machine_codes

LIBRARY = load_library()

# domain reference, section 3: product, fabric, operations, SMV
BULLETINS = [
    ("tee", "knit", 16, 5.84),
    ("polo", "knit", 29, 11.08),
    ("pullover", "knit", 19, 12.46),
    ("shirt", "woven", 40, 24.06),
    ("trouser", "woven", 39, 21.25),
    ("jeans", "woven", 35, 19.90),
    ("dress", "woven", 23, 23.35),
    ("jacket", "woven", 38, 51.05),
]


def test_eight_products_are_shipped() -> None:
    assert {p.name for p in LIBRARY.products} == {row[0] for row in BULLETINS}


@pytest.mark.parametrize(("name", "fabric", "operations", "smv"), BULLETINS)
def test_a_bulletin_has_the_operations_and_minutes_of_the_reference(
    name, fabric, operations, smv
) -> None:
    product = LIBRARY.product(name)
    assert product.fabric_group == fabric
    assert len(product.operations) == operations
    assert product.smv_min == pytest.approx(smv, abs=0.005)
    assert all(o.machine in machine_codes() for o in product.operations)
    assert all(o.grade in "ABCDE" and o.smv_min > 0 for o in product.operations)


@pytest.mark.parametrize("name", [row[0] for row in BULLETINS])
def test_a_grade_follows_from_the_minutes(name) -> None:
    # section 3: A from 0.7 min, B 0.5-0.7, C 0.4-0.5, D below; E is manual work
    for op in LIBRARY.product(name).operations:
        by_time = "A" if op.smv_min >= 0.7 else "B" if op.smv_min >= 0.5 else "C"
        by_time = "D" if op.smv_min < 0.4 else by_time
        assert op.grade == ("E" if op.machine == "MAN" else by_time), op.name


# section 6, days 1-6 in percent: efficiency at the beginning of each day
LEARNING = [
    ("basic", [45, 58, 65, 68, 70, 71]),
    ("semi", [38, 51, 58, 63, 66, 67]),
    ("fashion", [30, 44, 53, 59, 63, 65]),
    ("complex", [20, 29, 37, 42, 47, 50]),
]


@pytest.mark.parametrize(("name", "percent"), LEARNING)
def test_learning_follows_the_table_of_days_one_to_six(name, percent) -> None:
    curve = LIBRARY.learning_class(name)
    found = [100 * curve.efficiency(day) for day in range(6)]
    # the reference rounds to whole percents, once up by more than half: tee day 5 is 70.1
    assert found == pytest.approx(percent, abs=0.75)


def test_learning_classes_go_by_minutes_of_work() -> None:
    # section 6: basic below 8 min, semi 8-16, fashion 16-35, complex above 35
    for product in LIBRARY.products:
        smv = product.smv_min
        right = "basic" if smv < 8 else "semi" if smv < 16 else "fashion" if smv < 35 else "complex"
        assert product.learning_class == right


def test_shares_of_defect_kinds_sum_to_one() -> None:
    assert sum(d.share for d in LIBRARY.defects) == pytest.approx(1.0)
    assert len(LIBRARY.defects) == 11


@pytest.mark.parametrize(
    ("operators", "heads"),
    [
        # 25/40/25/10 %: 10 of 40, 16, 10, 4
        (40, (10, 16, 10, 4)),
        # 34: 8.5, 13.6, 8.5, 3.4 -> 8, 13, 8, 3 and two by largest remainder: .6, then the first .5
        (34, (9, 14, 8, 3)),
        # 1: .25, .4, .25, .1
        (1, (0, 1, 0, 0)),
    ],
)
def test_heads_per_grade_go_by_largest_remainder(operators, heads) -> None:
    assert Grades().head_count(operators) == heads


@pytest.mark.parametrize("operators", range(1, 120))
def test_heads_per_grade_sum_to_the_line(operators) -> None:
    assert sum(Grades().head_count(operators)) == operators
