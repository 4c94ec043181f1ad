"""What is asked of the futures: a base, and variants that are settings and dated changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way in which the future may go.

    Attributes
    ----------
    name
        As the user wrote it, e.g. ``rush order``; the base is called ``base``.
    scenario
        What holds from the first minute on, settings laid over.
    orders
        The book on that first minute; None = the scenario draws its own.
    opening
        The floor: where everything stands on its own minute; None = an empty factory.
    changes
        What happens later, each with its minute.
    agent
        Who decides, as in ``agent=`` of `evaluate.py`.
    site
        Who runs the site, as in ``energy=``; None = nobody is asked.
    settings
        What was laid over the base, as the user wrote it: for tables and curves.
    """

    name: str
    scenario: Scenario
    orders: tuple[Order, ...] | None = None
    opening: FloorState | None = None
    changes: tuple[Change, ...] = ()
    agent: str = "atcs"
    site: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A base and its variants, and how sure the answer has to be.

    Attributes
    ----------
    name, title
        File name and one line in words.
    replications
        Runs of every variant, each pair under the same luck; the first ones where
        ``half_width_share`` asks for more.
    half_width_share
        Half of the 95 % interval of the paired difference in total cost that is reached before it
        ends, as a share of the base's cost; None = the number of runs settles it.
    most_replications
        Where it ends all the same.
    first_seed
        Of the luck.
    vary
        Keys that make a grid, each with its values in order: for curves and tornado.
    """

    name: str
    title: str
    base: Variant
    variants: tuple[Variant, ...]
    replications: int = 20
    half_width_share: float | None = None
    most_replications: int = 200
    first_seed: int = 0
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
