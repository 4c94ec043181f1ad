"""Reward of the energy agent with lateness seen coming; its sum is that of ``energy``.

As ``energy``, but the orders' cost counts the lateness to be expected, too, so that a line that is
made to stand is felt at once and not weeks later (potential-based shaping, Ng et al. 1999).
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed, energy_usd, energy_weights


class EnergyProjected:
    """Early credit, same sum."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = True

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        energy_weight, lateness_weight = energy_weights(factory)
        energy = energy_usd(factory.cost_parts_usd)
        orders = factory.projected_cost_usd - energy
        now_usd = energy_weight * energy + lateness_weight * orders
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = EnergyProjected
