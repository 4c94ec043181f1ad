"""A quarter of an hour at a time: heat and steam act on the work, the site's policy is asked."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from simpy import Environment
from simpy.events import Event

from factory_env.decisions.energy_choice import AHEAD, EnergyAnswer, EnergyChoice
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.energy.forecast import Forecast
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.questions import Rooms

Floats = NDArray[np.float64]


class UnderEnergy(Protocol):
    """The sewing floor, as far as the site's energy acts on it."""

    def slack_days(self) -> Floats:
        """Working days from the planned end of each line's order to its due date, (lines,)."""
        ...

    def backlog_days(self) -> float:
        """Planned sewing work of all waiting orders [working days a line]."""
        ...

    def run_at(self, efficiency: float, defects: float, standing: frozenset[int]) -> None:
        """A hot hall slows the lines and spoils more; ``standing`` lines do not work at all."""
        ...


class SlotProcess:
    """One SimPy event per slot, and one question per ``control.decision_slots`` of them.

    ``steam`` is told the pace that the boiler allows the rooms which need it.
    """

    def __init__(
        self,
        site: SiteRun,
        calendar: WorkCalendar,
        floor: UnderEnergy,
        steam: Callable[[float], None],
    ) -> None:
        self._site = site
        self._floor = floor
        self._steam = steam
        self._forecast = Forecast(site, calendar)
        self._slot = 0

    def process(self, env: Environment, desk: Desk) -> Generator[Event, None, None]:
        """SimPy process."""
        every = self._site.setup.control.decision_slots
        for slot in range(len(self._site.feed)):
            wait = slot * SLOT_MIN - env.now
            if wait > 0:
                yield env.timeout(wait)
            self.begin(slot)
            if slot % every == 0:
                desk.request(self)  # its answer acts, at this same minute
            else:
                self._act(slot)

    def begin(self, slot: int) -> None:
        """Account for what has passed before ``slot``, and learn from it."""
        self._slot = slot
        if slot:
            self._site.account(slot)
            self._forecast.see(slot - 1)

    def question(self, serial: int) -> EnergyChoice:
        """The site as it stands, and what can be foreseen."""
        site, slot, ahead = self._site, self._slot, self._forecast
        month = int(site.slots.month[slot])
        coming = slice(slot, slot + AHEAD)
        state = site.state[0]
        return EnergyChoice(
            serial=serial,
            now_min=float(slot * SLOT_MIN),
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
            usual_pv_kw=ahead.usual_pv_kw[coming],
            load_kw=ahead.load_kw(slot),
            last_load_kw=ahead.last_load_kw(slot),
            open_share=ahead.opens[coming],
            is_day=bool(site.is_day[slot]),
            is_lit=bool(site.is_lit[slot]),
            lines=site.lines,
            slack_days=self._floor.slack_days(),
            backlog_days=self._floor.backlog_days(),
        )

    def answer(self, choice: EnergyChoice, answer: EnergyAnswer) -> None:
        """Run the site so."""
        self._site.decide(choice.slot, answer)
        self._act(choice.slot)

    def _act(self, slot: int) -> None:
        """Heat slows the lines, steam the presses; lines beyond the allowed number stand."""
        efficiency, defects, steam = self._site.factors(slot)
        surplus = self._site.lines - self._site.lines_allowed(slot)
        standing: frozenset[int] = frozenset()
        if surplus > 0:  # those with most slack stand
            order = np.argsort(-self._floor.slack_days(), kind="stable")
            standing = frozenset(order[:surplus].tolist())
        self._floor.run_at(efficiency, defects, standing)
        self._steam(steam)


def begin(rooms: Rooms, desk: Desk) -> None:
    """Ask how the site runs, if it is a policy that runs it."""
    site, world = rooms.site, rooms.world
    if site is None or site.setup.control.mode != "agent":
        return
    asker = SlotProcess(site, world.scenario.calendar, rooms.floor, rooms.finishing.set_steam)
    world.env.process(asker.process(world.env, desk))


PLUG = begin
