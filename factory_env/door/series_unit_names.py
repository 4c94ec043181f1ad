"""What the name of a column says about its unit: money and energy, mass, degrees, power.

A unit stands in brackets (``Price [ct/kWh]``) or within the name (``price_eur_per_mwh``). What
stands in brackets and looks like a unit, but is none of those known, is an unknown one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from factory_env.door.series_money import Money, find_money
from factory_env.door.tables.table import LONGEST_NAME

KWH: Final = {"wh": 1e-3, "kwh": 1.0, "mwh": 1e3, "gwh": 1e6, "mj": 1 / 3.6, "gj": 1e3 / 3.6}
_LONG: Final = (
    (re.compile(r"kilo[\s-]?watt[\s-]?(hours?|stunden?)"), "kwh"),
    (re.compile(r"mega[\s-]?watt[\s-]?(hours?|stunden?)"), "mwh"),
    (re.compile(r"kilo[\s-]?watts?"), "kw"),
    (re.compile(r"mega[\s-]?watts?"), "mw"),
    (re.compile(r"watts?"), "w"),
    (re.compile(r"m²|m\^2|sqm|m\^?-2|square met(er|re)s?"), "m2"),
    (re.compile(r"co₂"), "co2"),
)
_GAP: Final = r"[\s_.\-·*]*"
_PER: Final = rf"{_GAP}(?:/|per|pro|je){_GAP}"
_BRACKETS = re.compile(r"[\[({]([^\])}]*)[\])}]")
_ENERGY = re.compile(r"(?<![a-z])(kwh|mwh|gwh|wh|mj|gj)(?![a-z0-9])")
_MASS = re.compile(
    rf"(?<![a-z])(kg|mg|g|lbs?|pounds?|tonnes?|tons?|t|grams?)(?:{_GAP}(?:co2|carbon))?"
    rf"(?:{_GAP}(?:equivalents?|eq|e))?{_PER}(kwh|mwh|gwh|mj|gj)(?![a-z])"
)
_KG: Final = {"kg": 1.0, "mg": 1e-6, "g": 1e-3, "gram": 1e-3, "lb": 0.45359237, "pound": 0.45359237}
_SLASH = re.compile(r"\S\s*/\s*\S|\bper\b")
_MANY = re.compile(r"(?:/|per|pro|je)[\s_]*(?!1[\s_]*$)\d[\d.,]*[\s_]*$")
_PER_OTHER = re.compile(r"(?:\s*/\s*|[\s_]+(?:per|pro|je)[\s_]+)[^\W_]", re.IGNORECASE)
_SUN = re.compile(rf"(?<![a-z])(kwh|wh|kw|w|mj|kj|j)(?:{_PER}|{_GAP})(m2|cm2)(?![a-z0-9])")
_SHARE = re.compile(rf"(?<![a-z])(mwh|kwh|wh|mw|kw|w){_PER}(mwp|kwp|wp|mw|kw|w)(?![a-z0-9])")
_POWER = re.compile(r"(?<![a-z0-9])(mwh|kwh|wh|gw|mw|kw|w)(?:el|_?ac|_?dc)?(?![a-z0-9])")
_KW: Final = {"w": 1e-3, "kw": 1.0, "mw": 1e3, "gw": 1e6}
_JOULES_KWH: Final = {"j": 1 / 3.6e6, "kj": 1 / 3600, "mj": 1 / 3.6}
_PRICE_WORDS: Final = re.compile(r"(price|prices|preis|cost|costs|tariff|rate|spot|lmp|value)$")
_DEGREE = re.compile(
    r"(?P<part>0[.,]1|1/10|tenths? of)?\s*(?:°|º|deg(?:rees?)?[\s._]*)?(?P<letter>[cfk])"
)
_DEGREES: Final = (("celsius", "c"), ("centigrade", "c"), ("fahrenheit", "f"), ("kelvin", "k"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceUnit:
    """A price's unit; None = the name does not say it."""

    money: Money | None = None
    kwh: float | None = None  # in the unit of energy


@dataclass(frozen=True, slots=True, kw_only=True)
class SunUnit:
    """A unit of PV or sun: ``kw`` in one of it, per what, and whether it is energy of a row."""

    kw: float
    per: str  # "kwp", "m2" or "" (a whole plant)
    is_energy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something that looks like a unit and is none that is known."""

    text: str


def price_unit(name: str, currency: str = "") -> PriceUnit | Unknown:
    """Money and energy of a price, in a tariff of ``currency`` (a code; "" = not known).

    >>> price_unit("Price [ct/kWh]").money.units, price_unit("price_eur_per_mwh").kwh
    (0.01, 1000.0)
    """
    for text, is_bracket in _texts(name):
        plain = _plain(text)
        if energy := _ENERGY.search(plain):
            before = re.sub(rf"{_PER}$|{_GAP}$", "", plain[: energy.start()])
            start = _original(text, plain, len(before))
            money = find_money(start, currency=currency)
            has_slash = "/" in plain[len(before) : energy.start()]
            if _MANY.search(plain[: energy.start()]):  # € per 100 kWh
                return Unknown(text=text.strip())
            is_word = not before.strip() or bool(_PRICE_WORDS.search(before))
            if money is None and (is_bracket or has_slash) and not is_word:
                return Unknown(text=text)
            return PriceUnit(money=money, kwh=KWH[energy[1]])
        if is_bracket and (money := find_money(text, alone=True, currency=currency)):
            return PriceUnit(money=money, kwh=1.0 if money.units < 1.0 else None)
        if is_bracket and _SLASH.search(plain):
            return Unknown(text=text)
        if (other := _PER_OTHER.search(text)) and find_money(text[: other.start()]):
            return Unknown(text=text.strip())  # € per therm, per kVAh
    return PriceUnit()


def carbon_unit(name: str) -> float | Unknown | None:
    """Kilograms per kWh in one of the unit; None = the name does not say it.

    >>> carbon_unit("ci_g_per_kwh"), carbon_unit("kgCO2e/MWh")
    (0.001, 0.001)
    """
    for text, is_bracket in _texts(name):
        plain = _plain(text)
        if unit := _MASS.search(plain):
            word = unit[1] if unit[1] in _KG else unit[1].rstrip("s")
            return _KG.get(word, 1000.0) / KWH[unit[2]]
        if is_bracket and _SLASH.search(plain):
            return Unknown(text=text)
    return None


def temperature_unit(name: str) -> tuple[str, float] | Unknown | None:
    """The letter of the scale (c, f, k) and the degrees in one of the unit; None = not said.

    >>> temperature_unit("temperature_2m (°F)"), temperature_unit("TG [0.1 °C]")
    (('f', 1.0), ('c', 0.1))
    """
    for text, is_bracket in _texts(name):
        plain = text.casefold().replace("℃", "°c").replace("℉", "°f").strip()
        for word, letter in _DEGREES:
            plain = re.sub(rf"{word}s?", letter, plain)
        if is_bracket:
            if unit := _DEGREE.fullmatch(plain):
                return unit["letter"], 0.1 if unit["part"] else 1.0
            if "°" in plain or "deg" in plain or len(plain) == 1:
                return Unknown(text=text)
            continue
        words = [w for w in re.split(r"[\s_\-./,;:()\[\]]+", plain) if w]
        letters = {w.lstrip("°").removeprefix("deg") for w in words} & {"c", "f", "k"}
        if len(letters) == 1:
            return letters.pop(), 1.0
    return None


def sun_unit(name: str) -> SunUnit | Unknown | None:
    """The unit of PV power or sun; None = the name does not say it.

    >>> sun_unit("pv_w_per_kw").kw, sun_unit("AC System Output (W)").per, sun_unit("GHI W/m2").per
    (0.001, '', 'm2')
    """
    for text, is_bracket in _texts(name):
        plain = _plain(text)
        if unit := _SUN.search(plain):
            kw = _JOULES_KWH.get(unit[1]) or _KW[unit[1].removesuffix("h")]
            area = 1e4 if unit[2] == "cm2" else 1.0
            return SunUnit(kw=kw * area, per="m2", is_energy=unit[1] not in _KW)
        if unit := _SHARE.search(plain):
            above, below = unit[1].removesuffix("h"), unit[2].removesuffix("p")
            return SunUnit(kw=_KW[above] / _KW[below], per="kwp", is_energy=unit[1] != above)
        if is_bracket and plain.strip() in ("%", "percent", "pct"):
            return SunUnit(kw=0.01, per="kwp")
        if is_bracket and _SLASH.search(plain):
            return Unknown(text=text)
        if unit := _POWER.search(plain):
            word = unit[1].removesuffix("h")
            return SunUnit(kw=_KW[word], per="", is_energy=unit[1] != word)
    return None


def _texts(name: str) -> Iterator[tuple[str, bool]]:
    """What stands in brackets, the last first; then the whole name."""
    for inside in reversed(_BRACKETS.findall(name[:LONGEST_NAME])):
        if inside.strip():
            yield inside.strip(), True
    yield _BRACKETS.sub(" ", name[:LONGEST_NAME]), False


def _plain(text: str) -> str:
    """Small letters, long words of units shortened; as long as ``text`` where nothing is."""
    plain = text.casefold()
    for pattern, short in _LONG:
        plain = pattern.sub(short, plain)
    return unicodedata.normalize("NFKC", plain)


def _original(text: str, plain: str, length: int) -> str:
    """The first ``length`` letters as they were typed, if that can be told."""
    return text[:length] if text.casefold()[:length] == plain[:length] else plain[:length]
