"""Hall and boiler: cooled when it is cheap, lit just in time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agents.energy.reckoning.outlook import load_without_fans_kw, opens_in, sun_kw
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.domain.series import SLOT_H, SLOT_MIN
from factory_env.domain.site import BOILER_OFF, BOILER_ON, COOLING_OFF_C, Site

BAND_K = 1.0  # the fans come up evenly over so many degrees: no sudden load
SAME_USD = 1e-9
SPAN_H = 12.0  # sunny surplus cools the hall only if work begins within so many hours
GAIN_PER_KW = 1.08  # heat of people, steam and machines per kW of load without fans; fits mid


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """How a rule cools the hall.

    While people work the fans come up from ``day_c`` on; in dear hours only where heat begins to
    cost work. The hall is cooled to ``cool_c`` in the last ``night_slots`` before work, as far as
    the import allows, and whenever the sun gives more than is used.
    """

    day_c: float
    cool_c: float
    night_slots: float

    def cool(self, choice: EnergyChoice, most_import_kw: float) -> Cooled:
        """The set point of the coming slot.

        Parameters
        ----------
        most_import_kw
            Import that cooling at night must not exceed.
        """
        site, wait = choice.site, opens_in(choice)
        load_kw = load_without_fans_kw(choice)
        sunny_kw = float(sun_kw(choice)[0]) - load_kw
        fans_kw = sunny_kw if wait * SLOT_H <= SPAN_H else 0.0
        if wait == 0:
            bearable = site.heat.from_c - BAND_K
            start_c = max(self.day_c, bearable) if is_dear(choice) else self.day_c
            share = min(1.0, max(0.0, (choice.indoor_c - start_c) / BAND_K))
            fans_kw = max(sunny_kw, site.cooling.fans * site.cooling.fan_kw * share)
        elif wait <= self.night_slots:
            fans_kw = max(sunny_kw, most_import_kw - load_kw)
        return _set_point(choice, fans_kw, self.cool_c)


@dataclass(frozen=True, slots=True)
class Cooled:
    """A set point, and what the fans will take for it [kW]."""

    set_point_c: float
    fans_kw: float


def is_dear(choice: EnergyChoice) -> bool:
    """Does energy or demand of the coming slot cost more than usually?"""
    band = int(choice.demand_band[0])
    is_charged = band > 0 and bool(choice.demand_usd[band] > choice.demand_usd[0])
    return is_charged or bool(choice.price_usd[0] > choice.price_usd.mean() + SAME_USD)


def _set_point(choice: EnergyChoice, fans_kw: float, cool_c: float) -> Cooled:
    """The set point, ``cool_c`` or more, for which the fans need about ``fans_kw``."""
    cooling = choice.site.cooling
    most_kw = cooling.fans * cooling.fan_kw
    still, blown = next_c(choice)
    if fans_kw <= 0.0 or most_kw <= 0.0 or blown >= still:
        return Cooled(COOLING_OFF_C, 0.0)
    low, high = cooling.set_point_range_c
    point_c = max(low, cool_c, still - min(1.0, fans_kw / most_kw) * (still - blown))
    if point_c > high:
        return Cooled(COOLING_OFF_C, 0.0)
    return Cooled(point_c, most_kw * min(1.0, max(0.0, still - point_c) / (still - blown)))


def next_c(choice: EnergyChoice) -> tuple[float, float]:
    """Expected temperature after the coming slot without fans, and with all of them."""
    site, now = choice.site, choice.indoor_c
    hall, cooling = site.hall, site.cooling
    gain_kw = 0.0
    if choice.open_share[0] > 0.0:
        gain_kw = GAIN_PER_KW * load_without_fans_kw(choice)
    if site.solar.kwp > 0.0:
        sun_kw_m2 = float(choice.pv_kw[0]) / (site.solar.kwp * site.solar.performance)
        gain_kw += hall.roof_m2 * hall.sun_share * sun_kw_m2
    outdoor = float(choice.outdoor_c[0])
    stream = cooling.fans * cooling.fan_kw_per_k
    total = hall.loss_kw_per_k + stream
    still = outdoor + gain_kw / hall.loss_kw_per_k
    blown = outdoor + (gain_kw - stream * cooling.pad_drop_k) / total
    kept = math.exp(-hall.loss_kw_per_k * SLOT_H / hall.store_kwh_per_k)
    kept_blown = math.exp(-total * SLOT_H / hall.store_kwh_per_k)
    return still + (now - still) * kept, blown + (now - blown) * kept_blown


def boiler_mode(choice: EnergyChoice) -> int:
    """On while people work, and before just as long as heating up takes."""
    boiler, wait = choice.site.boiler, opens_in(choice)
    if wait == 0:
        return BOILER_ON
    warm_min = choice.boiler_warm_min * math.exp(-wait * SLOT_MIN / _cooling_min(choice.site))
    slots = math.ceil(max(boiler.cold_start_min - warm_min, 1e-6) / SLOT_MIN)
    return BOILER_ON if wait <= slots else BOILER_OFF


def _cooling_min(site: Site) -> float:
    """Time constant of the hot vessel."""
    boiler = site.boiler
    lost = boiler.fixed_loss_share / (boiler.start_fire * (1.0 + boiler.fixed_loss_share))
    return boiler.cold_start_min / lost if lost > 0.0 else math.inf
