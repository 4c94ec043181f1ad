"""Where a site lies: what site and tariff say about it, made one complete block with a note."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from factory_env.domain.weather.place import Place
from factory_env.door.parts import build_part, unknown_key
from factory_env.errors import InputError, Problem, wrong

DEFAULT_PLACE: Final = "dhaka"  # where neither site nor tariff names one
NEAR_KM: Final = 1500.0  # beyond, a climate is taken by latitude, not by distance
EARTH_KM: Final = 6371.0
KEYS: Final = (
    "name", "country", "latitude", "longitude", "altitude_m", "zone", "climate", "like",
)  # fmt: skip
EXAMPLE: Final = "e.g. {latitude: 48.1, longitude: 11.6, like: frankfurt}"

Read = Callable[[str], Mapping[str, Any]]  # contents of a file of conf/place, by name or path


def with_place(
    site: Mapping[str, Any],
    tariff: Mapping[str, Any],
    read: Read,
    shipped: Sequence[str],
    where: str,
) -> tuple[dict[str, Any], str]:
    """The contents of a site file with its place as a whole block, and the note about it.

    The site's own ``place`` goes before the tariff's; without both it is `DEFAULT_PLACE`.

    Raises
    ------
    InputError
        If a name is unknown, or a block can not be understood.
    """
    file = Path(str(tariff.get("urdb") or "")).stem
    given, payer = site.get("place"), str(tariff.get("name") or file)
    if given is None:
        named = tariff.get("place") if isinstance(tariff.get("place"), str) else None
        reason = f"the place of tariff {payer}" if named else f"tariff {payer} names no place"
        block = dict(read(str(named or DEFAULT_PLACE)))
    elif isinstance(given, str):
        block, reason = dict(read(given)), "site.place"
    elif isinstance(given, Mapping):
        block, reason = _block(given, read, shipped, where)
    else:
        raise InputError.of(
            where, "place", "must be a name of conf/place or a block", repr(given), EXAMPLE
        )
    built: Place | None = build_part(Place, block, where, [])
    words = "" if built is None else f"weather of {built.words}: {reason}"
    if given is None:
        words += " (site.place= names another)"
    return {**site, "place": block}, words


def _block(
    given: Mapping[str, Any], read: Read, shipped: Sequence[str], where: str
) -> tuple[dict[str, Any], str]:
    """A block of latitude and longitude, completed; what was taken for what it lacks."""
    if problems := list(_problems(given, where)):
        raise InputError(problems)
    given = {key: value for key, value in given.items() if value is not None}
    like, climate = given.get("like"), given.get("climate") or {}
    if "latitude" not in given:
        base = read(str(like or DEFAULT_PLACE))
        block = {**base, **given, "climate": {**base["climate"], **climate}}
        block.pop("like", None)
        return block, f"site.place, like {base['name']}"
    latitude, longitude = float(given["latitude"]), float(given["longitude"])
    base = _nearest(latitude, longitude, read, shipped) if like is None else read(str(like))
    usual = base["climate"]
    notes = [f"climate of {base['name']}"]
    if latitude * float(base["latitude"]) < 0.0:
        usual = {key: _turn_seasons(value) for key, value in usual.items()}
        notes = [f"climate of {base['name']} half a year on"]
    if like is None:
        notes[0] += ", the nearest that ships"
    zone = f"{'-' if longitude <= -7.5 else '+'}{abs(round(longitude / 15.0)):02d}:00"
    if "zone" not in given:
        notes.append(f"clock {zone} by its longitude")
    whole = {"name": "own place", "country": "", "altitude_m": 0.0, "zone": zone}
    block = {**whole, **given, "climate": {**usual, **climate}}
    block.pop("like", None)
    return block, "site.place; " + "; ".join(
        notes
    ) + " (site.place.like, .zone and .climate say it)"


def _problems(given: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for key in given:
        if key not in KEYS:
            yield unknown_key(str(key), KEYS, where, f"place.{key}")
    for key, other, most in (("latitude", "longitude", 90.0), ("longitude", "latitude", 180.0)):
        value = given.get(key)
        if value is None and given.get(other) is not None:
            yield wrong(where, f"place.{key}", f"goes together with {other}", "nothing", EXAMPLE)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (is_number and abs(float(value)) <= most):
            rule = f"must be a number of degrees from -{most:g} to {most:g}"
            yield wrong(where, f"place.{key}", rule, repr(value), EXAMPLE)
    climate = given.get("climate")
    if climate is not None and not isinstance(climate, Mapping):
        rule = "must hold keys of a climate"
        yield wrong(where, "place.climate", rule, repr(climate), "e.g. {noise_c: 1.0}")


def _nearest(
    latitude: float, longitude: float, read: Read, shipped: Sequence[str]
) -> Mapping[str, Any]:
    """The shipped place whose climate is taken: the nearest, far away the nearest in latitude."""
    places = [read(name) for name in shipped]

    def km(place: Mapping[str, Any]) -> float:
        return distance_km(latitude, longitude, place["latitude"], place["longitude"])

    nearest = min(places, key=km)
    if km(nearest) <= NEAR_KM:
        return nearest
    return min(places, key=lambda place: abs(abs(float(place["latitude"])) - abs(latitude)))


def distance_km(latitude: float, longitude: float, latitude_b: float, longitude_b: float) -> float:
    """Along the great circle.

    >>> round(distance_km(50.11, 8.68, 48.14, 11.58))  # Frankfurt to Munich
    304
    """
    a, b = math.radians(latitude), math.radians(latitude_b)
    half = math.radians(longitude_b - longitude) / 2.0
    h = math.sin((b - a) / 2.0) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2.0 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _turn_seasons(value: Any) -> Any:
    return [*value[6:], *value[:6]] if isinstance(value, list | tuple) else value
