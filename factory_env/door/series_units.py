"""Units of a series: what a column's name says, whether its numbers agree, and the conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from factory_env.domain.series import Floats

Kind = Literal["price", "carbon", "temperature", "pv", "plain"]
# prices above this many USD per kWh, as a median, are prices per MWh; below a thousandth of
# this per MWh they are prices per kWh
PER_KWH_LIMIT_USD: Final = 5.0
CARBON_LIMIT_KG: Final = 5.0  # no grid emits more per kWh; coal is at 0.8 to 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A column in the unit of the house, or what speaks against it."""

    values: Floats
    unit: str
    note: str = ""
    wrong: str = ""  # what the numbers are like, if they contradict the column's name
    right: str = ""

    @classmethod
    def wrongly(cls, unit: str, wrong: str, right: str) -> Converted:
        return cls(values=np.empty(0), unit=unit, wrong=wrong, right=right)


def convert(values: Floats, column: str, kind: Kind, usd_per_unit: float = 1.0) -> Converted:
    """Bring a column to currency/kWh, kg/kWh, degrees C or kW per kWp.

    The column's name decides; where it names no unit, the size of the numbers does, and a note says
    so. Numbers that contradict the name are wrong.
    """
    name = column.lower()
    if not np.isfinite(values).any():
        return Converted(values=values, unit="")
    if kind == "price":
        return _price(values, name, usd_per_unit)
    if kind == "carbon":
        return _carbon(values, name)
    if kind == "temperature":
        return _temperature(values, name)
    if kind == "pv":
        return _pv(values, name)
    return Converted(values=values, unit="")


def _typical(values: Floats) -> float:
    return float(np.nanmedian(np.abs(values)))


def _price(values: Floats, name: str, usd_per_unit: float) -> Converted:
    typical = _typical(values) * usd_per_unit
    unit = "currency per kWh"
    by_mwh = Converted(values=values / 1000.0, unit=unit)
    if "mwh" in name:
        if 0 < typical < PER_KWH_LIMIT_USD / 10.0:
            return Converted.wrongly(
                unit,
                f"{typical:.3g} USD in the middle",
                "such prices are per kWh: name the column ..._per_kwh",
            )
        return by_mwh
    if typical > PER_KWH_LIMIT_USD:
        if "kwh" in name:
            return Converted.wrongly(
                unit,
                f"{typical:.3g} USD in the middle",
                "such prices are per MWh: name the column ..._per_mwh",
            )
        return Converted(values=by_mwh.values, unit=unit, note="read as prices per MWh")
    note = "" if "kwh" in name else "read as prices per kWh"
    return Converted(values=values, unit=unit, note=note)


def _carbon(values: Floats, name: str) -> Converted:
    typical, unit = _typical(values), "kg per kWh"
    is_kg = "kg_per_kwh" in name or "t_per_mwh" in name
    is_gram = not is_kg and ("g_per_kwh" in name or "kg_per_mwh" in name)
    if is_kg and typical > CARBON_LIMIT_KG:
        return Converted.wrongly(
            unit,
            f"{typical:.3g} in the middle",
            "such numbers are grams: name the column ..._g_per_kwh",
        )
    if is_gram and 0 < typical < CARBON_LIMIT_KG / 2.0:
        return Converted.wrongly(
            unit,
            f"{typical:.3g} in the middle",
            "such numbers are kilograms: name the column ..._kg_per_kwh",
        )
    if is_gram or (not is_kg and typical > CARBON_LIMIT_KG):
        note = "" if is_gram else "read as grams per kWh"
        return Converted(values=values / 1000.0, unit=unit, note=note)
    return Converted(values=values, unit=unit, note="" if is_kg else "read as kilograms per kWh")


def _temperature(values: Floats, name: str) -> Converted:
    typical, unit = _typical(values), "degrees C"
    if name.endswith(("_f", "fahrenheit")):
        return Converted(values=(values - 32.0) / 1.8, unit=unit)
    if name.endswith(("_k", "kelvin")) or typical > 200.0:
        note = "" if name.endswith(("_k", "kelvin")) else "read as kelvin"
        return Converted(values=values - 273.15, unit=unit, note=note)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < -60.0 or high > 60.0:
        return Converted.wrongly(
            unit, f"{low:g} to {high:g}", "degrees C; for others name the column ..._f or ..._k"
        )
    return Converted(values=values, unit=unit)


def _pv(values: Floats, name: str) -> Converted:
    low, high, unit = float(np.nanmin(values)), float(np.nanmax(values)), "kW per kWp"
    if low < -0.05 * max(high, 1.0):
        return Converted.wrongly(
            unit, f"{low:g} at the lowest", "power of PV is 0 or more: check the sign"
        )
    is_kilo = "kw_per_kw" in name
    is_watt = not is_kilo and "w_per_kw" in name
    if is_kilo and high > 2.0:
        return Converted.wrongly(
            unit, f"{high:g} at the highest", "such numbers are watts: name the column ..._w_per_kw"
        )
    if is_watt and 0 < high < 2.0:
        return Converted.wrongly(
            unit,
            f"{high:g} at the highest",
            "such numbers are kilowatts: name the column ..._kw_per_kw",
        )
    if is_watt or (not is_kilo and high > 2.0):
        note = "" if is_watt else "read as watts per kW installed"
        return Converted(values=np.maximum(values, 0.0) / 1000.0, unit=unit, note=note)
    note = "" if is_kilo else "read as kilowatts per kW installed"
    return Converted(values=np.maximum(values, 0.0), unit=unit, note=note)
