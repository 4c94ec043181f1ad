"""Bulletins by complexity: nested, sewable, and of the right length."""

from __future__ import annotations

import pytest

from factory_env.domain.product import MANUAL_MACHINE
from factory_env.library import load_library, rows
from factory_env.presets import load_scenario
from factory_env.styling.bulletin import operation_count, with_operations

PRODUCTS = load_library().products


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p.name)
def test_designs_have_as_many_operations_as_the_reference_says(product) -> None:
    n = len(product.operations)
    for c in (0.0, 0.25, 0.5, 0.75, 1.0):
        wanted = operation_count(product, c)
        assert abs(wanted - n * (0.9 + 0.35 * c)) <= 0.5
        assert len(with_operations(product, wanted).operations) == wanted


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p.name)
def test_a_richer_bulletin_has_every_operation_of_a_simpler_one(product) -> None:
    low, high = operation_count(product, 0.0), operation_count(product, 1.0)
    before: list[str] = []
    for count in range(low, high + 1):
        names = [o.name for o in with_operations(product, count).operations]
        assert len(set(names)) == len(names)
        rest = iter(names)
        assert all(name in rest for name in before), count  # in the same order, too
        before = names


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p.name)
def test_whatever_line_sews_the_product_sews_its_richest_design(product) -> None:
    rich = with_operations(product, operation_count(product, 1.0))
    machines = {o.machine for o in rich.operations} - {MANUAL_MACHINE}
    assert machines <= {o.machine for o in product.operations}
    for plant in ("small", "mid", "large"):
        for line in load_scenario(plant).plant.lines:
            assert line.can_sew(rich) == line.can_sew(product)


def test_the_product_itself_is_returned_where_nothing_changes() -> None:
    tee = PRODUCTS[0]
    assert with_operations(tee, len(tee.operations)) is tee
    assert with_operations(tee, 1).bulletin == "-2"  # no more than the list allows
    assert with_operations(tee, 99).bulletin == "+4"


def test_the_list_drops_only_operations_that_the_bulletin_has() -> None:
    for row in rows("design_operations.csv"):
        product = next(p for p in PRODUCTS if p.name == row["product"])
        names = [o.name for o in product.operations]
        if row["change"] == "drop":
            assert row["operation"] in names
        else:
            assert row["operation"] not in names
            assert 1 <= int(row["after"]) <= len(names)
