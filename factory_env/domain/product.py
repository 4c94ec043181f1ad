"""What is sewn: operations, products and the styles made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import Design

Minutes = TypeVar("Minutes", float, NDArray[np.float64])
MANUAL_MACHINE = "MAN"
OWN_BULLETIN = "own "  # how the name of a user's bulletin begins
FABRIC_GROUPS = ("woven", "knit")  # a group's number is its place here


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row of an operation bulletin (domain reference, section 3)."""

    name: str
    machine: str  # machine code, e.g. SNLS
    smv_min: float  # standard minute value per piece [min]
    grade: str  # skill grade the operation needs: A, B, C, D, E
    mark: str  # where the time comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A user's list of operations, not yet that of a product.

    A name such as "overlock" is another machine on knits than on wovens: the operations stand by
    fabric group.
    """

    name: str
    operations: Mapping[str, tuple[Operation, ...]]  # fabric group -> rows

    def apply(self, product: Product) -> Product:
        """The product sewn by this bulletin."""
        rows = self.operations[product.fabric_group]
        return replace(product, operations=rows, bulletin=f"{OWN_BULLETIN}{self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product type: its bulletin and the standard times around sewing [min per piece]."""

    name: str
    fabric_group: str  # one of `FABRIC_GROUPS`
    learning_class: str
    operations: tuple[Operation, ...]
    price_usd: float
    weight_kg: float
    cutting_min: float
    fusing_min: float
    inspect_min: float
    clean_min: float
    press_min: float
    pack_min: float
    bulletin: str = "plain"  # "+3" has three operations more; "own ..." is a user's

    @property
    def has_own_bulletin(self) -> bool:
        """Is it sewn by a user's bulletin, not by the house's?"""
        return self.bulletin.startswith(OWN_BULLETIN)

    @property
    def smv_min(self) -> float:
        """Standard minutes of one piece: the sum of its operations [min]."""
        return sum(operation.smv_min for operation in self.operations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A design made into work: a product whose sewing content is scaled.

    ``smv_factor`` multiplies every operation's time, so that a style's line
    balance is that of its product.
    """

    style_id: str
    name: str
    product: Product
    smv_factor: float
    popularity: float  # relative share of the product's demand
    design: Design | None = None  # the picture it is sewn from, if one was drawn

    @property
    def smv_min(self) -> float:
        """Standard minutes of one piece [min]."""
        return self.minutes(self.product.smv_min)

    @property
    def operation_min(self) -> float:
        """Standard minutes of its mean operation [min]."""
        return self.smv_min / len(self.product.operations)

    def minutes(self, of_product: Minutes) -> Minutes:
        """Sewing minutes of its product, of a piece or by operation, as its own [min]."""
        return of_product * self.smv_factor
