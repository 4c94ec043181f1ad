"""Reward of the energy agent: minus the weighted money of the site and of what it does to orders.

energy_weight x (bill + fuel + wear + carbon price) + lateness_weight x (the rest of the cost), with
the weights of ``energy.control``. With both at 1 an episode's sum is minus the KPI total_cost_usd.
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed, energy_usd, energy_weights


class Energy:
    """Site and orders, each with its weight."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = True

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        energy_weight, lateness_weight = energy_weights(factory)
        parts = factory.cost_parts_usd
        energy = energy_usd(parts)
        now_usd = energy_weight * energy + lateness_weight * (sum(parts.values()) - energy)
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Energy
