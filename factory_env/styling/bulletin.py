"""Bulletins of a product for designs of every complexity: operations really dropped or added.

``data/design_operations.csv`` lists, by product, what simple designs do without and what rich ones
have besides, first dropped or added first. Added operations use machines that the product's own
bulletin needs, so whatever line sews the product sews every design of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import floor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import Operation, Product
from factory_env.library import rows

Number = TypeVar("Number", float, NDArray[np.float64])
LEAST, MOST = 0.9, 1.25  # operations of the simplest and the richest design [assumed]


def operation_count(product: Product, complexity: float) -> int:
    """Operations of a design: the product's x (0.9 + 0.35 c), rounded."""
    return floor(len(product.operations) * operations_factor(complexity) + 0.5)


def operations_factor(complexity: Number) -> Number:
    """Operations of a design over its product's, for a number or an array of them."""
    return LEAST + (MOST - LEAST) * complexity


@cache
def with_operations(product: Product, count: int) -> Product:
    """The product with so many operations, within what the lists allow.

    Bulletins are nested: each has every operation of the next simpler one. A user's own bulletin
    stays as it is: the lists know the house's operations only.
    """
    if product.has_own_bulletin:
        return product
    drops, adds = _lists(product.name)
    extra = max(-len(drops), min(len(adds), count - len(product.operations)))
    if extra == 0:
        return product
    kept = list(enumerate(product.operations, start=1))
    if extra < 0:
        dropped = set(drops[:-extra])
        operations = [op for _, op in kept if op.name not in dropped]
    else:
        after: dict[int, list[Operation]] = {}
        for number, operation in adds[:extra]:
            after.setdefault(number, []).append(operation)
        operations = [o for number, op in kept for o in (op, *after.get(number, []))]
    return replace(product, operations=tuple(operations), bulletin=f"{extra:+d}")


@cache
def _lists(product: str) -> tuple[tuple[str, ...], tuple[tuple[int, Operation], ...]]:
    """Names of operations to drop, and (bulletin number before it, operation) to add."""
    own = sorted(
        (r for r in rows("design_operations.csv") if r["product"] == product),
        key=lambda r: int(r["rank"]),
    )
    drops = tuple(r["operation"] for r in own if r["change"] == "drop")
    adds = tuple((int(r["after"]), _operation(r)) for r in own if r["change"] == "add")
    return drops, adds


def _operation(row: dict[str, str]) -> Operation:
    return Operation(
        name=row["operation"],
        machine=row["machine"],
        smv_min=float(row["smv_min"]),
        grade=row["grade"],
        mark=row["mark"],
    )
