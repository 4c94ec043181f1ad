"""Reward: minus the change of what the whole book will have cost; its sum is minus total_cost_usd.

The potential is the cost of a quick schedule, by the line-matching ATCS and in estimated times, of
every order that is not sewn yet, those still to come included. An order that arrives was expected,
so it costs nothing; an order that is taken costs what it takes from the others; a line that is
held pays for the time it loses while it loses it. So a reward says whether the decision was better
or worse than the rule's, and plain learners learn on it (docs/rl.md; potential-based shaping, Ng
et al. 1999). The book to come is read for the reward only, as a yardstick: no policy sees it.
"""

from __future__ import annotations

from typing import ClassVar

from factory_env.envs.reward import Costed

# k1, k2, k3, grace_min, hold_beyond: the rule as tuned for the mid plant
RULE = (2.0, 1.0, 0.1, 1200.0, 0.02)


class Foresight:
    """Credit against a rule with the whole book in view, same sum."""

    charges: ClassVar[tuple[str, ...] | None] = None
    weighs_site: ClassVar[bool] = False

    def __init__(self) -> None:
        self._before_usd = 0.0

    def since_last(self, factory: Costed) -> float:
        now_usd = factory.foreseen_cost_usd(RULE)
        before_usd, self._before_usd = self._before_usd, now_usd
        return before_usd - now_usd


PLUG = Foresight
