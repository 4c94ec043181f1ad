"""What a rule makes of the forecasts: when work begins, and what grid and battery must give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.decisions.energy_choice import AHEAD, EnergyChoice
from factory_env.domain.site import Site

Floats = NDArray[np.float64]
# load in the shift: 160 kW with 374 operators, on the first day only; fits validation runs
OPEN_KW_PER_WORKER = 0.43
HALF = 0.5  # of the usual load: with less in the last slot, work has just begun
SEEN_SHARE = 0.1  # of the day's highest usual sun: with less, the present says little of the day
TRUST_IN_LAST = 0.85  # how much of today's deviation from the usual load is believed, and
STAYS_SLOTS = 8.0  # how long it lasts; both fit the first slots of validation runs


def opens_in(choice: EnergyChoice) -> int:
    """Slots until people work, 0 = in the coming one; `AHEAD` if not within a day."""
    is_open = choice.open_share > 0.0
    return int(np.argmax(is_open)) if is_open.any() else AHEAD


def load_kw(choice: EnergyChoice) -> Floats:
    """Forecast of all consumers, (96,): the usual load, and today's deviation from it.

    On the first day, which has no yesterday, a guess.
    """
    site = choice.site
    least = base_kw(site)
    load = np.maximum(choice.load_kw, least)
    is_open = choice.open_share > 0.0
    if choice.slot < AHEAD:
        guess = choice.open_share * site.workers * OPEN_KW_PER_WORKER
        load = np.where(is_open, np.maximum(guess, least), least)
    last = float(choice.last_load_kw[-1])
    if is_open[0] and last > HALF * load[0]:  # work has not just begun
        stays = TRUST_IN_LAST * np.exp(-np.arange(AHEAD) / STAYS_SLOTS)
        load = np.maximum(least, load + np.where(is_open, (last - load[0]) * stays, 0.0))
    return np.asarray(load)


def unseen_sun_kw(choice: EnergyChoice) -> Floats:
    """Of the sun's forecast, that of days whose light has not been seen yet, (96,)."""
    sun = sun_kw(choice)
    is_dark = sun <= 0.0
    seen = (int(np.argmax(is_dark)) if is_dark.any() else AHEAD) if not is_dark[0] else 0
    return np.where(np.arange(AHEAD) < seen, 0.0, sun)


def load_without_fans_kw(choice: EnergyChoice) -> float:
    """The usual load of the coming slot; while the house is empty, less the fans [kW]."""
    load = float(choice.load_kw[0])
    if choice.open_share[0] > 0.0:
        return float(load_kw(choice)[0]) if choice.slot < AHEAD else load
    site = choice.site
    return min(load, max(base_kw(site), load - site.cooling.fans * site.cooling.fan_kw))


def base_kw(site: Site) -> float:
    """Load of an empty house."""
    return site.hall.base_kw + site.battery.standby_share * site.battery.discharge_kw


def sun_kw(choice: EnergyChoice) -> Floats:
    """Forecast of the PV power, (96,). On the first day the usual one, scaled to what is seen."""
    usual = choice.usual_pv_kw
    if choice.slot >= AHEAD:
        return choice.pv_kw
    if usual[0] > SEEN_SHARE * usual.max():
        return np.asarray(usual * (float(choice.pv_kw[0]) / float(usual[0])))
    return usual


def net_kw(choice: EnergyChoice, fans_kw: float) -> Floats:
    """Load less sun, (96,); negative = surplus.

    Parameters
    ----------
    fans_kw
        What the fans will take in the coming slot. The usual load does not know of it in an empty
        house; nor does it where work has just begun, which is then taken for the worst.
    """
    load = load_kw(choice)
    if choice.open_share[0] <= 0.0:
        load[0] = load_without_fans_kw(choice) + fans_kw
    elif float(choice.last_load_kw[-1]) <= HALF * load[0]:
        load[0] += fans_kw
    return np.asarray(load - sun_kw(choice))
