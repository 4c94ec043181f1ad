"""Reward of the energy agent under a limit on lateness: the site's money + multiplier x lateness.

The learner raises the multiplier while lateness is above its limit and lowers it below
(`EnergyEnv.multiplier`); it counts from the next reward on. With a multiplier that stays, an
episode's sum is minus (energy_weight x (bill + fuel + wear + carbon) + multiplier x lateness).
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.domain.costs import LATE_PARTS, SITE_PARTS
from factory_env.envs.reward import Costed, energy_usd, energy_weights, late_usd


class EnergyLagrangian:
    """What customers charge for lateness, air freight included, at the price of the constraint."""

    charges: ClassVar[tuple[str, ...] | None] = (*SITE_PARTS, *LATE_PARTS)
    weighs_site: ClassVar[bool] = True

    def __init__(self) -> None:
        self.multiplier = 1.0
        self._energy_usd = 0.0
        self._late_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        energy_weight, _ = energy_weights(factory)
        parts = factory.cost_parts_usd
        energy, late = energy_usd(parts), late_usd(parts)
        more_energy, self._energy_usd = energy - self._energy_usd, energy
        more_late, self._late_usd = late - self._late_usd, late
        return -(energy_weight * more_energy + self.multiplier * more_late)


PLUG = EnergyLagrangian
