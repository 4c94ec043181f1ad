"""How does the site run in the next quarter of an hour? Asked of a policy that runs the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.answers import AnswerRow, check_structured, structured_row
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.domain.series import SLOT_MIN
from factory_env.domain.site import BOILER_HOLD, BOILER_OFF, BOILER_ON, COOLING_OFF_C, Site
from factory_env.errors import IllegalAnswer

Floats = NDArray[np.float64]
SITE = -1  # number of the asker in the log
AHEAD = 96  # slots of forecast: a day
# columns of the log's table of slots that hold the fields of an answer
ANSWER_COLUMNS = ("asked_battery_kw", "set_point_c", "boiler_mode", "lines_allowed", "standby")
PREHEAT_SLOTS = 4  # the boiler is lit an hour before the shift


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyAnswer:
    """What to do in the coming slots. Powers beyond limits are cut to them by the site."""

    battery_kw: float = 0.0  # at the bus: charge > 0 > discharge
    set_point_c: float = 28.0  # of the cooling; COOLING_OFF_C = fans off
    boiler_mode: int = BOILER_ON
    lines_allowed: int = 1_000_000  # lines that may run; the others stand
    standby: bool = True  # idle machines go to standby


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyChoice:
    """The site's state and what can be foreseen; arrays over the next 96 slots, (96,) each.

    Forecasts: price and calendar are known; the sun's way is known,
    the weather under it is persistence towards the climate's mean;
    load is that of the same slot a working day ago. No luck to come is shown.
    """

    asks: ClassVar[str] = "run_site"
    role: ClassVar[str] = "site"
    headline: ClassVar[str] = "how does the site run?"

    kind: Literal["energy"] = "energy"
    serial: int
    now_min: float
    slot: int  # number of the coming slot
    site: Site
    price_usd: Floats  # per kWh bought
    export_usd: Floats  # per kWh fed in
    demand_band: NDArray[np.int64]  # rule beside any_time; 0 = none
    demand_usd: Floats  # (r,) per kW of the running month's maximum, by rule
    peak_kw: Floats  # (r,) running maxima of the month, by rule
    days_left: float  # in the month
    soc_kwh: float
    indoor_c: float
    boiler_warm_min: float
    outdoor_c: Floats  # forecast
    pv_kw: Floats  # forecast
    load_kw: Floats  # forecast of all consumers, without battery
    last_load_kw: Floats  # (4,) of the last hour, latest last
    open_share: Floats  # is the site at work, by the calendar
    is_day: bool  # between the day's first and last working minute
    is_lit: bool  # the boiler's usual hours: from an hour before
    lines: int
    slack_days: Floats  # (lines,) of the order on each line; large if there is none
    backlog_days: float  # work waiting, days a line
    # sun of a day as clear as its month's mean: place, season and hour, no luck
    usual_pv_kw: Floats = field(default_factory=lambda: np.zeros(AHEAD))

    @staticmethod
    def is_asked(scenario: Scenario) -> bool:
        """Is there a site, and is it the policy that runs it?"""
        return scenario.energy is not None and scenario.energy.control.mode == "agent"

    @property
    def asker(self) -> int:
        """No line and no table asks."""
        return SITE

    def usual(self) -> EnergyAnswer:
        """As a site runs that nobody thinks about: lit for the day, cooled, battery at rest."""
        return EnergyAnswer(
            set_point_c=self.site.cooling.set_point_c if self.is_day else COOLING_OFF_C,
            boiler_mode=BOILER_ON if self.is_lit else BOILER_OFF,
            lines_allowed=self.lines,
            standby=False,
        )

    def check(self, answer: EnergyAnswer) -> None:
        """Raise `IllegalAnswer` unless every part can be meant."""
        check_structured(self, answer, EnergyAnswer)
        problems = []
        low, high = self.site.cooling.set_point_range_c
        if not np.isfinite(answer.battery_kw):
            problems.append(f"battery_kw must be a number, got {answer.battery_kw!r}")
        if not (low <= answer.set_point_c <= high or answer.set_point_c == COOLING_OFF_C):
            problems.append(
                f"set_point_c must lie in {low:g} to {high:g}, or be {COOLING_OFF_C:g} (off), "
                f"got {answer.set_point_c!r}"
            )
        if answer.boiler_mode not in (BOILER_OFF, BOILER_HOLD, BOILER_ON):
            problems.append(f"boiler_mode must be 0, 1 or 2, got {answer.boiler_mode!r}")
        if answer.lines_allowed < 0:
            problems.append(f"lines_allowed must be 0 or more, got {answer.lines_allowed!r}")
        if problems:
            raise IllegalAnswer(f"energy {self.serial}: " + "; ".join(problems))

    def row(self, answer: EnergyAnswer) -> AnswerRow:
        """The answer in plain values; the table of slots holds it, see `logged`."""
        return replace(structured_row(self, answer), table=None)

    def answer_from(self, row: AnswerRow) -> EnergyAnswer:
        """The answer that a row holds."""
        return EnergyAnswer(**row.values)

    @staticmethod
    def logged(log: RunLog, scenario: Scenario, serials: Iterator[int]) -> Iterator[AnswerRow]:
        """The answers in a log's table of slots, in the order of asking.

        Parameters
        ----------
        serials
            Numbers of the run's questions that no other table holds: they are this kind's.
        """
        if not EnergyChoice.is_asked(scenario) or scenario.energy is None:
            return
        slots, every = log.tables["slots"], scenario.energy.control.decision_slots
        columns = (slots[name][::every].tolist() for name in ("slot", *ANSWER_COLUMNS))
        for serial, (slot, battery_kw, set_point_c, boiler_mode, lines, standby) in zip(
            serials, zip(*columns, strict=True), strict=False
        ):
            values = {
                "battery_kw": battery_kw,
                "set_point_c": set_point_c,
                "boiler_mode": boiler_mode,
                "lines_allowed": lines,
                "standby": bool(standby),
            }
            yield AnswerRow(
                serial=serial,
                kind="energy",
                now_min=float(slot * SLOT_MIN),
                asker=SITE,
                table=None,
                values=values,
            )


@runtime_checkable
class EnergyPolicy(Protocol):
    """A policy that runs the site (``energy.control: agent``)."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """How the site runs in the coming slots."""
        ...


PLUG = EnergyChoice
