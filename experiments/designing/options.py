"""What a person may say to ``design.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from annotated_types import Interval
from pydantic import BeforeValidator

from experiments.building.scenario import FactoryConfig
from experiments.command.options import refusal
from factory_env.domain.design import CATEGORIES
from factory_env.domain.limits import NonNegative, Seed, Share
from factory_env.errors import Problem, wrong
from factory_env.styling.sliders import SLIDERS

LAST_NUMBER = 1_000_000


def _two_designs(value: Any) -> Any:
    """Two numbers of designs, which are not the same."""
    numbers = value if isinstance(value, list | tuple) else ()
    is_number = [type(n) is int and 0 <= n <= LAST_NUMBER for n in numbers]
    if len(is_number) != 2 or not all(is_number) or numbers[0] == numbers[1]:
        raise refusal("must be two numbers of designs, not the same", "e.g. between=[3,17]")
    return tuple(numbers)


Designs = Annotated[int, Interval(ge=1, le=200)]
Way = Annotated[tuple[int, int], BeforeValidator(_two_designs)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignOptions(FactoryConfig):
    """See conf/design.yaml."""

    category: str = "dress"
    count: Designs = 12
    seed: Seed = 0
    sliders: Mapping[str, Share | None] = field(default_factory=dict)  # None = leave
    between: Way | None = None
    steps: Annotated[int, Interval(ge=2, le=200)] = 7
    data_dir: str | None = None
    nearest: Annotated[int, Interval(ge=1, le=10)] = 3
    order_pieces: Annotated[int, Interval(ge=1, le=10**7)] = 3000
    fabric_usd_per_kg: NonNegative = 6.5
    pictures: bool = True

    @property
    def garment(self) -> int:
        """The number of the category."""
        return CATEGORIES.index(self.category)

    @property
    def ranks(self) -> dict[str, float]:
        """The sliders that are set."""
        return {name: rank for name, rank in self.sliders.items() if rank is not None}

    def problems(self) -> Iterator[Problem]:
        """Garment classes and sliders must be known."""
        if self.category not in CATEGORIES:
            rule, right = "must be a garment class", ", ".join(CATEGORIES)
            yield wrong("command line", "category", rule, repr(self.category), right)
        for name in self.sliders.keys() - set(SLIDERS):
            key, right = f"sliders.{name}", ", ".join(SLIDERS)
            yield wrong("command line", key, "must be a slider", name, right)
