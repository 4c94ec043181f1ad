"""Reward: minus the change of the projected cost; its sum, too, is minus total_cost_usd.

Projected cost = cost accrued + lateness to be expected from the orders in the house. Expected
lateness moves when an order is chosen or waits, days before the penalty is booked, so credit
comes early (potential-based shaping, Ng et al. 1999, with potential 0 before the start and
after the end).
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed


class Projected:
    """Early credit, same sum."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = False

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        now_usd = factory.projected_cost_usd
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Projected
