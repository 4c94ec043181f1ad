"""PV and sun: power per kWp, power or energy of a plant of known size, sun on a square metre."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.series_unit_names import SunUnit, Unknown, sun_unit
from factory_env.door.series_verdict import UNIT_KEY, Converted, Size, say_unknown

HOUSE: Final = "kW per kWp"
MOST_KW: Final = 1.5  # per kWp; cold modules under broken clouds reach 1.2
MOST_SHARE: Final = 0.45  # of a week or more; tracked modules in a desert reach 0.35
WATTS: Final = (300.0, 1500.0)  # highest of a series in W per kWp
WEEK_H: Final = 168.0
SUN_WATTS: Final = (400.0, 1500.0)  # highest of sun without a unit; J/cm2 of an hour stay below
_SUN_NAME: Final = re.compile(
    r"(?<![a-z])(?:ghi|gti|poa|ssrd|swdown|rsds|g\(i\)|g\(h\)|gh)(?![a-z])|irradian|irradiat"
    r"|insolation|strahlung|radiation|radiaci|rayonnement|shortwave|short_wave|pyranometer"
)
_PART_OF_SUN: Final = re.compile(
    r"(?<![a-z])(?:dni|dhi|bhi|bni|ebn|ebh|gb\(|gd\(|gr\(|fd_lberg)|beam|diffus|direktstrahlung"
    r"|direct[\s_]*(?:normal|rad|irr|hor|sol|sun)|(?:irradiance|radiation)[\s_]*direct|long_?wave"
)
DARK: Final = 0.05  # night values below zero up to this share of the highest are noise


def read_sun(values: Floats, name: str, size: Size, column: str = "") -> Converted:
    """A column of PV or sun as kW per kWp.

    Parameters
    ----------
    name
        Of the column, or the unit that its user gives instead.
    column
        Its own name, which tells power of PV from sun on a square metre.
    """
    column = (column or name).casefold()
    if _PART_OF_SUN.search(column):
        got = f"{column[:40]!r}, a part of the sun's light"
        return Converted.refuse(HOUSE, got, "sun on a level or a tilted surface: GHI, G(i), or PV")
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < -DARK * max(high, 1.0):
        right = "power of PV is 0 or more: check the sign"
        return Converted.refuse(HOUSE, f"{low:g} at the lowest", right)
    values = np.maximum(values, 0.0)
    unit = sun_unit(name)
    if size.unit and unit is None:
        unit = Unknown(text=size.unit)
    if isinstance(unit, Unknown):
        return say_unknown(HOUSE, unit, "e.g. kW/kWp, W/m2, or kW with kwp")
    if unit is None:
        return _read_without_unit(values, high, size, is_sun=bool(_SUN_NAME.search(column)))
    return _read_with_unit(values, unit, size, high)


def _read_with_unit(values: Floats, unit: SunUnit, size: Size, high: float) -> Converted:
    notes = []
    made = values * unit.kw if unit.kw != 1e-3 else values / 1000.0
    if unit.is_energy:
        made = made / size.step_h
        notes.append("energy of each row, as its mean power")
    if unit.per == "m2":
        made = made * size.performance
        notes.append(f"sun on a square metre, times {size.performance:g} (solar.performance)")
    if not unit.per:
        if size.kwp <= 0.0:
            got = f"up to {high:g}, power of a whole plant"
            right = "give the size of that plant: kwp, e.g. kwp: 50; or a column per kWp"
            return Converted.refuse(HOUSE, got, right)
        made = made / size.kwp
    return _judge(made, unit, high, size, ", ".join(f"read as {n}" for n in notes))


def _judge(made: Floats, unit: SunUnit, high: float, size: Size, note: str) -> Converted:
    most = float(np.nanmax(made))
    if most > MOST_KW:
        right = "such numbers are watts: name the column ..._w_per_kw"
        if not unit.per:
            right = f"no plant gives more than {MOST_KW:g} kW per kWp: a larger kwp, or {UNIT_KEY}"
        if unit.per == "m2":
            right = f"no sun is as strong: {UNIT_KEY}"
        return Converted.refuse(HOUSE, f"{high:g} at the highest", right)
    if unit.per == "kwp" and unit.kw == 1e-3 and 0.0 < most < 2e-3:
        right = "such numbers are kilowatts: name the column ..._kw_per_kw"
        return Converted.refuse(HOUSE, f"{high:g} at the highest", right)
    if size.span_h >= WEEK_H and float(np.nanmean(made)) > MOST_SHARE:
        got = f"{float(np.nanmean(made)):.2f} kW per kWp, day and night"
        return Converted.refuse(HOUSE, got, f"no plant gives as much: {UNIT_KEY}, or another kwp")
    return Converted(values=made, unit=HOUSE, note=note)


def _read_without_unit(values: Floats, high: float, size: Size, *, is_sun: bool) -> Converted:
    if is_sun and (high <= MOST_KW or SUN_WATTS[0] <= high <= SUN_WATTS[1]):
        sun = SunUnit(kw=1.0 if high <= MOST_KW else 1e-3, per="m2")
        read = _read_with_unit(values, sun, size, high)
        unit_name = "kW/m2" if high <= MOST_KW else "W/m2"
        return read if read.wrong else replace(read, note=f"{read.note}; taken as {unit_name}")
    if is_sun:
        got = f"{high:g} at the highest and no unit in the name"
        return Converted.refuse(HOUSE, got, f"sun on a square metre: {UNIT_KEY} e.g. W/m2")
    if high <= MOST_KW:
        unit, note = SunUnit(kw=1.0, per="kwp"), "read as kilowatts per kW installed"
    elif WATTS[0] <= high <= WATTS[1]:
        unit, note = SunUnit(kw=1e-3, per="kwp"), "read as watts per kW installed"
    else:
        got = f"{high:g} at the highest and no unit in the name"
        right = f"power per kWp, or of a plant with its kwp: {UNIT_KEY} e.g. W/kWp or kW"
        return Converted.refuse(HOUSE, got, right)
    made = values / 1000.0 if unit.kw == 1e-3 else values
    return _judge(made, unit, high, size, note)
