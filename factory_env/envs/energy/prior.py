"""Rules that an energy agent starts from: action 0 means what the rule would do.

So the untrained agent is as good as its rule and training is safe (residual policy learning). Any
policy with ``run_site`` can take the place of these two, those of ``agents/energy`` among them.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.decision import EnergyPolicy
from factory_env.decisions.energy_choice import AHEAD, EnergyAnswer, EnergyChoice, usual_answer
from factory_env.domain.series import SLOT_H
from factory_env.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REST_SLOTS: Final = 16  # so long a quiet time ends a block of load: the battery can be filled in it
QUIET: Final = 0.5  # of the highest load to come; below it is quiet time
STEPS: Final = 100  # in which levels are lowered
RAMP_SLOTS: Final = 3  # the battery fills beside the highest load of so many slots, ...
SURE_SUN: Final = 0.5  # of the sun foreseen, ...
SURE_LEVEL: Final = 0.95  # up to this share of the level: load and sun are guesses


class Limits(NamedTuple):
    """What the battery can do."""

    charge_kw: float
    discharge_kw: float
    one_way: float  # share that is left of what goes in, or out
    held_kwh: float
    room_kwh: float  # full, less empty
    wear_usd: float  # per kWh


class Demand(NamedTuple):
    """What the month's maximum costs."""

    band: Ints  # (96,) rule beside any_time; 0 = none
    usd: Floats  # (r,) per kW, by rule
    peak_kw: Floats  # (r,) so far


class Usual:
    """As a site runs that nobody thinks about; the battery rests."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return usual_answer(choice)


class HoldPeaks:
    """Idle machines sleep; the battery holds the demand of dear hours down, and fills when quiet.

    The levels to hold are found from the forecast: starting from the highest load under each demand
    rule, the level is lowered that saves most per kWh needed, until the battery has no more to give
    or the month's maximum is reached, below which nothing is saved. Then it trades on prices, where
    their spread in 24 h covers loss and wear.
    """

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        battery = choice.site.battery
        usual = usual_answer(choice)
        if battery.capacity_kwh <= 0.0:
            return replace(usual, standby=True)
        low, high = battery.capacity_kwh * battery.soc_min, battery.capacity_kwh * battery.soc_max
        limits = Limits(
            charge_kw=battery.charge_kw,
            discharge_kw=battery.discharge_kw,
            one_way=battery.one_way,
            held_kwh=choice.soc_kwh - low,
            room_kwh=high - low,
            wear_usd=battery.wear_usd_per_kwh,
        )
        net = choice.load_kw - choice.pv_kw
        net[0] = max(net[0], choice.last_load_kw[-1] - choice.pv_kw[0])
        demand = Demand(choice.demand_band, choice.demand_usd, choice.peak_kw)
        busy_kw = choice.load_kw[:RAMP_SLOTS].max() - SURE_SUN * choice.pv_kw[:RAMP_SLOTS].min()
        battery_kw = _battery_kw(net, busy_kw, choice.price_usd, demand, limits)
        if choice.slot < AHEAD and choice.is_day:
            battery_kw = min(battery_kw, 0.0)  # no load has been seen yet to fill it beside
        return replace(usual, battery_kw=battery_kw, standby=True)


USUAL: Final = "usual"
HOLD_PEAKS: Final = "hold_peaks"
PRIORS: Final[dict[str, type[Usual] | type[HoldPeaks]]] = {USUAL: Usual, HOLD_PEAKS: HoldPeaks}
OLD_WORDS: Final = {"peak_shave": HOLD_PEAKS}  # until 0.2; elsewhere it is a rule of agents/energy


def prior_policy(prior: str | EnergyPolicy) -> EnergyPolicy:
    """The rule by name, or the policy itself."""
    if not isinstance(prior, str):
        return prior
    if prior in OLD_WORDS:
        warnings.warn(
            f"prior={prior!r} of an environment is called {OLD_WORDS[prior]!r} now",
            FutureWarning,
            stacklevel=2,
        )
        prior = OLD_WORDS[prior]
    if prior not in PRIORS:
        raise InputError.of(
            "env",
            "prior",
            "must be a known rule or a policy with run_site",
            repr(prior),
            f"one of {', '.join(PRIORS)}",
        )
    return PRIORS[prior]()


@compiled
def _battery_kw(net: Floats, busy_kw: float, price: Floats, demand: Demand, has: Limits) -> float:
    """Power of the coming slot at the bus; charging is positive."""
    first, last = _block(net)
    usable_kwh = (has.held_kwh if first == 0 else has.room_kwh) * has.one_way
    levels, needed_kwh = _levels(net, (first, last), demand, has.discharge_kw, usable_kwh)
    limit = _limit(levels, demand.band[0])
    if first == 0 and net[0] > limit:
        return -min(float(net[0]) - limit, has.discharge_kw)
    if net[0] < 0.0:
        return min(-float(net[0]), has.charge_kw)
    mean = price.mean()
    room_kw = min(has.charge_kw, max(0.0, SURE_LEVEL * limit - max(busy_kw, net[0])))
    missing = has.room_kwh - has.held_kwh
    # of moving a kWh at equal prices: a loss
    gain = mean * has.one_way - mean / has.one_way - has.wear_usd
    spare_kwh = has.held_kwh * has.one_way - (needed_kwh if first < 24 else 0.0)
    if price[0] > mean and price[0] - mean + gain > 0.0 and spare_kwh > 0.0:
        return -min(has.discharge_kw, min(float(net[0]), spare_kwh / SLOT_H))
    if room_kw > 0.0 and missing > 0.0 and (first > 0 or price[0] < mean + gain):
        slots = int(np.ceil(missing / (has.one_way * SLOT_H * room_kw)))
        ahead = np.sort(price[: max(first, 1)]) if first > 0 else np.sort(price)
        if price[0] <= ahead[min(slots, ahead.shape[0]) - 1]:
            return float(min(room_kw, missing / (has.one_way * SLOT_H)))
    return 0.0


@compiled
def _block(net: Floats) -> tuple[int, int]:
    """First and last slot (not included) of the load that one filling has to serve."""
    edge = QUIET * net.max()
    first = 0
    while first < net.shape[0] and net[first] <= edge:
        first += 1
    last, quiet = first, 0
    while last < net.shape[0] and quiet < REST_SLOTS:
        quiet = quiet + 1 if net[last] <= edge else 0
        last += 1
    return first, last


@compiled
def _limit(levels: Floats, band: int) -> float:
    return float(min(levels[0], levels[band]) if band > 0 else levels[0])


@compiled
def _needed(
    net: Floats, block: tuple[int, int], band: Ints, levels: Floats, discharge_kw: float
) -> float:
    """kWh at the bus to hold the levels; infinite if the power is not enough."""
    kwh = 0.0
    for s in range(block[0], block[1]):
        above = net[s] - _limit(levels, band[s])
        if above > discharge_kw:
            return np.inf
        kwh += max(above, 0.0) * SLOT_H
    return kwh


@compiled
def _levels(
    net: Floats, block: tuple[int, int], demand: Demand, discharge_kw: float, usable_kwh: float
) -> tuple[Floats, float]:
    """Levels to hold by demand rule, and the kWh at the bus it takes."""
    band, rate, peak = demand.band, demand.usd, demand.peak_kw
    levels = peak.copy()
    for s in range(block[0], block[1]):
        levels[0] = max(levels[0], net[s])
        levels[band[s]] = max(levels[band[s]], net[s])
    step = max(levels.max(), 1.0) / STEPS
    needed = 0.0
    while True:
        best, best_value, best_needed = -1, 0.0, needed
        for r in range(levels.shape[0]):
            if rate[r] <= 0.0 or levels[r] - step < max(peak[r], 0.0):
                continue
            levels[r] -= step
            after = _needed(net, block, band, levels, discharge_kw)
            levels[r] += step
            value = rate[r] * step / max(after - needed, 1e-6)
            if after <= usable_kwh and value > best_value:
                best, best_value, best_needed = r, value, after
        if best < 0:
            return levels, needed
        levels[best] -= step
        needed = best_needed
