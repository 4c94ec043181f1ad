"""What things cost: labour, lateness by steps, work in progress, short shipment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from factory_env.domain.limits import NonNegative, Share

SITE_PARTS: Final = ("energy", "fuel", "wear", "carbon")  # of a run's cost; the rest is scheduling
BILL_PARTS: Final = ("energy", "demand", "standing")  # of what ``energy`` is the sum
LATE_PARTS: Final = ("lateness", "air")  # what customers charge for lateness, air freight included


@dataclass(frozen=True, slots=True, kw_only=True)
class LateStep:
    """More than ``after_days`` calendar days late costs this share of the order's value in all."""

    after_days: NonNegative
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Cost table [USD] (domain reference, sections 5 and 10)."""

    labour_usd_per_min: NonNegative = 0.012
    # cumulative: 2 % from day 4, 5 % from day 8, 7.5 % from day 15; beyond 30 days a
    # 10 % risk of cancellation is charged at its expected value
    late_steps: tuple[LateStep, ...] = (
        LateStep(after_days=3.0, share=0.02),
        LateStep(after_days=7.0, share=0.05),
        LateStep(after_days=14.0, share=0.075),
        LateStep(after_days=30.0, share=0.175),
    )
    settle_days: NonNegative = (
        15.0  # an open order at the horizon is settled as shipped this much later
    )
    holding_share_per_year: NonNegative = 0.12  # cost of the capital bound in work in progress
    wip_value_share: Share = 0.60  # of the price, bound from cutting to shipment
    short_share: NonNegative = 1.0  # a missing piece costs this share of its price
    seconds_loss_share: NonNegative = 0.0  # of the price, lost on a piece sold as a second
    air_usd_per_kg: NonNegative = 0.0  # air freight makes good any lateness; 0 = not to be had
    recheck_usd_per_min: NonNegative = 0.0  # labour of an order that failed its audit
    cancel_share: NonNegative = 0.0  # of the price, lost on a cut piece of a cancelled order
    overhead_usd_per_min: NonNegative = 0.03  # per attended sewing minute; in the cost table only

    def late_share(self, late_days: float) -> float:
        """Share of the order's value lost at ``late_days`` calendar days of lateness."""
        share = 0.0
        for step in self.late_steps:
            if late_days > step.after_days:
                share = step.share
        return share
