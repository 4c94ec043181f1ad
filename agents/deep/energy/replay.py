"""Recorded work replayed under another energy policy: a whole run in milliseconds.

What the factory did (`FEED`) and the weather (`OUTSIDE`) of a run are kept; battery, cooling and
boiler leave them as they are as long as the hall stays below `Heat.from_c` and there is steam when
work begins. The slots are run by the factory's own engine, the bill by its own kernel, and the
forecasts are those of the real question, so a policy meets here what it will meet there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agents.deep.energy.lookahead import AHEAD, LEVELS, MEMORY, decide
from factory_env.decision import Policy, ask
from factory_env.domain.scenario import Scenario
from factory_env.domain.site import BOILER_OFF, BOILER_ON
from factory_env.kpi.bill import RunningBill, _charge
from factory_env.sim.factory import Factory
from factory_env.sim.slot_engine import ACT, LOG, Rows, advance, fresh_state, site_record

Floats = NDArray[np.float64]
MOST_SUN_CHANGE = 5.0  # as in the question's forecast
WARM_BACK_SLOTS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What one run did, (n,) rows each."""

    seed: int
    feed: Rows
    outside: Rows
    opens: Floats
    is_day: NDArray[np.bool_]
    slots: int  # accounted for before the run ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a replay cost [USD], and how hot people had it."""

    bill_usd: float
    fuel_usd: float
    wear_usd: float
    hot_k_slots: float  # degrees above `Heat.from_c` at work, summed over slots
    cold_slots: float  # of work without all the steam asked for

    @property
    def total_usd(self) -> float:
        return self.bill_usd + self.fuel_usd + self.wear_usd


def record(scenario: Scenario, lines: Policy, seeds: Sequence[int]) -> list[Recording]:
    """Play runs whose site is left alone (``control.mode: always_on``)."""
    assert scenario.energy is not None
    usual = replace(scenario.energy, control=replace(scenario.energy.control, mode="always_on"))
    scenario = scenario.replace(energy=usual)
    found, tables = [], None
    for seed in seeds:
        factory = Factory(scenario, seed, tables=tables)
        tables = factory.world.tables
        while (question := factory.advance()) is not None:
            factory.answer(ask(lines, question))
        site = factory.site
        assert site is not None
        factory.log()  # accounts for all slots
        found.append(Recording(seed=seed, feed=site.feed, outside=site.outside,
                               opens=site.opens, is_day=site.is_day, slots=site.at))  # fmt: skip
    return found


class Replayer:
    """Replays recordings under one scenario's site and tariff."""

    def __init__(self, scenario: Scenario, recordings: Sequence[Recording]) -> None:
        setup = scenario.energy
        assert setup is not None
        self.setup = setup
        self.recordings = list(recordings)
        n = len(recordings[0].feed)
        self._slots = setup.tariff.slots(setup.site.first_day, n)
        self._site = site_record(setup.site)
        self._limits = tuple(setup.site.cooling.set_point_range_c)

    def play(self, weights: Floats, which: int) -> Spent:
        """One recording under one set of weights."""
        log, fuel = self.run(weights, which)
        rec, fuels = self.recordings[which], self.setup.site.fuels
        at = rec.slots
        work = rec.opens[:at] > 0.0
        before = np.concatenate([log["indoor_c"][:1], log["indoor_c"][: at - 1]])
        hot = np.maximum(0.0, before - self.setup.site.heat.from_c)[work].sum()
        return Spent(
            bill_usd=fuel,
            fuel_usd=float(log["fuel_kwh"][:at].sum()) * fuels.gas_usd_per_kwh
            + float(log["diesel_kwh"][:at].sum()) * fuels.diesel_usd_per_kwh,
            wear_usd=float(log["wear_usd"][:at].sum()),
            hot_k_slots=float(hot),
            cold_slots=float((log["steam_factor"][:at][work] < 0.999).sum()),
        )

    def run(self, weights: Floats, which: int) -> tuple[Any, float]:
        """The log, and the bill [USD]."""
        rec, n = self.recordings[which], len(self._slots)
        bill = RunningBill(self._slots, np.zeros(n), np.zeros(n))
        outside = rec.outside
        log, act = np.zeros(n, dtype=LOG), np.zeros(n, dtype=ACT)
        state = fresh_state(self.setup.site, float(outside["outdoor_c"][0]))
        left = _days_left(self._slots.month)
        usd = _play(weights, rec.slots, self._site, state, rec.feed, outside, act, log, rec.opens, rec.is_day,
                    left, self._limits, bill._fixed)  # fmt: skip
        return log, float(usd)


def _days_left(month: NDArray[np.int64]) -> Floats:
    """Days of its month that lie in the run after each slot; (n,)."""
    ends = np.searchsorted(month, month, side="right")
    return np.asarray((ends - np.arange(len(month))) / 96.0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _play(w, at, site, state, feed, outside, act, log, opens, is_day, left, limits, fixed):  # type: ignore[no-untyped-def]
    """Slot after slot as the factory does it; returns the bill [USD]."""
    price, export, band, month = fixed[2], fixed[3], fixed[4], fixed[5]
    sun, warm, opened = np.empty(AHEAD), np.empty(AHEAD), np.empty(AHEAD)
    ahead, exp, bands = np.empty(AHEAD), np.empty(AHEAD), np.empty(AHEAD, np.int64)
    memory, usual = np.zeros(MEMORY), np.full((2, AHEAD), np.nan)
    caps, spare = np.zeros(AHEAD), np.zeros(AHEAD + 1)
    value, answer = np.zeros((AHEAD + 1, LEVELS)), np.zeros(3)
    n, total = len(opens), 0.0
    for i in range(at):
        _forecast(i, outside, site[0], sun, warm)
        for k in range(AHEAD):
            j = min(i + k, n - 1)
            ahead[k], exp[k], bands[k], opened[k] = price[j], export[j], band[j], opens[j]
        now = state[0]
        seen = (float(i), now.soc_kwh - site[0].battery_low_kwh, now.indoor_c, now.boiler_warm_min,
                log[i - 1].load_kw if i else 0.0, left[i], 1.0 if is_day[i] else 0.0)  # fmt: skip
        tariff = (ahead, exp, bands, fixed[6][month[i]], fixed[15][month[i]])
        decide(w, seen, memory, usual, caps, spare, value, site[0], limits, tariff,
               (warm, sun, opened), answer)  # fmt: skip
        a = act[i]
        a.battery_kw, a.set_point_c, a.standby = answer[0], answer[1], 1
        a.boiler_mode = BOILER_ON if answer[2] > 0.0 else BOILER_OFF
        advance(i, site, state, feed, outside, act, log)
        fixed[0][i], fixed[1][i] = log[i].import_kwh, log[i].export_kwh
        total += _charge(i, i + 1, *fixed)
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def _forecast(slot, outside, site, sun, warm):  # type: ignore[no-untyped-def]
    """Sun and weather of the next day, as the question shows them."""
    begun = slot % AHEAD
    now = outside[slot]
    share, before, today = 1.0, 0.0, 0.0
    if slot >= AHEAD:
        for k in range(slot - begun, slot):
            before += outside[k - AHEAD].pv_kw_per_kwp
            today += outside[k].pv_kw_per_kwp
        if before > 0.0:
            share = min(max(today / before, 1.0 / MOST_SUN_CHANGE), MOST_SUN_CHANGE)
    for k in range(AHEAD):
        if slot < AHEAD:
            warm[k], sun[k] = now.outdoor_c, now.pv_kw_per_kwp * site.solar_kwp
        else:
            seen = outside[slot - AHEAD + k]
            factor = share if begun + k < AHEAD else 1.0
            sun[k] = seen.pv_kw_per_kwp * factor * site.solar_kwp
            off = now.outdoor_c - outside[slot - AHEAD].outdoor_c
            warm[k] = seen.outdoor_c + off * np.exp(-k / WARM_BACK_SLOTS)
