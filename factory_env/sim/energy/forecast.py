"""What a site can foresee at a slot: prices and calendar as they are, load and weather as guessed.

Everything that does not depend on the run is laid out once; a question then takes slices.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.energy_choice import AHEAD
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.sim.energy.site_run import SiteRun

Floats = NDArray[np.float64]
WARM_BACK_SLOTS: Final = 24.0  # time constant with which the weather returns to the usual day
MOST_SUN_CHANGE: Final = 5.0  # between two days, as far as it is believed
FADING: Final = np.exp(-np.arange(AHEAD) / WARM_BACK_SLOTS)


class Forecast:
    """The next 96 slots, seen from any slot of a run."""

    def __init__(self, site: SiteRun, calendar: WorkCalendar) -> None:
        slots, n = site.slots, len(site.feed)
        self._slots = slots
        self._read_prices()
        site.prices.listen(self._read_prices)
        self.export_usd = _padded(slots.export_usd)
        self.demand_band = _padded(slots.demand_band.astype(np.int64))
        self.opens = _padded(site.opens)
        self._outdoor_c = np.ascontiguousarray(site.outside["outdoor_c"])
        self._pv_kw_per_kwp = np.ascontiguousarray(site.outside["pv_kw_per_kwp"])
        self._kwp = site.setup.site.solar.kwp
        usual_kw = site.outside["usual_pv_kw_per_kwp"] * self._kwp
        self.usual_pv_kw = np.concatenate([usual_kw, usual_kw[-AHEAD:]])
        self.usual_pv_kw.setflags(write=False)
        self._brighter = _brighter(self._pv_kw_per_kwp)
        self._log_kw = site.log["load_kw"]  # a view: grows with the run
        # slots of the running month after which the next one begins
        self._month_end = np.cumsum(slots.run_slots)[slots.month]
        days = (n + AHEAD) // SLOTS_PER_DAY + 1
        self._works = [int(calendar.is_working_day(day)) for day in range(days)]
        self._usual_kw = np.full((2, SLOTS_PER_DAY), np.nan)  # of a day off, of a working day
        self._missing = [SLOTS_PER_DAY, SLOTS_PER_DAY]  # slots of them not seen yet

    def _read_prices(self) -> None:
        self.price_usd = _padded(self._slots.price_usd)

    def see(self, slot: int) -> None:
        """The load of a slot that has passed is the usual one of its kind of day."""
        kind, at = self._works[slot // SLOTS_PER_DAY], slot % SLOTS_PER_DAY
        usual = self._usual_kw[kind]
        if self._missing[kind] and usual[at] != usual[at]:
            self._missing[kind] -= 1
        usual[at] = self._log_kw[slot]

    def days_left(self, slot: int) -> float:
        """Days of the running month from a slot on, inside the run."""
        return (int(self._month_end[slot]) - slot) / SLOTS_PER_DAY

    def load_kw(self, slot: int) -> Floats:
        """The usual load of the coming slots; the last load where none has been seen."""
        day, at = divmod(slot, SLOTS_PER_DAY)
        today, next_day = self._works[day], self._works[(slot + AHEAD - 1) // SLOTS_PER_DAY]
        found = np.concatenate([self._usual_kw[today, at:], self._usual_kw[next_day, :at]])
        if self._missing[today] or self._missing[next_day]:
            last = float(self._log_kw[slot - 1]) if slot else 0.0
            return np.where(np.isnan(found), last, found)
        return found

    def last_load_kw(self, slot: int) -> Floats:
        """Of the last hour, the latest last; (4,)."""
        if slot >= 4:
            return self._log_kw[slot - 4 : slot].copy()
        return np.concatenate([np.zeros(4 - slot), self._log_kw[:slot]])

    def outdoor_c(self, slot: int) -> Floats:
        """Yesterday's curve, shifted to what is seen now, returning to it within hours."""
        seen = self._outdoor_c
        if slot < SLOTS_PER_DAY:
            return np.full(AHEAD, seen[slot])
        yesterday = seen[slot - SLOTS_PER_DAY : slot]
        return np.asarray(yesterday + (seen[slot] - yesterday[0]) * FADING)

    def pv_kw(self, slot: int) -> Floats:
        """Yesterday's sun; what is left of today is as bright as today has been so far."""
        seen = self._pv_kw_per_kwp
        if slot < SLOTS_PER_DAY:
            return np.full(AHEAD, seen[slot] * self._kwp)
        found = seen[slot - SLOTS_PER_DAY : slot].copy()
        found[: AHEAD - slot % SLOTS_PER_DAY] *= self._brighter[slot]
        return np.asarray(found * self._kwp)


def _brighter(sun: Floats) -> Floats:
    """Sun of each day up to each slot as a share of the day before's, within limits; (n,)."""
    days = sun.reshape(-1, SLOTS_PER_DAY)
    begun = np.cumsum(days, axis=1) - days
    share = np.ones_like(days)
    np.divide(begun[1:], begun[:-1], out=share[1:], where=begun[:-1] > 0.0)
    return np.clip(share, 1.0 / MOST_SUN_CHANGE, MOST_SUN_CHANGE).ravel()


def _padded(values: NDArray[Any]) -> NDArray[Any]:
    """Read only; the last value goes on for a day after the end of the run."""
    found = np.concatenate([values, np.repeat(values[-1:], AHEAD)])
    found.setflags(write=False)
    return found
