"""What a run leaves to be told and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A log, and what stands around it."""

    log: RunLog
    scenario: Scenario
    first_day: date | None = None  # of a book with dates: day 0
    site_agent: str = "always_on"  # who ran the site, if there is one

    @property
    def calendar(self) -> WorkCalendar:
        """Its working days."""
        return self.scenario.calendar

    @property
    def energy(self) -> EnergySetup | None:
        """The site, if its slots were written down."""
        return self.scenario.energy if len(self.log.tables["slots"]["slot"]) else None
