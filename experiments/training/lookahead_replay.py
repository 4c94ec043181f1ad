"""Recorded work replayed under the look-ahead, compiled: a whole run in a part of a second.

What the factory did and the weather of a run are kept; battery, cooling and boiler leave them as
they are while the hall is bearable and there is steam when work begins. The slots are run by the
factory's own engine, the bill by its own kernel, the forecasts are those of the real question.
Numbers to be reported come from the factory itself (`experiments/evaluating/bound.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.lookahead import learned
from agents.lookahead.decide import SEEN, Outlook, Prices, decide
from agents.lookahead.house import house_record
from agents.lookahead.learned import Floats
from agents.lookahead.memory import AHEAD, Memory, blank
from agents.lookahead.policy import CODE
from experiments.tuning.recording import Recording
from experiments.tuning.replay import Replayed
from factory_env import Scenario
from factory_env.compiled import Record, compiled
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.domain.site import BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.kpi.bill import Account, RunningBill, charge
from factory_env.sim.energy.forecast import FADING, MOST_SUN_CHANGE
from factory_env.sim.energy.slot_engine import ACT, LOG, Rows, advance, fresh_state, site_record


class Replayer:
    """Replays recordings under one scenario's site and tariff."""

    def __init__(self, scenario: Scenario, recordings: Sequence[Recording]) -> None:
        setup = scenario.energy
        assert setup is not None
        self._setup = setup
        self.recordings = list(recordings)
        n = len(self.recordings[0].opens)  # up to the horizon: runs end at different slots
        self._slots = setup.tariff_slots(n // SLOTS_PER_DAY)
        self._site, self._house = site_record(setup.site), house_record(setup.site, CODE)
        ends = np.cumsum(self._slots.run_slots)[self._slots.month]
        self._days_left = (ends - np.arange(n)) / AHEAD

    def play(self, numbers: Floats, which: int) -> Replayed:
        """One recording under one set of numbers."""
        run, n, setup = self.recordings[which], len(self._slots), self._setup
        bill = RunningBill(self._slots, np.zeros(n), np.zeros(n))
        log, act = np.zeros(n, dtype=LOG), np.zeros(n, dtype=ACT)
        state = fresh_state(setup.site, float(run.outside["outdoor_c"][0]))
        seen = np.zeros(1, dtype=SEEN)
        w, at = learned.record(numbers)[0], len(run.feed)
        usd = _play(
            w,
            at,
            self._site,
            self._house[0],
            state,
            run.feed,
            run.outside,
            act,
            log,
            run.opens,
            self._days_left,
            seen,
            blank(),
            bill.account,
        )
        return self._reckon(run, log[: len(run.feed)], float(usd))

    def _reckon(self, run: Recording, log: NDArray[np.void], usd: float) -> Replayed:
        setup, fuels = self._setup, self._setup.site.fuels
        fuel_usd = float(log["fuel_kwh"].sum()) * fuels.gas_usd_per_kwh
        fuel_usd += float(log["diesel_kwh"].sum()) * fuels.diesel_usd_per_kwh
        carbon_usd = float(log["carbon_kg"].sum()) * setup.control.carbon_usd_per_kg
        paid = np.array([usd, fuel_usd, float(log["wear_usd"].sum()), carbon_usd])
        slots = {name: log[name] for name in log.dtype.names or ()}
        return Replayed.of(run, setup.site, slots, paid)


@compiled
def _play(
    w: Record,
    at: int,
    site: Rows,
    house: Record,
    state: Rows,
    feed: Rows,
    outside: Rows,
    act: Rows,
    log: Rows,
    opens: Floats,
    left: Floats,
    seen: Rows,
    memory: Memory,
    bill: Account,
) -> float:
    """Slot after slot as the factory does it; returns the bill [USD]."""
    sun, warm, opened = np.empty(AHEAD), np.empty(AHEAD), np.empty(AHEAD)
    usual = np.empty(AHEAD)
    price, export, band = np.empty(AHEAD), np.empty(AHEAD), np.empty(AHEAD, np.int64)
    n, total, terms = len(opens), 0.0, bill.terms
    for i in range(at):
        _forecast(i, outside, site[0], sun, warm)
        for k in range(AHEAD):
            j = min(i + k, n - 1)
            price[k], export[k] = terms.price_usd[j], terms.export_usd[j]
            band[k], opened[k] = terms.demand_band[j], opens[j]
            # after the end the last day goes on
            j = i + k if i + k < n else i + k - AHEAD
            usual[k] = outside[j].usual_pv_kw_per_kwp * site[0].solar_kwp
        row, now = seen[0], state[0]
        row.slot, row.soc_kwh, row.indoor_c = i, now.soc_kwh, now.indoor_c
        row.boiler_warm_min, row.days_left = now.boiler_warm_min, left[i]
        row.last_load_kw = log[i - 1].load_kw if i else 0.0
        month = terms.month[i]
        prices = Prices(price, export, band, terms.rate_usd[month], bill.peak_kw[month])
        setting = decide(w, house, row, prices, Outlook(warm, sun, usual, opened), memory)
        act[i].battery_kw, act[i].standby = setting.battery_kw, 1
        is_cooled = np.isfinite(setting.set_point_c)
        act[i].set_point_c = setting.set_point_c if is_cooled else COOLING_OFF_C
        act[i].boiler_mode = BOILER_ON if setting.is_lit else BOILER_OFF
        advance(i, site, state, feed, outside, act, log)
        bill.grid_kwh[i], bill.export_kwh[i] = log[i].import_kwh, log[i].export_kwh
        total += charge(i, i + 1, bill)
    return total


@compiled
def _forecast(slot: int, outside: Rows, site: Record, sun: Floats, warm: Floats) -> None:
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
            warm[k] = seen.outdoor_c + (now.outdoor_c - outside[slot - AHEAD].outdoor_c) * FADING[k]
