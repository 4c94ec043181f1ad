"""Runs the site again on what a factory did: energy policies without the factory, for tuning.

The work of a run is recorded once and replayed slot by slot, so that policies are compared on
exactly the same work at a third of the cost. Heat and steam do not act back on the work here:
numbers to be reported come from the factory itself (`experiments/evaluating/bound.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env import Scenario
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.records import Table
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.sim.energy.site_run import SiteRun, Tape
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.questions.energy import SlotProcess
from factory_env.sim.run import Factories, play
from factory_env.sim.stations.floor import NO_ORDER_DAYS

DRY_USD_PER_H = 17.0  # of 24 pressers who wait for steam, at 0.72 USD/h
HOT_USD_PER_K_H = 2.7  # of 1 % of 374 people at work, per degree, at 0.72 USD/h

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What the factory did in a run, slot by slot."""

    seed: int
    feed: NDArray[np.void]  # (n,) rows of the slot engine's `FEED`: slots accounted for
    outside: NDArray[np.void]  # rows of `OUTSIDE`, and ...
    opens: Floats  # ... the calendar's open share, of every slot up to the horizon


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

    @property
    def cost_usd(self) -> float:
        """Bill, fuel, wear, carbon: what the bound bounds."""
        return self.energy_usd + self.fuel_usd + self.wear_usd + self.carbon_usd

    @property
    def goal_usd(self) -> float:
        """The cost, and a price on heat and missing steam, so that tuning does not spoil work."""
        return self.cost_usd + HOT_USD_PER_K_H * self.hot_k_h + DRY_USD_PER_H * self.dry_h


def record_runs(scenario: Scenario, lines: Policy, seeds: Sequence[int]) -> list[Recording]:
    """The work of runs in which the site is left alone (``control.mode: always_on``)."""
    make = Factories(scenario.with_control("always_on"))
    return [_recording(make, lines, seed) for seed in seeds]


def _recording(make: Factories, lines: Policy, seed: int) -> Recording:
    factory = make(seed)
    play(factory, lines)
    site = factory.site
    assert site is not None
    return Recording(
        seed=seed,
        feed=site.feed[: site.at].copy(),
        outside=site.outside,
        opens=site.opens,
    )


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
    return _replayed(site, paid, recording.feed)


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


def _replayed(site_run: SiteRun, paid: Floats, feed: NDArray[np.void]) -> Replayed:
    slots, site = site_run.table(), site_run.setup.site
    energy_usd, fuel_usd, wear_usd, carbon_usd = paid.tolist()
    before = np.concatenate([[slots["outdoor_c"][0] + 1.0], slots["indoor_c"][:-1]])
    hot = np.maximum(0.0, before - site.heat.from_c) * feed["open_share"]
    dry = np.where(feed["press_busy"] > 0.0, 1.0 - slots["steam_factor"], 0.0)
    return Replayed(
        energy_usd=energy_usd,
        fuel_usd=fuel_usd,
        wear_usd=wear_usd,
        carbon_usd=carbon_usd,
        hot_k_h=float(hot.sum()) / 4.0,
        dry_h=float(dry.sum()) / 4.0,
        slots=slots,
    )
