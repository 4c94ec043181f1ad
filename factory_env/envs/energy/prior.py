"""Rules that an energy agent starts from: action 0 means what the rule would do.

So the untrained agent is as good as its rule and training is safe (residual policy learning). Any
policy with ``run_site`` can take the place of these two, those of ``agents/energy`` among them.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.decisions.energy_choice import AHEAD, EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.errors import InputError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REST_SLOTS: Final = 16  # so long a quiet time ends a block of load: the battery can be filled in it
QUIET: Final = 0.5  # of the highest load to come; below it is quiet time
STEPS: Final = 100  # in which levels are lowered
RAMP_SLOTS: Final = 3  # the battery fills beside the highest load of so many slots, ...
SURE_SUN: Final = 0.5  # of the sun foreseen, ...
SURE_LEVEL: Final = 0.95  # up to this share of the level: load and sun are guesses


class Usual:
    """As a site runs that nobody thinks about; the battery rests."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return choice.usual()


class HoldPeaks:
    """Idle machines sleep; the battery holds the demand of dear hours down, and fills when quiet.

    The levels to hold are found from the forecast: starting from the highest load under each demand
    rule, the level is lowered that saves most per kWh needed, until the battery has no more to give
    or the month's maximum is reached, below which nothing is saved. Then it trades on prices, where
    their spread in 24 h covers loss and wear.
    """

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        battery = choice.site.battery
        usual = choice.usual()
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
        demand = Demand(band=choice.demand_band, rate_usd=choice.demand_usd, peak_kw=choice.peak_kw)
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
    if callable(getattr(prior, "run_site", None)) and not isinstance(prior, type):
        return prior  # type: ignore[return-value]
    if isinstance(prior, str) and prior in OLD_WORDS:
        warnings.warn(
            f"prior={prior!r} of an environment is called {OLD_WORDS[prior]!r} now",
            FutureWarning,
            stacklevel=2,
        )
        prior = OLD_WORDS[prior]
    if not isinstance(prior, str) or prior not in PRIORS:
        raise InputError.of(
            "environment",
            "prior",
            "must be a known rule or a policy with run_site",
            repr(prior),
            f"one of {', '.join(PRIORS)}",
        )
    return PRIORS[prior]()


def check_site_prior(prior: Any) -> list[Problem]:
    """What is wrong with the rule that a site's agent starts from."""
    if isinstance(prior, str) and prior in OLD_WORDS:
        return []  # its warning comes where the rule is made
    try:
        prior_policy(prior)
    except InputError as error:
        return list(error.problems)
    return []


class Limits(NamedTuple):
    """What the battery can do, and what it holds above the least."""

    charge_kw: float
    discharge_kw: float
    one_way: float  # efficiency
    held_kwh: float
    room_kwh: float
    wear_usd: float  # per kWh given


class Demand(NamedTuple):
    """What the month's maxima cost; n slots to come, r demand rules, any time first."""

    band: Ints  # (n,) rule that holds beside any time; 0 = none
    rate_usd: Floats  # (r,) per kW
    peak_kw: Floats  # (r,) maximum so far


@compiled
def _battery_kw(
    net: Floats, busy_kw: float, price: Floats, demand: Demand, limits: Limits
) -> float:
    """Power of the coming slot at the bus; charging is positive."""
    charge_kw, discharge_kw, one_way = limits.charge_kw, limits.discharge_kw, limits.one_way
    held_kwh, room_kwh = limits.held_kwh, limits.room_kwh
    first, last = _block(net)
    levels, needed_kwh = _levels(
        net, first, last, demand, discharge_kw, (held_kwh if first == 0 else room_kwh) * one_way
    )
    limit = _limit(levels, demand.band[0])
    if first == 0 and net[0] > limit:
        return float(-min(net[0] - limit, discharge_kw))
    if net[0] < 0.0:
        return float(min(-net[0], charge_kw))
    mean = price.mean()
    room_kw = min(charge_kw, max(0.0, SURE_LEVEL * limit - max(busy_kw, net[0])))
    missing = room_kwh - held_kwh
    gain = (
        mean * one_way - mean / one_way - limits.wear_usd
    )  # of moving a kWh at equal prices: a loss
    spare_kwh = held_kwh * one_way - (needed_kwh if first < 24 else 0.0)
    if price[0] > mean and price[0] - mean + gain > 0.0 and spare_kwh > 0.0:
        return float(-min(discharge_kw, min(net[0], spare_kwh * 4.0)))
    if room_kw > 0.0 and missing > 0.0 and (first > 0 or price[0] < mean + gain):
        slots = int(np.ceil(missing / (one_way * 0.25 * room_kw)))
        ahead = np.sort(price[: max(first, 1)]) if first > 0 else np.sort(price)
        if price[0] <= ahead[min(slots, ahead.shape[0]) - 1]:
            return float(min(room_kw, missing / (one_way * 0.25)))
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
    net: Floats, first: int, last: int, band: Ints, levels: Floats, discharge_kw: float
) -> float:
    """kWh at the bus to hold the levels; infinite if the power is not enough."""
    kwh = 0.0
    for s in range(first, last):
        above = net[s] - _limit(levels, band[s])
        if above > discharge_kw:
            return np.inf
        kwh += max(above, 0.0) * 0.25
    return kwh


@compiled
def _levels(
    net: Floats, first: int, last: int, demand: Demand, discharge_kw: float, usable_kwh: float
) -> tuple[Floats, float]:
    """Levels to hold by demand rule, and the kWh at the bus it takes."""
    band, rate, peak = demand.band, demand.rate_usd, demand.peak_kw
    levels = peak.copy()
    for s in range(first, last):
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
            after = _needed(net, first, last, band, levels, discharge_kw)
            levels[r] += step
            value = rate[r] * step / max(after - needed, 1e-6)
            if after <= usable_kwh and value > best_value:
                best, best_value, best_needed = r, value, after
        if best < 0:
            return levels, needed
        levels[best] -= step
        needed = best_needed
