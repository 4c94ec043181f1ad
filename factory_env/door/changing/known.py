"""What the changes of a run may name: its days, orders, lines, machines and styles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.domain.order import Order
from factory_env.domain.ports import SeasonSource
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario


class Fault(Exception):
    """What is wrong with one value: the rule, and what would be right."""

    def __init__(self, rule: str, right: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.right = right


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A run as those who change it know it; ``orders`` and ``styles`` None = drawn with the run."""

    scenario: Scenario
    first_day: date | None
    orders: dict[str, Order] | None
    styles: dict[str, Style] | None
    added: set[str]  # orders that a change adds

    @property
    def days(self) -> int:
        """Calendar days of the run."""
        return self.scenario.calendar_days

    @property
    def lines(self) -> tuple[str, ...]:
        """Names of the sewing lines."""
        return tuple(line.name for line in self.scenario.plant.lines)

    @property
    def machines(self) -> tuple[str, ...]:
        """Machine types that stand on lines."""
        return tuple(sorted({m for line in self.scenario.plant.lines for m in line.machines}))


def known_run(
    scenario: Scenario,
    first_day: date | None,
    orders: Sequence[Order] | None,
    styles: Sequence[Style] | None,
) -> Known:
    """What is known of a run before its first minute."""
    if styles is None:
        styles = _fixed_styles(scenario)
    own = None
    if orders is not None:
        own = {o.parent: o for o in orders if o.parent} | {o.order_id: o for o in orders}
    return Known(
        scenario=scenario,
        first_day=first_day,
        orders=own,
        styles=None if styles is None else {style.style_id: style for style in styles},
        added=set(),
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """What a wrong name may have meant, or some that would be right."""
    names = list(known)
    by_case = {n.casefold(): n for n in names}
    near = [by_case[n] for n in difflib.get_close_matches(name.casefold(), by_case, n=3)]
    if near:
        return "did you mean " + " or ".join(near) + "?"
    return "one of " + ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


def _fixed_styles(scenario: Scenario) -> tuple[Style, ...] | None:
    """The styles of a source that draws nothing, and the user's own; None = they are drawn."""
    source = load_plug(designs, scenario.designs)()
    if isinstance(source, SeasonSource):
        return None
    rng = np.random.default_rng(0)  # is not drawn from
    return (*source.collection(scenario.library.house_products, rng), *scenario.library.styles)
