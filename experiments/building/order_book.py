"""A user's order book for a run: read, checked, and the run made long enough for it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.door.energy_door import cover
from factory_env.door.holiday_door import close_holidays
from factory_env.door.mix_notes import note_mix
from factory_env.door.order_book import read_order_book
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import InputError
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles
from factory_env.units import MIN_PER_DAY

DAYS_AFTER_LAST_DUE = 20  # working days in which late orders may still be finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a run has to make. ``orders`` None = the scenario draws them."""

    scenario: Scenario
    orders: tuple[Order, ...] | None
    first_day: date | None
    notes: tuple[str, ...]


def workload(
    scenario: Scenario, path: str | None, seed: int, how: BookFormat = AS_THE_BOOK_SAYS
) -> Workload:
    """The orders of the file ``path``, or of the scenario's demand if there is none.

    Parameters
    ----------
    how
        What the book does not say by itself.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    if path is None:
        notes = tuple(note_mix(scenario))
        return Workload(scenario=scenario, orders=None, first_day=None, notes=notes)
    styles = season_styles(scenario, Streams(seed))
    book = read_order_book(path, scenario, styles, how=how)
    scenario = scenario.with_styles(book.styles)
    placed, closed = scenario, ()
    if book.first_day is not None:
        placed, closed = close_holidays(dated(scenario, book.first_day), str(book.first_day))
    longer = long_enough(placed, book.orders)
    notes = (*book.notes, *closed)
    if longer is not placed:
        notes += (
            f"horizon extended from {scenario.horizon_days} to {longer.horizon_days} working "
            f"days: the last due date plus {DAYS_AFTER_LAST_DUE}",
        )
    if longer.energy is not None:
        _check_cover(longer)
        if longer.energy is not scenario.energy:
            notes += (f"the site's first day is that of the orders: {book.first_day}",)
    return Workload(scenario=longer, orders=book.orders, first_day=book.first_day, notes=notes)


def _check_cover(scenario: Scenario) -> None:
    """Refuse a run that is longer than the series of its energy side."""
    assert scenario.energy is not None
    days = scenario.calendar.calendar_days(scenario.horizon_days)
    if problems := cover(scenario.energy, days):
        raise InputError(problems)


def dated(scenario: Scenario, first_day: date | None) -> Scenario:
    """The scenario, with day 0 of its site on that of a book with dates."""
    energy = scenario.energy
    if energy is None or first_day is None or energy.site.first_day == first_day.isoformat():
        return scenario
    site = dataclasses.replace(energy.site, first_day=first_day.isoformat())
    return scenario.replace(energy=dataclasses.replace(energy, site=site))


def long_enough(scenario: Scenario, orders: Sequence[Order]) -> Scenario:
    """The scenario, with a horizon in which a given book can be finished."""
    needed = working_days_until(scenario, max(max(o.due_min, o.release_min) for o in orders))
    needed += DAYS_AFTER_LAST_DUE
    return scenario if needed <= scenario.horizon_days else scenario.replace(horizon_days=needed)


def working_days_until(scenario: Scenario, wall_min: float) -> int:
    """Working days that have begun by a wall minute."""
    days = math.ceil(wall_min / MIN_PER_DAY)
    return sum(scenario.calendar.is_working_day(day) for day in range(days))
