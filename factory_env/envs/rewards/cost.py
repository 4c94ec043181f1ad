"""Reward: minus the whole scheduling cost; an episode's sum is minus the KPI total_cost_usd."""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed


class Cost:
    """Lateness by steps, labour lost to changeover and learning, capital, short shipment."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = False

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        now_usd = factory.cost_usd
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Cost
