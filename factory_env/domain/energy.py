"""The energy side of a run: site, tariff, own series, and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from factory_env.domain.limits import Count, NonNegative
from factory_env.domain.series import SLOTS_PER_DAY, SlotSeries
from factory_env.domain.site import Site
from factory_env.domain.tariff import Tariff, TariffSlots


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Who runs the site, how often, and what weighs in its goal."""

    # always_on: everything runs while the site is open, the battery rests; agent: the policy is
    # asked every ``decision_slots`` quarters of an hour
    mode: Literal["always_on", "agent"] = "always_on"
    decision_slots: Count = 1
    carbon_usd_per_kg: NonNegative = 0.0  # price on carbon in the goal; not in the bill
    energy_weight: NonNegative = 1.0  # of bill, fuel, wear and carbon in the energy agent's reward
    lateness_weight: NonNegative = 1.0  # of scheduling cost in it


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySetup:
    """All that turns a run into a load curve and a bill."""

    site: Site
    tariff: Tariff
    control: Control = Control()
    temperature: SlotSeries | None = None  # own series instead of the built-in climate
    sun: SlotSeries | None = None
    carbon: SlotSeries | None = None  # instead of the tariff's

    def tariff_slots(self, days: int) -> TariffSlots:
        """The tariff over the days of a run, from midnight of the site's first day."""
        return self.tariff.slots(self.site.first_day, days * SLOTS_PER_DAY)
