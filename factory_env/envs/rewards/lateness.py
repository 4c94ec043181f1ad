"""Reward: minus the lateness penalty alone; its sum is minus the KPI tardiness_cost_usd."""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed


class Lateness:
    """What customers charge for lateness, and nothing else."""

    charges: ClassVar[tuple[str, ...] | None] = ("lateness",)
    weighs_site: ClassVar[bool] = False

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        now_usd = factory.cost_parts_usd["lateness"]
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Lateness
