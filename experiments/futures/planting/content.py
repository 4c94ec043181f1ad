"""What a new plant's workbook and files say: plain rows, made of a scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

import numpy as np

from experiments.futures.planting.options import NewPlantOptions
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.plant import Plant
from factory_env.domain.product import Product
from factory_env.domain.public_holidays import EPOCH, public_holidays
from factory_env.domain.scenario import Scenario
from factory_env.door.plants import layout
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

SETTINGS: Final = ("setting", "value", "unit", "what it is")
BULLETIN: Final = ("bulletin", "operation", "machine", "smv [min]", "grade")
ORDER: Final = (
    *("order_id", "style", "product", "quantity [pieces]", "release", "due", "price [USD]"),
    *("priority", "customer"),
)
EXAMPLES: Final = 3
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantContent:
    """The rows of every sheet, below its header."""

    plant: Sequence[Row]
    lines: Sequence[Row]
    products: Sequence[str]  # columns of the skills
    skills: Sequence[Row]
    codes: Sequence[str]  # columns of the machines
    machines: Sequence[Row]
    calendar: Sequence[Row]
    holidays: Sequence[Row]
    people: Sequence[Row]  # none = the plant has none of its own
    bulletins: Sequence[Row]
    orders: Sequence[Row]


def make_content(scenario: Scenario, options: NewPlantOptions) -> PlantContent:
    """The rows of a scenario's plant, and examples that it can make."""
    plant, library = scenario.plant, scenario.library
    sewn = [p for p in library.products if plant.lines_for(p)]
    products = list(dict.fromkeys([p.name for p in sewn] + _names(plant, "skills")))
    codes = sorted({op.machine for p in sewn for op in p.operations} | {*_names(plant, "machines")})
    codes = [code for code in codes if code != "MAN"]
    return PlantContent(
        plant=tuple(_rooms(plant)),
        lines=tuple(
            (n.name, n.fabric_group, ", ".join(n.home), n.operators, n.inspectors, n.repairers)
            for n in plant.lines
        ),
        products=products,
        skills=[(n.name, *(n.skills.get(p) for p in products)) for n in plant.lines],
        codes=codes,
        machines=[(n.name, *(n.machines.get(c) for c in codes)) for n in plant.lines],
        calendar=tuple(_hours(plant.calendar or scenario.calendar)),
        holidays=tuple(_holidays(options, plant.calendar or scenario.calendar)),
        people=() if plant.people is None else tuple(_flat("people", plant.people)),
        bulletins=[
            (p.name, op.name, op.machine, op.smv_min, op.grade) for p in sewn for op in p.operations
        ],
        orders=tuple(_orders(sewn, options.monday)),
    )


def _names(plant: Plant, field: str) -> list[str]:
    return [name for line in plant.lines for name in getattr(line, field)]


def _rooms(plant: Plant) -> Iterator[Row]:
    yield "name", plant.name, "", "what the plant is called in tables and pictures"
    for entry in layout.ROOMS:
        yield entry.title, getattr(plant.rooms, entry.key), entry.unit, entry.meaning
    for room, parts in plant.stations.items():
        for key, value in parts.items():
            unit = key.rpartition("_")[2]
            unit = unit if unit in ("kg", "min", "pieces") else ""
            yield f"{room}: {key}", value, unit, f"of the room {room}, for products that need it"


def _hours(calendar: WorkCalendar) -> Iterator[Row]:
    for entry in layout.HOURS:
        value = getattr(calendar, entry.key)
        is_clock = entry.unit == layout.BREAK_UNIT
        yield entry.title, _clock(value) if is_clock else value, entry.unit, entry.meaning
    breaks: list[Any] = [*calendar.breaks, *[(None, None)] * 3][: max(3, len(calendar.breaks))]
    for n, ends in enumerate(breaks, start=1):
        for end, minute in zip(("start", "end"), ends, strict=True):
            title = layout.name_break(n, end)
            yield title, _clock(minute), layout.BREAK_UNIT, "nobody works; blank = no such break"
    for i, day in enumerate(layout.DAYS):
        works = "no" if i in calendar.days_off else "yes"
        yield day, works, "yes or no", "is it a working day?"
    country = layout.COUNTRY
    yield country.title, calendar.holidays or None, country.unit, country.meaning


def _clock(minute: float | None) -> time | str | None:
    """A time of day as a spreadsheet has it; midnight at the end of a day only as text."""
    if minute is None:
        return None
    if minute >= MIN_PER_DAY:
        return "24:00"
    hours, rest = divmod(minute, MIN_PER_HOUR)
    return time(int(hours), int(rest), round(rest % 1 * 60))


def _holidays(options: NewPlantOptions, calendar: WorkCalendar) -> Iterator[Row]:
    """The days that are off anyway, and the public holidays of a country by their names."""
    for text in calendar.closed_dates:
        yield date.fromisoformat(text), "closed", "yes"
    if options.country is None:
        return
    first = (options.first_day or options.monday).year
    for year in range(first, first + options.years):
        names = _holiday_names(options.country, year)
        for number in sorted(public_holidays(options.country, year)):
            day = (EPOCH + np.timedelta64(number, "D")).astype(object)
            yield day, names.get(day, "public holiday"), "yes"


def _holiday_names(country: str, year: int) -> dict[date, str]:
    from holidays import country_holidays

    return {day: str(name) for day, name in country_holidays(country, years=year).items()}


def _flat(key: str, value: Any) -> Iterator[Row]:
    """A part of a plant as dotted keys."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _flat(f"{key}.{field.name}", getattr(value, field.name))
    elif isinstance(value, tuple):
        yield key, "; ".join(map(repr, value)), "", "by experiments/calibrate.py"
    elif isinstance(value, bool):
        yield key, str(value).lower(), "", "by experiments/calibrate.py"
    elif value is not None:
        yield key, value, "", "by experiments/calibrate.py"


def _orders(products: Sequence[Product], monday: date) -> Iterator[Row]:
    for n, product in enumerate(products[:EXAMPLES]):
        named = (f"EXAMPLE-{n + 1}", f"my {product.name}", product.name, 600 * (n + 1))
        days = (monday + timedelta(days=n), monday + timedelta(days=21 + 7 * n))
        yield (*named, *days, product.price_usd, 1, "my customer")
