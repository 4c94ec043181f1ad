"""Runs the site again on what a factory did: energy policies without the factory, for tuning.

The work of a run is recorded once and replayed slot by slot, so that policies are compared on
exactly the same work at a third of the cost. Heat and steam do not act back on the work here:
numbers to be reported come from the factory itself (`experiments/evaluating/bound.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.tuning.recording import Floats, Recording
from factory_env import Scenario
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H, SLOTS_PER_DAY
from factory_env.domain.site import Site
from factory_env.sim.energy.site_run import SiteRun, Tape
from factory_env.sim.energy.slot_engine import fresh_state
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.questions.energy import SlotProcess
from factory_env.sim.stations.spine.floor import NO_ORDER_DAYS

DRY_USD_PER_H: Final = 17.0  # of 24 pressers who wait for steam, at 0.72 USD/h
HOT_USD_PER_K_H: Final = 2.7  # of 1 % of 374 people at work, per degree, at 0.72 USD/h


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a policy pays for the site of a recording [USD], and what it spoils."""

    energy_usd: float
    fuel_usd: float
    wear_usd: float
    carbon_usd: float
    hot_k_h: float  # degrees above `Heat.from_c` x hours of work
    dry_h: float  # hours of pressing without steam
    slots: Table

    @classmethod
    def of(cls, recording: Recording, site: Site, slots: Table, paid: Floats) -> Replayed:
        """From the columns of all slots, and what was paid: bill, fuel, wear, carbon."""
        feed, outdoor_c = recording.feed, float(recording.outside["outdoor_c"][0])
        midnight_c = fresh_state(site, outdoor_c)["indoor_c"]
        before = np.concatenate([midnight_c, slots["indoor_c"][:-1]])
        hot = np.maximum(0.0, before - site.heat.from_c) * feed["open_share"]
        dry = np.where(feed["press_busy"] > 0.0, 1.0 - slots["steam_factor"], 0.0)
        energy_usd, fuel_usd, wear_usd, carbon_usd = paid.tolist()
        return cls(
            energy_usd=energy_usd,
            fuel_usd=fuel_usd,
            wear_usd=wear_usd,
            carbon_usd=carbon_usd,
            hot_k_h=float(hot.sum()) * SLOT_H,
            dry_h=float(dry.sum()) * SLOT_H,
            slots=slots,
        )

    @property
    def cost_usd(self) -> float:
        """Bill, fuel, wear, carbon: what the bound bounds."""
        return self.energy_usd + self.fuel_usd + self.wear_usd + self.carbon_usd

    @property
    def goal_usd(self) -> float:
        """The cost, and a price on heat and missing steam, so that tuning does not spoil work."""
        return self.cost_usd + HOT_USD_PER_K_H * self.hot_k_h + DRY_USD_PER_H * self.dry_h


def replay(recording: Recording, scenario: Scenario, policy: EnergyPolicy) -> Replayed:
    """The site of ``scenario`` under ``policy``, on the recorded work."""
    setup = scenario.with_control("agent").energy
    assert setup is not None
    paid = np.zeros(4)  # bill, fuel, wear, carbon

    def pay(*usd: float) -> None:
        paid[:] += usd

    days, lines = len(recording.opens) // SLOTS_PER_DAY, len(scenario.plant.lines)
    site = SiteRun(
        setup,
        days,
        lines,
        ShiftTable(scenario.calendar, days + 1),
        Streams(recording.seed).generator("weather"),
        Tape(recording.feed),
        pay,
    )
    process = SlotProcess(site, scenario.calendar, _EmptyFloor(lines), lambda pace: None)
    for slot in range(len(recording.feed)):
        process.begin(slot)
        if slot % setup.control.decision_slots == 0:
            choice = process.question(slot)
            answer = policy.run_site(choice)
            choice.check(answer)
            site.decide(slot, answer)
    site.account(len(recording.feed))
    return Replayed.of(recording, setup.site, site.table(), paid)


class _EmptyFloor:
    """Nothing waits and nothing is sewn: what the site does cannot act back on the work."""

    def __init__(self, lines: int) -> None:
        self._lines = lines

    def slack_days(self) -> Floats:
        """That of lines without an order."""
        return np.full(self._lines, NO_ORDER_DAYS)

    def backlog_days(self) -> float:
        """No work waits."""
        return 0.0

    def run_at(self, efficiency: float, defects: float, standing: frozenset[int]) -> None:
        """There is nobody to be slowed."""
