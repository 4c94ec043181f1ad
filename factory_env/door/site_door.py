"""The door for sites: a plain dictionary in, a frozen site out, all errors at once."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from factory_env.domain.site import MachinePower, Site
from factory_env.door.parts import (
    build_part,
    infinities,
    nans,
    not_a_number,
    not_finite,
    unknown_keys,
)
from factory_env.door.site_limits import check_limits
from factory_env.door.tables.reading import is_file
from factory_env.door.weather.reading import format_of
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import machine_powers

_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")

FIRST_YEAR, LAST_YEAR = 1950, 2199  # in which a run may begin

Finding = tuple[str, str, str, str]  # field, rule, got, what would be right


def build_site(site: Mapping[str, Any], where: str = "site") -> Site:
    """Check and build a site; machine powers it does not give are those of the house.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, values out of range, and rules
        between fields (a battery larger than its connection, a boiler above 100 %, ...).
    """
    problems = [_moved(problem) for problem in unknown_keys(Site, site, where, "")]
    problems += [not_finite(where, path) for path in infinities(site, "")]
    hints = typing.get_type_hints(Site, include_extras=True)
    parts = {
        field.name: build_part(hints[field.name], site[field.name], where, problems, field.name)
        for field in dataclasses.fields(Site)
        if field.name in site and not (field.name == "place" and site["place"] is None)
    }
    told = {problem.field for problem in problems}
    problems += [not_a_number(where, path) for path in nans(site, "") if path not in told]
    broken = {re.split(r"[.\[]", problem.field)[0] for problem in problems}
    result = Site(**{name: part for name, part in parts.items() if name not in broken})
    for check, needs in CHECKS:
        if broken.isdisjoint(needs):
            problems += [
                wrong(where, field, rule, got, right) for field, rule, got, right in check(result)
            ]
    told |= {problem.field for problem in problems}
    problems += [
        wrong(where, field, rule, got, right)
        for field, rule, got, right in check_limits(result)
        if field not in told and field.partition(".")[0] not in broken
    ]
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    if result.battery.capacity_kwh == 0.0:  # none, whatever its inverter could
        none = dict.fromkeys(("charge_kw", "discharge_kw", "connection_kw"), 0.0)
        result = dataclasses.replace(result, battery=dataclasses.replace(result.battery, **none))
    own = {power.machine: power for power in result.machine_powers}
    house = {power.machine: power for power in machine_powers()}
    return dataclasses.replace(result, machine_powers=tuple((house | own).values()))


def _first_day(site: Site) -> Iterator[Finding]:
    try:
        day = datetime.date.fromisoformat(site.first_day)
    except ValueError:
        yield ("first_day", "must be a date", repr(site.first_day), "e.g. '2026-06-01'")
        return
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        rule = f"must lie between {FIRST_YEAR} and {LAST_YEAR}"
        yield ("first_day", rule, repr(site.first_day), "e.g. '2026-06-01'")
        return
    if day.weekday() != 0:
        monday = day - datetime.timedelta(days=day.weekday())
        yield (
            "first_day",
            "must be a Monday: day 0 of every run is one",
            f"{site.first_day}, a {day:%A}",
            f"e.g. '{monday}'",
        )


def _moved(problem: Problem) -> Problem:
    """An unknown key of a site, with where it went if it was one once."""
    if problem.field != "climate":
        return problem
    right = "a climate is part of a place: place: {like: dhaka, climate: {noise_c: 1.0}}"
    return dataclasses.replace(problem, right=right)


def _zone(site: Site) -> Iterator[Finding]:
    zone = site.place.zone
    try:
        if _OFFSET.fullmatch(zone):
            datetime.datetime.strptime(zone, "%z")
        else:
            ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        yield "place.zone", "must be a time zone", repr(zone), "e.g. Asia/Dhaka, or +06:00"


def _series(site: Site) -> Iterator[Finding]:
    for name in ("temperature", "sun", "carbon"):
        own = getattr(site, name)
        if own.file and not is_file(Path(own.file)):
            yield (
                f"{name}.file",
                "must be a file that exists",
                repr(own.file),
                "the path of a CSV file, or '' for the built-in numbers",
            )
        is_weather = bool(own.file) and bool(format_of(Path(own.file)))
        if bool(own.file) != bool(own.column) and not is_weather:
            yield (
                name,
                "file and column go together",
                f"file {own.file!r}, column {own.column!r}",
                "give both or none",
            )


def _machines(site: Site) -> Iterator[Finding]:
    known = [power.machine for power in machine_powers()]
    given = [power.machine for power in site.machine_powers]
    for i, power in enumerate(site.machine_powers):
        at = f"machine_powers[{i}]"
        if power.machine not in known:
            yield (
                f"{at}.machine",
                "must be a known machine type",
                repr(power.machine),
                ", ".join(known),
            )
        if given.count(power.machine) > 1:
            yield (f"{at}.machine", "must be given once", repr(power.machine), "drop one of them")
        yield from _falling(power, at)


def _falling(power: MachinePower, at: str) -> Iterator[Finding]:
    values = (power.rated_kw, power.run_kw, power.idle_kw, power.standby_kw)
    if list(values) != sorted(values, reverse=True):
        yield (
            at,
            "powers must not rise from rated_kw to run_kw, idle_kw and standby_kw",
            ", ".join(f"{v:g}" for v in values),
            "e.g. 0.55, 0.12, 0.02, 0.004",
        )


def _boiler(site: Site) -> Iterator[Finding]:
    boiler = site.boiler
    combustion = boiler.efficiency * (1.0 + boiler.fixed_loss_share)
    if combustion > 1.0:
        yield (
            "boiler.efficiency",
            "efficiency x (1 + fixed_loss_share) must not exceed 1",
            f"{combustion:.3f}",
            f"at most {boiler.efficiency / combustion:.3f}",
        )
    if boiler.part_load_loss >= 1.0:
        yield (
            "boiler.part_load_loss",
            "must leave some efficiency",
            f"{boiler.part_load_loss:g}",
            "below 1, e.g. 0.02",
        )
    if boiler.start_fire > 1.0:
        yield (
            "boiler.start_fire",
            "is a share of full fire",
            f"{boiler.start_fire:g}",
            "at most 1",
        )
    if boiler.hot_restart_min > boiler.cold_start_min:
        yield (
            "boiler.hot_restart_min",
            "must not exceed cold_start_min",
            f"{boiler.hot_restart_min:g}",
            f"at most {boiler.cold_start_min:g}",
        )
    if site.steam.loss_kg_h >= boiler.steam_kg_h:
        yield (
            "steam.loss_kg_h",
            "must be less than the boiler makes",
            f"{site.steam.loss_kg_h:g}",
            f"below {boiler.steam_kg_h:g}",
        )


def _electric_boiler(site: Site) -> Iterator[Finding]:
    boiler = site.boiler
    full_kw = boiler.steam_kg_h * boiler.heat_kwh_per_kg / boiler.efficiency
    if boiler.kind == "electric" and full_kw > site.grid.connection_kw:
        yield (
            "grid.connection_kw",
            "must carry the electric boiler",
            f"{full_kw:.0f} kW boiler",
            f"a connection above {full_kw:.0f} kW or a smaller boiler",
        )


def _cooling(site: Site) -> Iterator[Finding]:
    cooling = site.cooling
    low, high = cooling.set_point_range_c
    if low >= high:
        yield (
            "cooling.set_point_range_c",
            "the first number must be below the second",
            f"[{low:g}, {high:g}]",
            "e.g. [24, 34]",
        )
    elif not low <= cooling.set_point_c <= high:
        yield (
            "cooling.set_point_c",
            "must lie inside set_point_range_c",
            f"{cooling.set_point_c:g}",
            f"{low:g} to {high:g}",
        )


def _battery(site: Site) -> Iterator[Finding]:
    battery = site.battery
    power_kw = max(battery.charge_kw, battery.discharge_kw)
    if power_kw > battery.connection_kw:
        yield (
            "battery.connection_kw",
            "must carry the battery's power",
            f"{power_kw:g} kW on {battery.connection_kw:g} kW",
            f"at least {power_kw:g}",
        )
    if battery.capacity_kwh > 0.0 and min(battery.charge_kw, battery.discharge_kw) == 0.0:
        yield (
            "battery",
            "a battery with a capacity must be able to charge and to discharge",
            f"{battery.charge_kw:g} and {battery.discharge_kw:g} kW",
            "positive powers, or capacity_kwh: 0",
        )


def _charge_limits(site: Site) -> Iterator[Finding]:
    battery = site.battery
    if not battery.soc_min < battery.soc_max:
        yield (
            "battery.soc_min",
            "must be below soc_max",
            f"{battery.soc_min:g}",
            f"below {battery.soc_max:g}",
        )
    elif not battery.soc_min <= battery.soc_start <= battery.soc_max:
        yield (
            "battery.soc_start",
            "must lie between soc_min and soc_max",
            f"{battery.soc_start:g}",
            f"{battery.soc_min:g} to {battery.soc_max:g}",
        )
    if battery.round_trip > 1.0:
        yield (
            "battery.round_trip",
            "is a share",
            f"{battery.round_trip:g}",
            "at most 1, e.g. 0.88",
        )


def _battery_on_grid(site: Site) -> Iterator[Finding]:
    if site.battery.charge_kw > site.grid.connection_kw:
        yield (
            "battery.charge_kw",
            "must not exceed the grid connection",
            f"{site.battery.charge_kw:g}",
            f"at most {site.grid.connection_kw:g}",
        )


def _solar(site: Site) -> Iterator[Finding]:
    room_kwp = site.hall.roof_m2 * site.solar.kwp_per_m2
    if site.solar.kwp > room_kwp:
        yield (
            "solar.kwp",
            "must fit on the roof",
            f"{site.solar.kwp:g}",
            f"at most {room_kwp:.0f} (roof_m2 x kwp_per_m2)",
        )


def _grid(site: Site) -> Iterator[Finding]:
    grid = site.grid
    if grid.sanctioned_kw > grid.connection_kw:
        yield (
            "grid.sanctioned_kw",
            "must not exceed what the connection carries",
            f"{grid.sanctioned_kw:g}",
            f"at most {grid.connection_kw:g}",
        )
    if grid.export_kw > grid.connection_kw:
        yield (
            "grid.export_kw",
            "must not exceed what the connection carries",
            f"{grid.export_kw:g}",
            f"at most {grid.connection_kw:g}",
        )
    if grid.carbon_kg_per_kwh > 2.0:
        yield (
            "grid.carbon_kg_per_kwh",
            "is in kg, and no grid exceeds 2 kg/kWh",
            f"{grid.carbon_kg_per_kwh:g}",
            f"{grid.carbon_kg_per_kwh / 1000.0:g} if it was in g/kWh",
        )


def _always_on(site: Site) -> Iterator[Finding]:
    lights_kw = site.hall.floor_m2 * site.hall.lighting_w_per_m2 / 1000.0
    always_kw = lights_kw + site.hall.base_kw + site.hall.office_kw
    if always_kw > site.grid.connection_kw:
        yield (
            "grid.connection_kw",
            "must carry lighting, office and base load",
            f"{site.grid.connection_kw:g}",
            f"above {always_kw:.0f}",
        )


# rule -> the parts of a site that it reads
CHECKS: Final[tuple[tuple[Callable[[Site], Iterator[Finding]], tuple[str, ...]], ...]] = (
    (_first_day, ("first_day",)),
    (_zone, ("place",)),
    (_series, ("temperature", "sun", "carbon")),
    (_machines, ("machine_powers",)),
    (_boiler, ("boiler", "steam")),
    (_electric_boiler, ("boiler", "grid")),
    (_cooling, ("cooling",)),
    (_battery, ("battery",)),
    (_charge_limits, ("battery",)),
    (_battery_on_grid, ("battery", "grid")),
    (_solar, ("solar", "hall")),
    (_grid, ("grid",)),
    (_always_on, ("hall", "grid")),
)
