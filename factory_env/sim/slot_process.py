"""A quarter of an hour at a time: heat and steam act on the work, the site's policy is asked."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.decisions.energy_choice import AHEAD, EnergyAnswer, EnergyChoice
from factory_env.domain.series import SLOT_MIN, SLOTS_PER_DAY
from factory_env.sim.desk import Desk
from factory_env.sim.meter import LiveMeter
from factory_env.sim.site_run import SiteRun

if TYPE_CHECKING:
    from factory_env.sim.factory import Factory

Floats = NDArray[np.float64]
NO_ORDER_DAYS = 30.0  # slack shown for a line without an order
MOST_SUN_CHANGE = 5.0  # between two days, as far as it is believed
WARM_BACK_SLOTS = 24.0  # time constant with which the forecast returns to the usual day


class SlotProcess:
    """One SimPy event per slot, and one question per ``control.decision_slots`` of them."""

    def __init__(self, factory: Factory, site: SiteRun, desk: Desk) -> None:
        self._factory = factory
        self._site = site
        self._desk = desk
        self.slot = 0
        self._usual_load = np.full((2, SLOTS_PER_DAY), np.nan)  # of a day off, of a working day

    def process(self) -> Generator[Event, None, None]:
        """SimPy process."""
        meter = self._factory.world.meter
        assert meter is not None
        self._site.live = LiveMeter(meter, self._factory)
        env, every = self._factory.world.env, self._site.setup.control.decision_slots
        for slot in range(len(self._site.feed)):
            wait = slot * SLOT_MIN - env.now
            if wait > 0:
                yield env.timeout(wait)
            self.slot = slot
            self.close(slot)
            if slot % every == 0:
                self._desk.request(self)
            self._act(slot)

    def question(self, serial: int) -> EnergyChoice:
        """The site as it stands, and what can be foreseen."""
        site, slot = self._site, self.slot
        ahead = slice(slot, slot + AHEAD)
        slots, bill = site.slots, site.bill_so_far
        month = int(slots.month[slot])
        peaks = bill.peak_kw[month].copy()
        left = int((slots.month[slot:] == month).sum()) / SLOTS_PER_DAY
        log = site.log[max(0, slot - 4) : slot]["load_kw"]
        return EnergyChoice(
            serial=serial,
            now_min=float(self._factory.world.env.now),
            slot=slot,
            site=site.setup.site,
            price_usd=_padded(slots.price_usd[ahead]),
            export_usd=_padded(slots.export_usd[ahead]),
            demand_band=_padded(slots.demand_band[ahead]).astype(np.int64),
            demand_usd=slots.demand_usd[month],
            peak_kw=peaks,
            days_left=left,
            soc_kwh=float(site.state["soc_kwh"][0]),
            indoor_c=float(site.state["indoor_c"][0]),
            boiler_warm_min=float(site.state["boiler_warm_min"][0]),
            outdoor_c=self._weather("outdoor_c", slot),
            pv_kw=self._weather("pv_kw_per_kwp", slot) * site.setup.site.solar.kwp,
            load_kw=self._load(slot),
            last_load_kw=np.concatenate([np.zeros(4 - log.shape[0]), log]),
            open_share=_padded(site.opens[ahead]),
            is_day=bool(site.is_day[slot]),
            is_lit=bool(site.is_lit[slot]),
            lines=len(self._factory.floor.lines),
            slack_days=self._slack_days(),
            backlog_days=self._factory.floor.backlog_days(),
        )

    def answer(self, choice: EnergyChoice, answer: EnergyAnswer) -> None:
        """Run the site so."""
        self._site.decide(choice.slot, answer)
        self._act(choice.slot)

    def close(self, slot: int) -> None:
        """Account for the slot that has passed; keep its load as the usual one of its kind."""
        if slot == 0:
            return
        self._site.account(slot)
        last = slot - 1
        kind = int(self._is_working(last))
        load = float(self._site.log["load_kw"][last])
        self._usual_load[kind, last % SLOTS_PER_DAY] = load

    def _act(self, slot: int) -> None:
        """Heat slows the lines, steam the presses; lines beyond the allowed number stand."""
        efficiency, defects, steam = self._site.factors(slot)
        factory = self._factory
        allowed = int(self._site.act["lines_allowed"][slot])
        lines = factory.floor.lines
        stand = set()
        if allowed < len(lines):  # those with most slack stand
            slack = self._slack_days()
            stand = set(np.argsort(-slack, kind="stable")[: len(lines) - allowed].tolist())
        for line in lines:
            line.clock.set_factors(
                {"heat": efficiency, "curtailed": 0.0 if line.number in stand else 1.0}
            )
        factory.pressing_clock.set_factor("steam", steam)
        factory.world.heat_defects = defects

    def _is_working(self, slot: int) -> bool:
        return self._factory.scenario.calendar.is_working_day(slot // SLOTS_PER_DAY)

    def _load(self, slot: int) -> Floats:
        """The usual load of the coming slots; the last load where none has been seen."""
        coming = np.arange(slot, slot + AHEAD)
        kinds = np.array([int(self._is_working(int(i))) for i in (slot, slot + AHEAD - 1)])
        today = coming // SLOTS_PER_DAY == slot // SLOTS_PER_DAY
        found = self._usual_load[np.where(today, kinds[0], kinds[1]), coming % SLOTS_PER_DAY]
        last = float(self._site.log["load_kw"][slot - 1]) if slot else 0.0
        return np.where(np.isnan(found), last, found)

    def _weather(self, name: str, slot: int) -> Floats:
        """Yesterday's curve, shifted to what is seen now, returning to it within hours."""
        seen = self._site.outside[name]
        if slot < SLOTS_PER_DAY:
            return np.full(AHEAD, float(seen[slot]))
        yesterday = seen[slot - SLOTS_PER_DAY : slot]
        if name == "pv_kw_per_kwp":  # the rest of today is as bright as today has been so far
            begun = slot % SLOTS_PER_DAY
            before = float(seen[slot - begun - SLOTS_PER_DAY : slot - SLOTS_PER_DAY].sum())
            share = float(seen[slot - begun : slot].sum()) / before if before > 0.0 else 1.0
            share = min(max(share, 1.0 / MOST_SUN_CHANGE), MOST_SUN_CHANGE)
            return yesterday * np.where(np.arange(AHEAD) < AHEAD - begun, share, 1.0)
        off = float(seen[slot] - yesterday[0])
        return np.asarray(yesterday + off * np.exp(-np.arange(AHEAD) / WARM_BACK_SLOTS))

    def _slack_days(self) -> Floats:
        factory = self._factory
        planner, book, world = factory.floor.planner, factory.world.book, factory.world
        day_min = factory.scenario.calendar.shift_min
        found = np.full(len(factory.floor.lines), NO_ORDER_DAYS)
        for line in factory.floor.lines:
            if line.passes and not world.idle[line.number]:
                order = line.passes[-1].run.order
                end = planner.planned_end(order) + factory.scenario.flow.tail_min
                found[line.number] = (book.due_shift[order] - end) / day_min
        return found


def _padded(values: NDArray[Any]) -> NDArray[Any]:
    """96 values; the last one goes on at the end of the run."""
    if values.shape[0] == AHEAD:
        return values
    return np.concatenate([values, np.repeat(values[-1:], AHEAD - values.shape[0])])
