"""A quarter of an hour at a time: heat and steam act on the work, the site's policy is asked."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.decisions.energy_choice import AHEAD, EnergyAnswer, EnergyChoice
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.energy.forecast import Forecast
from factory_env.sim.energy.meter import LiveMeter
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.desk import Desk

if TYPE_CHECKING:
    from factory_env.sim.factory import Factory

Floats = NDArray[np.float64]
NO_ORDER_DAYS = 30.0  # slack shown for a line without an order


class SlotProcess:
    """One SimPy event per slot, and one question per ``control.decision_slots`` of them."""

    def __init__(self, factory: Factory, site: SiteRun, desk: Desk) -> None:
        self._factory = factory
        self._site = site
        self._desk = desk
        self._forecast = Forecast(site, factory.scenario.calendar)
        self._flow = factory.scenario.flow
        self._day_min = factory.scenario.calendar.shift_min
        self._applied: tuple[float, int] | None = None  # to the lines, see `_act`
        self.slot = 0

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
                self._desk.request(self)  # its answer acts, at this same minute
            else:
                self._act(slot)

    def close(self, slot: int) -> None:
        """Account for what has passed before ``slot``, and learn from it."""
        if slot:
            self._site.account(slot)
            self._forecast.see(slot - 1)

    def question(self, serial: int) -> EnergyChoice:
        """The site as it stands, and what can be foreseen."""
        site, slot, ahead = self._site, self.slot, self._forecast
        month = int(site.slots.month[slot])
        coming = slice(slot, slot + AHEAD)
        state = site.state[0]
        return EnergyChoice(
            serial=serial,
            now_min=float(self._factory.world.env.now),
            slot=slot,
            site=site.setup.site,
            price_usd=ahead.price_usd[coming],
            export_usd=ahead.export_usd[coming],
            demand_band=ahead.demand_band[coming],
            demand_usd=site.slots.demand_usd[month],
            peak_kw=site.bill_so_far.peak_kw[month].copy(),
            days_left=ahead.days_left(slot),
            soc_kwh=float(state["soc_kwh"]),
            indoor_c=float(state["indoor_c"]),
            boiler_warm_min=float(state["boiler_warm_min"]),
            outdoor_c=ahead.outdoor_c(slot),
            pv_kw=ahead.pv_kw(slot),
            load_kw=ahead.load_kw(slot),
            last_load_kw=ahead.last_load_kw(slot),
            open_share=ahead.opens[coming],
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

    def _act(self, slot: int) -> None:
        """Heat slows the lines, steam the presses; lines beyond the allowed number stand."""
        efficiency, defects, steam = self._site.factors(slot)
        factory = self._factory
        allowed = self._site.lines_allowed(slot)
        lines = factory.floor.lines
        stand = 0  # a bit for every line that stands
        if allowed < len(lines):  # those with most slack stand
            order = np.argsort(-self._slack_days(), kind="stable")
            stand = sum(1 << int(i) for i in order[: len(lines) - allowed])
        if (efficiency, stand) != self._applied:
            self._applied = (efficiency, stand)
            for line in lines:
                is_up = not stand >> line.number & 1
                line.clock.set_factors({"heat": efficiency, "curtailed": float(is_up)})
        factory.pressing_clock.set_factor("steam", steam)
        factory.world.heat_defects = defects

    def _slack_days(self) -> Floats:
        """Working days from the planned end of each line's order to its due date; (lines,)."""
        factory = self._factory
        planned_end, world = factory.floor.planner.planned_end, factory.world
        due, idle, tail_min = world.book.due_shift, world.idle, self._flow.tail_min
        found = []
        for line in factory.floor.lines:
            days = NO_ORDER_DAYS
            if line.passes and not idle[line.number]:
                order = line.passes[-1].run.order
                days = (due[order] - (planned_end(order) + tail_min)) / self._day_min
            found.append(days)
        return np.array(found)
