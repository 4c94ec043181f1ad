"""What a person may say to ``promise.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval

from experiments.building.scenario import FactoryConfig
from experiments.command.options import needed
from factory_env.domain.limits import Count, Positive, Seed, Workers
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat

Runs = Annotated[int, Interval(ge=19, le=10_000)]  # fewer do not tell what 95 % of them keep


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseOptions(FactoryConfig):
    """See conf/promise.yaml."""

    style: Annotated[str, needed("style=polo-02: a style of the collection")]
    quantity: Annotated[Count, needed("quantity=2000: pieces")]
    by: str | None = None
    fabric: str | None = None
    price_usd: Positive | None = None
    agent: str = "atcs"
    orders: str | None = None
    orders_format: BookFormat = AS_THE_BOOK_SAYS
    floor: str | None = None
    seed: Seed = 0
    replications: Runs = 40
    cures: bool = True
    workers: Workers = 2
    pictures: bool = True
