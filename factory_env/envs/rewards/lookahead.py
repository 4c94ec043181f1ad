"""Reward: minus the change of cost plus cost to go under a rule; its sum is minus total_cost_usd.

The potential is the cost of a quick schedule, by the line-matching ATCS and in estimated
times, of everything in the house. So a decision is credited at once with what it does to the
orders it leaves behind (potential-based shaping, Ng et al. 1999; the idea of a rollout as
baseline).
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed

# k1, k2, k3, grace_min, hold_beyond: the rule as tuned for the mid plant
RULE = (2.0, 1.0, 0.1, 1200.0, 0.05)


class Lookahead:
    """Credit with congestion in view, same sum."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = False

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        now_usd = factory.scheduled_cost_usd(RULE)
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Lookahead
