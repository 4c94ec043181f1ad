"""The site of one run: slots of 15 minutes are accounted for, paid for and, if asked, decided on.

With ``control: always_on`` nothing happens until somebody reads: the slots are computed at one go
from the line's load curves. With ``control: agent`` a SimPy event per slot closes the last slot,
lets the hall's heat and the boiler's steam act on the lines, and asks how the next one is run.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.energy_choice import PREHEAT_SLOTS, EnergyAnswer
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.costs import SITE_PARTS
from factory_env.domain.energy import EnergySetup
from factory_env.domain.series import SLOT_MIN, SLOTS_PER_DAY
from factory_env.domain.site import BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.domain.weather.year import synthetic_series
from factory_env.kpi.bill import Bill, RunningBill
from factory_env.sim.energy.slot_engine import (
    ACT,
    FEED,
    LOG,
    OUTSIDE,
    ahead,
    fresh_state,
    run_slots,
    site_record,
    slot_table,
)
from factory_env.sim.kernel.bell import Bell
from factory_env.sim.work.use import Use

Floats = NDArray[np.float64]
# receives what slots cost: bill, fuel, wear, and carbon at its price [USD]
Pay = Callable[[float, float, float, float], None]
STEP: Final = 0.005  # heat factors move in steps of this size
BOOKED: Final = ("import_kwh", "export_kwh", "fuel_kwh", "diesel_kwh", "wear_usd", "carbon_kg")


class Activity(Protocol):
    """Tells what the factory did: a meter, or the tape of a run that is over."""

    def feed(self, first: int, last: int) -> NDArray[np.void] | Use:
        """Rows of `FEED` of slots ``first`` to ``last`` (not included); a `Use` is one row."""
        ...


class Tape:
    """Feeds what was recorded, shape (n,), however the site is run now."""

    def __init__(self, recorded: NDArray[np.void]) -> None:
        self._recorded = recorded

    def feed(self, first: int, last: int) -> NDArray[np.void]:
        """Rows of the recording."""
        return self._recorded[first:last]


class SiteRun:
    """Slots of one run, from its first midnight to its horizon.

    Parameters
    ----------
    setup
        Site, tariff and control.
    days, lines
        Calendar days of the run; sewing lines of the plant.
    shifts
        When the site is open.
    weather
        Luck of the weather, where the user brings no series of it.
    activity
        What the factory does, slot by slot.
    pay
        Called with the cost of slots accounted for.
    """

    def __init__(
        self,
        setup: EnergySetup,
        days: int,
        lines: int,
        shifts: ShiftTable,
        weather: np.random.Generator,
        activity: Activity,
        pay: Pay,
    ) -> None:
        self.setup = setup
        self.lines = lines
        self._activity = activity
        self._pay = pay
        n = days * SLOTS_PER_DAY
        site = setup.site
        self.slots = setup.tariff_slots(days)
        self.outside = self._outside(n, days, weather)
        self.feed = np.zeros(n, dtype=FEED)
        self.act = np.zeros(n, dtype=ACT)
        self.log = np.zeros(n, dtype=LOG)
        # columns that are read slot by slot: a view is taken once
        self._lines_allowed, self._boiler_mode = self.act["lines_allowed"], self.act["boiler_mode"]
        self._booked = [self.log[name] for name in BOOKED]
        self.site = site_record(site)
        self.state = fresh_state(site, float(self.outside["outdoor_c"][0]))
        self.bill_so_far = RunningBill(self.slots, np.zeros(n), np.zeros(n))
        self.at = 0  # slots accounted for
        self.prices: Bell[[]] = Bell()  # rings when those to come are others than was known
        self._carbon_usd = setup.control.carbon_usd_per_kg
        self.opens = _open_shares(shifts, n)
        self.is_day, self.is_lit = _daytime(self.opens, 0), _daytime(self.opens, PREHEAT_SLOTS)
        self._run_always(slice(None))

    def account(self, until: int) -> None:
        """Run the slots before ``until``, which lie in the past, and book what they cost."""
        first, last = self.at, min(until, len(self.feed))
        if last <= first:
            return
        self.feed[first:last] = self._activity.feed(first, last)
        run_slots(first, last, self.site, self.state, self.feed, self.outside, self.act, self.log)
        self.at = last
        if last - first == 1:
            self._book_one(first)
            return
        bill, log = self.bill_so_far, self.log
        bill.grid_kwh[first:last] = log["import_kwh"][first:last]
        bill.export_kwh[first:last] = log["export_kwh"][first:last]
        usd = bill.advance(last)
        carbon_usd = float(log["carbon_kg"][first:last].sum()) * self._carbon_usd
        self._pay(
            usd,
            float(self.fuel_usd(first, last).sum()),
            float(log["wear_usd"][first:last].sum()),
            carbon_usd,
        )

    def look(self, until: int) -> tuple[SiteRun, dict[str, float]]:
        """A copy that has accounted for the slots before ``until``, and what they cost by part.

        This run is left as it is: sums of many small spans differ from one sum in the last bits.
        Where the site is decided on, slots are closed one by one as they pass: it shows those.
        """
        more = dict.fromkeys(SITE_PARTS, 0.0)
        if self.setup.control.mode == "agent":
            return self, more

        def pay(*usd: float) -> None:
            more.update(zip(SITE_PARTS, usd, strict=True))

        shared = (self.setup, self.slots, self.prices, self.outside, self._activity, self._pay)
        copied: SiteRun = copy.deepcopy(self, {id(part): part for part in shared})
        copied._pay = pay
        copied._lines_allowed = copied.act["lines_allowed"]
        copied._boiler_mode = copied.act["boiler_mode"]
        copied._booked = [copied.log[name] for name in BOOKED]
        copied.account(until)
        return copied, more

    def _book_one(self, slot: int) -> None:
        """The same for one slot, without arrays: runs that are decided on do it at every slot."""
        bill, fuels = self.bill_so_far, self.setup.site.fuels
        bought, sold, gas, diesel, wear_usd, carbon_kg = [float(c[slot]) for c in self._booked]
        bill.grid_kwh[slot], bill.export_kwh[slot] = bought, sold
        usd = bill.advance(slot + 1)
        fuel_usd = gas * fuels.gas_usd_per_kwh + diesel * fuels.diesel_usd_per_kwh
        self._pay(usd, fuel_usd, wear_usd, carbon_kg * self._carbon_usd)

    def fuel_usd(self, first: int, last: int) -> Floats:
        """Gas and diesel of slots, shape (last - first,) [USD]."""
        fuels, log = self.setup.site.fuels, self.log[first:last]
        return np.asarray(
            log["fuel_kwh"] * fuels.gas_usd_per_kwh + log["diesel_kwh"] * fuels.diesel_usd_per_kwh
        )

    def bill(self) -> Bill:
        """The electricity bill of the slots accounted for."""
        return self.bill_so_far.bill()

    def table(self) -> dict[str, NDArray[Any]]:
        """Rows of the log table ``slots``: all slots accounted for."""
        at, slots, bill = self.at, self.slots, self.bill_so_far
        money = {
            "price_usd": slots.price_usd,
            "band": slots.band,
            "demand_band": slots.demand_band,
            "month": slots.month,
            "energy_usd": bill.energy_usd,
            "demand_usd": bill.demand_usd,
            "standing_usd": bill.standing_usd,
        }
        return {
            **slot_table(self.log[:at]),
            **{name: column[:at].copy() for name, column in money.items()},
            "fuel_usd": self.fuel_usd(0, at),
        }

    def decide(self, slot: int, answer: EnergyAnswer) -> None:
        """From ``slot`` on the site is run so, until it is decided anew."""
        row = (
            answer.battery_kw,
            answer.set_point_c,
            answer.boiler_mode,
            min(answer.lines_allowed, 1_000_000),
            int(answer.standby),
        )
        last = slot + self.setup.control.decision_slots
        self.act[slot:last] = row

    def lines_allowed(self, slot: int) -> int:
        """How many lines may run in a slot."""
        return int(self._lines_allowed[slot])

    def factors(self, slot: int) -> tuple[float, float, float]:
        """What the coming slot does to efficiency, to defects and to pressing."""
        efficiency, defects, steam = ahead(self.site, self.state, self._boiler_mode[slot])
        return round(efficiency / STEP) * STEP, defects, steam

    def blow_out(self, wall_min: float, length_min: float) -> None:
        """The grid fails at a wall minute for so long."""
        first = int(wall_min // SLOT_MIN)
        for i in range(first, min(int((wall_min + length_min) // SLOT_MIN) + 1, len(self.act))):
            begin, end = i * SLOT_MIN, (i + 1) * SLOT_MIN
            dark = min(end, wall_min + length_min) - max(begin, wall_min)
            self.outside["grid_share"][i] = max(
                0.0, self.outside["grid_share"][i] - max(dark, 0.0) / SLOT_MIN
            )

    def open_anew(self, shifts: ShiftTable, day: int) -> None:
        """A day to come is worked otherwise than was known."""
        slots = slice(day * SLOTS_PER_DAY, (day + 1) * SLOTS_PER_DAY)
        self.opens[slots] = _open_shares(shifts, len(self.opens))[slots]
        self.is_day[slots] = _daytime(self.opens, 0)[slots]
        self.is_lit[slots] = _daytime(self.opens, PREHEAT_SLOTS)[slots]
        self._run_always(slots)

    def _outside(self, n: int, days: int, luck: np.random.Generator) -> NDArray[np.void]:
        setup, site = self.setup, self.setup.site
        made = synthetic_series(site.first_day, days, luck, site.place, panels=site.panels)
        out = np.zeros(n, dtype=OUTSIDE)
        warm, sun = setup.temperature or made.temperature_c, setup.sun or made.pv_kw_per_kwp
        out["outdoor_c"] = warm.part(site.first_day, n)
        out["pv_kw_per_kwp"] = sun.part(site.first_day, n)
        out["usual_pv_kw_per_kwp"] = made.usual_pv_kw_per_kwp.values
        out["grid_share"] = 1.0
        out["carbon_kg_per_kwh"] = (
            self.slots.carbon_kg_per_kwh
            if setup.carbon is None
            else setup.carbon.part(site.first_day, n)
        )
        out["month"] = self.slots.month
        return out

    def _run_always(self, slots: slice) -> None:
        """Cooling at its set point, boiler lit for the day, everything ready, battery at rest."""
        set_point_c = self.setup.site.cooling.set_point_c
        self.act["set_point_c"][slots] = np.where(self.is_day[slots], set_point_c, COOLING_OFF_C)
        self.act["boiler_mode"][slots] = np.where(self.is_lit[slots], BOILER_ON, BOILER_OFF)
        self.act["lines_allowed"][slots] = self.lines
        self.act["standby"][slots] = 0


def _open_shares(shifts: ShiftTable, n: int) -> Floats:
    """Share of every slot inside the shifts, (n,)."""
    wall: Floats = np.arange(n + 1, dtype=np.float64) * SLOT_MIN
    return np.asarray(np.diff(shifts.shift_at_many(wall)) / SLOT_MIN)


def _daytime(opens: Floats, before: int) -> NDArray[np.bool_]:
    """Slots from ``before`` slots ahead of a day's first work to its last, breaks included."""
    is_open = (opens > 0.0).reshape(-1, SLOTS_PER_DAY)
    slot = np.arange(SLOTS_PER_DAY)
    first = np.argmax(is_open, axis=1)[:, None] - before
    last = SLOTS_PER_DAY - 1 - np.argmax(is_open[:, ::-1], axis=1)[:, None]
    works: NDArray[np.bool_] = np.asarray(is_open.any(axis=1))
    return np.asarray((works[:, None] & (slot >= first) & (slot <= last)).ravel())
