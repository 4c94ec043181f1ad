"""The socket for rewards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable

from factory_env.domain.costs import LATE_PARTS, SITE_PARTS
from factory_env.domain.scenario import Scenario


class Costed(Protocol):
    """What a reward may read of the factory."""

    scenario: Scenario

    @property
    def cost_usd(self) -> float: ...

    @property
    def projected_cost_usd(self) -> float: ...

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float: ...

    def foreseen_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float: ...

    @property
    def cost_parts_usd(self) -> dict[str, float]: ...


class Reward(Protocol):
    """Minus the cost since it was last asked; one object per episode.

    The sum over an episode is minus the run's cost in the parts that it charges for, however often
    it is asked on the way (with weights and a multiplier of 1).
    """

    charges: ClassVar[tuple[str, ...] | None]  # parts of the cost; None = all
    weighs_site: ClassVar[bool]  # for who runs a site: site and orders weigh as ``control`` says

    def since_last(self, factory: Costed) -> float:
        """The reward of the span since the previous call (or the start) [USD]."""
        ...


@runtime_checkable
class Constrained(Protocol):
    """A reward with a price on what a constraint limits."""

    multiplier: float


def energy_usd(parts: Mapping[str, float]) -> float:
    """Bill, fuel, battery wear and carbon price among the parts of the cost [USD]."""
    return sum(parts[name] for name in SITE_PARTS)


def late_usd(parts: Mapping[str, float]) -> float:
    """What customers charge for lateness, air freight included [USD]."""
    return sum(parts[name] for name in LATE_PARTS)


def energy_weights(factory: Costed) -> tuple[float, float]:
    """Weights of energy and of scheduling cost in the energy agent's goal."""
    energy = factory.scenario.energy
    if energy is None:
        return 1.0, 1.0
    return energy.control.energy_weight, energy.control.lateness_weight
