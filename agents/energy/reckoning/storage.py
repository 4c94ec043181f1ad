"""Battery moves from which the rules are put together. Powers: charge > 0 > discharge."""

from __future__ import annotations

import numpy as np

from agents.energy.reckoning.outlook import Floats
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.domain.series import SLOT_H
from factory_env.domain.site import Battery

CHEAP_SHARE = 0.25  # of the span between a day's lowest and highest price
SAME_USD = 1e-9


def held_kwh(choice: EnergyChoice) -> float:
    """What the battery can give at the bus."""
    battery = choice.site.battery
    low_kwh = battery.capacity_kwh * battery.soc_min
    return max(0.0, choice.soc_kwh - low_kwh) * battery.one_way


def room_kwh(choice: EnergyChoice) -> float:
    """What it can take from the bus."""
    battery = choice.site.battery
    high_kwh = battery.capacity_kwh * battery.soc_max
    return max(0.0, high_kwh - choice.soc_kwh) / max(battery.one_way, 1e-9)


def needed_kwh(choice: EnergyChoice, net: Floats, limit_kw: float) -> float:
    """What the battery must hold now, at the bus, to keep the coming day's import to a limit.

    Parameters
    ----------
    net
        Load less sun by forecast, (96,) [kW].
    """
    battery, needed = choice.site.battery, 0.0
    for kw in (net[1:] - limit_kw).tolist()[::-1]:
        if kw > 0.0:
            needed += min(kw, battery.discharge_kw) * SLOT_H
        else:  # what can be charged then need not be held now
            needed = max(0.0, needed + max(kw, -battery.charge_kw) * SLOT_H * battery.round_trip)
    return needed


def guarded_kw(choice: EnergyChoice, share: float) -> float:
    """The import that may be used freely: ``share`` of the sanctioned load, or what the month
    pays already."""
    return max(share * choice.site.grid.sanctioned_kw, float(choice.peak_kw[0]))


def traded_kw(choice: EnergyChoice, net: Floats, most_import_kw: float) -> float:
    """Charge in the cheap hours, discharge in the dear ones.

    Charging is spread over the cheap slots that are left, stops at what the dear hours of the
    coming day will use, and keeps the import within ``most_import_kw``; what the sun gives too
    much is always taken. Discharging leaves what still dearer slots will need.
    """
    if net[0] < 0.0:
        return min(-float(net[0]), room_kwh(choice) / SLOT_H)
    price = choice.price_usd
    low, high = float(price.min()), float(price.max())
    battery = choice.site.battery
    cheap_usd = low + CHEAP_SHARE * (high - low)
    is_cheap = price <= cheap_usd + SAME_USD
    if high - low <= SAME_USD:
        return 0.0
    if is_cheap[0]:
        left = _first(~is_cheap)
        dear_usd = float(price[0]) / max(battery.round_trip, 1e-9) + battery.wear_usd_per_kwh
        dear_kwh = float(np.clip(net, 0.0, battery.discharge_kw)[price > dear_usd].sum()) * SLOT_H
        missing_kwh = max(0.0, dear_kwh - held_kwh(choice)) / max(battery.round_trip, 1e-9)
        wish = min(room_kwh(choice), missing_kwh) / (left * SLOT_H)
        return max(0.0, min(wish, most_import_kw - float(net[0])))
    if not is_worth(battery, low, float(price[0])):
        return 0.0
    ahead = slice(0, _first(is_cheap))
    is_dearer = price[ahead] > price[0] + SAME_USD
    kept_kwh = float(np.maximum(net[ahead], 0.0)[is_dearer].sum()) * SLOT_H
    return -max(0.0, min(float(net[0]), (held_kwh(choice) - kept_kwh) / SLOT_H))


def is_worth(battery: Battery, bought_usd: float, saved_usd: float) -> bool:
    """Does a kWh given at one price pay for its charging at another, losses and wear included?"""
    return saved_usd > bought_usd / max(battery.round_trip, 1e-9) + battery.wear_usd_per_kwh


def _first(flags: np.ndarray) -> int:
    """Position of the first true flag; their number if there is none."""
    return int(np.argmax(flags)) if flags.any() else len(flags)
