"""What a person may say to ``why.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval

from experiments.building.scenario import FactoryConfig
from experiments.command.options import needed
from factory_env.domain.limits import Seed, Workers
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import Problem, wrong

Runs = Annotated[int, Interval(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyOptions(FactoryConfig):
    """See conf/why.yaml."""

    order: Annotated[str, needed("order=PO-2026: its name in the order book")]
    run: str | None = None
    agent: str = "atcs"
    orders: str | None = None
    orders_format: BookFormat = AS_THE_BOOK_SAYS
    seed: Seed = 0
    replications: Runs = 12
    cures: bool = True
    workers: Workers = 2
    pictures: bool = True

    def problems(self) -> Iterator[Problem]:
        """A run has its own book."""
        if self.run is not None and self.orders is not None:
            rule = "can not be set beside a run folder: the run has its own book"
            yield wrong("command line", "orders", rule, self.orders, "leave one of them out")
