"""Units of a series: a column's name and its user say them, the numbers must agree.

Where nothing says a unit, the size of the numbers does, and a note says so; where two units are
possible, the file is refused with the key that settles it.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from factory_env.domain.series import Floats
from factory_env.door.series_money import find_money
from factory_env.door.series_sun import read_sun
from factory_env.door.series_unit_names import (
    PriceUnit,
    Unknown,
    carbon_unit,
    price_unit,
    sun_unit,
    temperature_unit,
)
from factory_env.door.series_verdict import UNIT_KEY, Converted, Size, say_unknown

Kind = Literal["price", "carbon", "temperature", "pv", "plain"]
PER_KWH_LIMIT_USD: Final = 5.0  # no price of a tariff is above it
# medians of a year of prices [USD per kWh]: 0.02 to 0.4 on every market
DEAR_MEDIAN_USD: Final = 1.0
CHEAP_MEDIAN_USD: Final = 0.001
PER_MWH_FROM_USD: Final = 50.0  # a median without a unit above it is one per MWh, below 1 per kWh
CARBON_LIMIT_KG: Final = 5.0  # no grid emits more per kWh; coal is at 0.8 to 1.2
COLDEST_C, HOTTEST_C = -60.0, 60.0
HOTTEST_MEAN_C: Final = 40.0  # of two weeks or more; Kuwait in July has 39
HOT_MEAN_C: Final = 33.0  # without a unit such a mean is more likely one of another
TWO_WEEKS: Final = 14 * 24  # hours


def convert(
    values: Floats,
    column: str,
    kind: Kind,
    usd_per_unit: float = 1.0,
    size: Size = Size(),  # noqa: B008 - frozen
) -> Converted:
    """Bring a column to currency/kWh, kg/kWh, degrees C or kW per kWp.

    Parameters
    ----------
    column
        Its name, which says the unit.
    usd_per_unit
        Value of the currency of a price.
    size
        What else its user says: unit, size of the plant, hours from row to row.
    """
    beside = size.beside if size.beside and not _says_unit(column, kind) else ""
    name = f"[{size.unit or beside}]" if size.unit or beside else column
    if not np.isfinite(values).any():
        return Converted(values=values, unit="")
    if kind == "price":
        return _price(values, name, usd_per_unit, size)
    if kind == "carbon":
        return _carbon(values, name, size)
    if kind == "temperature":
        return _temperature(values, name, size)
    if kind == "pv":
        return read_sun(values, name, size, column)
    return Converted(values=values, unit="")


def _says_unit(column: str, kind: Kind) -> bool:
    """Does the name of the column say a unit, known or not?"""
    if kind == "price":
        return price_unit(column) != PriceUnit()
    read = {"carbon": carbon_unit, "temperature": temperature_unit, "pv": sun_unit}.get(kind)
    return read is not None and read(column) is not None


def _typical(values: Floats) -> float:
    return float(np.nanmedian(np.abs(values)))


def _price(values: Floats, name: str, usd_per_unit: float, size: Size) -> Converted:
    own = find_money(size.currency, alone=True)
    unit = price_unit(name, own.code if own is not None else "")
    house = "currency per kWh"
    if size.unit and unit == PriceUnit():
        unit = Unknown(text=size.unit)
    if isinstance(unit, Unknown):
        return say_unknown(house, unit, "e.g. EUR/MWh, ct/kWh, p/kWh")
    money, note = 1.0, ""
    if unit.money is not None:
        money = unit.money.units / (own.units if own is not None else 1.0)
        is_foreign = own is not None and own.code and not unit.money.can_be(own.code)
        if own is not None and is_foreign and unit.money.is_any_hundredth:
            note = f"{unit.money.word} read as a hundredth of the tariff's {own.code}"
        elif own is not None and is_foreign:
            got = f"{unit.money.code or unit.money.word}, while the tariff is in {own.code}"
            return Converted.refuse(house, got, "currency and usd_per_unit of the column's money")
    kwh = unit.kwh
    if kwh is None:
        typical = _typical(values) * usd_per_unit * money
        if DEAR_MEDIAN_USD < typical < PER_MWH_FROM_USD:
            got = f"{typical:.3g} USD in the middle and no unit in the name"
            return Converted.refuse(
                house, got, f"cents per kWh, or a price per MWh: {UNIT_KEY} e.g. ct/kWh or EUR/MWh"
            )
        kwh = 1000.0 if typical >= PER_MWH_FROM_USD else 1.0
        per = f"read as prices per {'MWh' if kwh > 1.0 else 'kWh'}"
        note = f"{note}; {per}" if note else per
    made = values * money / kwh if money != 1.0 else values / kwh
    return _judge_price(made, note, kwh, usd_per_unit)


def _judge_price(values: Floats, note: str, kwh: float, usd_per_unit: float) -> Converted:
    typical, house = _typical(values) * usd_per_unit, "currency per kWh"
    got = f"{typical * kwh:.3g} USD in the middle"
    if typical > DEAR_MEDIAN_USD:
        right = f"such prices are per MWh or in cents: name the column ..._per_mwh, or {UNIT_KEY}"
        return Converted.refuse(house, got, right)
    if 0.0 < typical < CHEAP_MEDIAN_USD:
        right = f"such prices are per kWh: name the column ..._per_kwh, or {UNIT_KEY}"
        return Converted.refuse(house, got, right)
    return Converted(values=values, unit=house, note=note)


def _carbon(values: Floats, name: str, size: Size) -> Converted:
    typical, house = _typical(values), "kg per kWh"
    kg = carbon_unit(name)
    if size.unit and kg is None:
        kg = Unknown(text=size.unit)
    if isinstance(kg, Unknown):
        return say_unknown(house, kg, "e.g. g/kWh, kg/MWh, lb/MWh")
    got = f"{typical:.3g} in the middle"
    if kg is not None and typical * kg > CARBON_LIMIT_KG:
        right = "such numbers are grams: name the column ..._g_per_kwh"
        return Converted.refuse(house, got, right)
    if kg is not None and kg < 1.0 and 0.0 < typical < CARBON_LIMIT_KG / 2.0:
        right = "such numbers are kilograms: name the column ..._kg_per_kwh"
        return Converted.refuse(house, got, right)
    if kg is not None:
        return Converted(values=values * kg if kg != 1e-3 else values / 1000.0, unit=house)
    if typical > CARBON_LIMIT_KG:
        return Converted(values=values / 1000.0, unit=house, note="read as grams per kWh")
    return Converted(values=values, unit=house, note="read as kilograms per kWh")


def _temperature(values: Floats, name: str, size: Size) -> Converted:
    house = "degrees C"
    unit = temperature_unit(name)
    if size.unit and unit is None:
        unit = Unknown(text=size.unit)
    if isinstance(unit, Unknown):
        return say_unknown(house, unit, "°C, °F or K")
    note = ""
    if unit is None:
        kelvin = _typical(values) > 200.0
        unit = ("k" if kelvin else "c", 1.0)
        note = "read as kelvin" if kelvin else "no unit in its name, taken as degrees C"
    letter, degree = unit
    values = values * degree if degree != 1.0 else values
    if letter == "f":
        values = (values - 32.0) / 1.8
    if letter == "k":
        values = values - 273.15
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < COLDEST_C or high > HOTTEST_C:
        right = "degrees C; for others name the column ..._f or ..._k"
        return Converted.refuse(house, f"{low:.4g} to {high:.4g}", right)
    mean, most = float(np.nanmean(values)), HOTTEST_MEAN_C if not note else HOT_MEAN_C
    if size.span_h >= TWO_WEEKS and mean > most:
        right = f"no place is as hot: Fahrenheit? {UNIT_KEY} °F or °C"
        return Converted.refuse(house, f"{mean:.1f} in the mean", right)
    return Converted(values=values, unit=house, note=note)
