"""What an energy agent sees of the site: one flat row of named, bounded numbers.

Everything comes from the question alone, so a saved agent reads the same row wherever it sits.
Powers are shown as shares of the site's sanctioned load, so that one agent fits sites of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from gymnasium import spaces

from factory_env.compiled import compiled
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.envs.energy.prior import HOLD_PEAKS, Demand, Floats, prior_policy
from factory_env.envs.observation import Feature, Row

HOURS: Final = 24  # of forecast, a mean an hour
BLOCKS: Final = 8  # of weather, three hours each
RULES: Final = 4  # demand rules shown, any_time first
LAST: Final = 4  # slots of load
PRICE: Final = 5.0  # a price of 0.20 USD/kWh is 1
RATE: Final = 0.05  # a demand rate of 20 USD/kW is 1
WEEK_SLOTS: Final = 7 * 96
PI2: Final = 2.0 * np.pi


def _feature(name: str, unit: str, low: float, high: float) -> Feature:
    return Feature(name=name, unit=unit, low=low, high=high)


def _now_features() -> Iterator[Feature]:
    """The hour, the state of the site and its lines, and the price of the coming slot."""
    for span in ("day", "week"):
        yield _feature(f"{span}_sin", f"sine of the time of the {span}", -1.0, 1.0)
        yield _feature(f"{span}_cos", f"cosine of the time of the {span}", -1.0, 1.0)
    yield _feature("month_left", "31 days", 0.0, 1.0)
    yield _feature("is_day", "0/1, between the day's first and last working minute", 0.0, 1.0)
    yield _feature("is_lit", "0/1, the boiler's usual hours", 0.0, 1.0)
    yield _feature("soc", "share of what the battery may hold", 0.0, 1.0)
    yield _feature("stored_h", "hours of the sanctioned load in the battery", 0.0, 10.0)
    yield _feature("indoor", "(C - 20) / 20", -2.0, 2.0)
    yield _feature("boiler_warm", "share of a cold start", 0.0, 1.0)
    yield _feature("slack_min", "10 days, of the line with least", -3.0, 3.0)
    yield _feature("slack_mean", "10 days, mean of the lines", -3.0, 3.0)
    yield _feature("lines_busy", "share of the lines with an order", 0.0, 1.0)
    yield _feature("backlog", "10 line days a line", 0.0, 10.0)
    yield _feature("price", "0.20 USD/kWh", -5.0, 25.0)
    yield _feature("price_rank", "share of the next 24 h that is cheaper", 0.0, 1.0)
    yield _feature("price_above", "0.20 USD/kWh, above the mean of 24 h", -25.0, 25.0)
    yield _feature("export_price", "0.20 USD/kWh", -5.0, 25.0)
    for i in range(LAST):
        yield _feature(f"load_before_{LAST - i}", "sanctioned load", 0.0, 4.0)


def _rule_features() -> Iterator[Feature]:
    """DemandCharge rules, a row of four each."""
    for i in range(RULES):
        yield _feature(f"rule_{i}_now", "0/1, does the demand rule hold now", 0.0, 1.0)
        yield _feature(f"rule_{i}_rate", "20 USD per kW of the month's maximum", 0.0, 10.0)
        yield _feature(f"rule_{i}_peak", "sanctioned load, the month's maximum so far", 0.0, 4.0)
        yield _feature(f"rule_{i}_ahead", "sanctioned load, highest forecast in 24 h", 0.0, 4.0)


def _usual_features() -> Iterator[Feature]:
    """What the rule would do."""
    yield _feature("usual_battery", "share of its power, what the rule would do", -1.0, 1.0)
    yield _feature("usual_boiler", "of 2, likewise", 0.0, 1.0)


def _ahead_features() -> Iterator[Feature]:
    """The coming 24 h, hour by hour, and the weather by three hours."""
    hours = (
        ("price", "0.20 USD/kWh", -5.0, 25.0),
        ("demand_rate", "20 USD per kW", 0.0, 10.0),
        ("load", "sanctioned load, forecast", 0.0, 4.0),
        ("pv", "sanctioned load, forecast", 0.0, 4.0),
    )
    for what, unit, low, high in hours:
        for i in range(HOURS):
            yield _feature(f"{what}_in_{i}h", unit, low, high)
    for i in range(BLOCKS):
        yield _feature(f"outdoor_in_{3 * i}h", "(C - 20) / 20, forecast", -2.0, 3.0)


FEATURES: Final = (
    *_now_features(),
    *_rule_features(),
    *_usual_features(),
    *_ahead_features(),
)
LOW: Final = np.array([f.low for f in FEATURES], dtype=np.float32)
HIGH: Final = np.array([f.high for f in FEATURES], dtype=np.float32)
N_FEATURES: Final = len(FEATURES)


class EnergyEncoder:
    """The rule that action 0 means, and the row an agent sees.

    Parameters
    ----------
    prior
        ``usual`` (everything as always, the battery rests), ``hold_peaks``, or any policy with
        ``run_site``.
    """

    features = FEATURES

    def __init__(self, prior: str | EnergyPolicy = HOLD_PEAKS) -> None:
        self.prior = prior_policy(prior)

    def space(self) -> spaces.Box:
        """The observation space, shape (N_FEATURES,)."""
        return spaces.Box(LOW, HIGH, dtype=np.float32)

    def usual(self, choice: EnergyChoice) -> EnergyAnswer:
        """What the rule would do: the meaning of action 0."""
        return self.prior.run_site(choice)

    def encode(self, choice: EnergyChoice | None, usual: EnergyAnswer | None) -> Row:
        """The row; all zero when nothing is asked any more."""
        out = np.zeros(N_FEATURES, dtype=np.float32)
        if choice is None or usual is None:
            return out
        site, battery = choice.site, choice.site.battery
        ref_kw = site.grid.sanctioned_kw
        room_kwh = battery.capacity_kwh * (battery.soc_max - battery.soc_min)
        held_kwh = choice.soc_kwh - battery.capacity_kwh * battery.soc_min
        power_kw = max(battery.charge_kw, battery.discharge_kw)
        _fill(
            out,
            Facts(
                slot=float(choice.slot),
                month_left=choice.days_left / 31.0,
                is_day=float(choice.is_day),
                is_lit=float(choice.is_lit),
                soc=held_kwh / room_kwh if room_kwh > 0.0 else 0.0,
                stored_h=held_kwh / ref_kw,
                indoor=(choice.indoor_c - 20.0) / 20.0,
                boiler_warm=choice.boiler_warm_min / max(site.boiler.cold_start_min, 1.0),
                backlog=choice.backlog_days / 10.0,
                usual_battery=usual.battery_kw / power_kw if power_kw > 0.0 else 0.0,
                usual_boiler=usual.boiler_mode / 2.0,
            ),
            choice.slack_days,
            Ahead(
                price_usd=choice.price_usd,
                export_usd=choice.export_usd,
                load_kw=choice.load_kw,
                pv_kw=choice.pv_kw,
                outdoor_c=choice.outdoor_c,
            ),
            choice.last_load_kw,
            Demand(band=choice.demand_band, rate_usd=choice.demand_usd, peak_kw=choice.peak_kw),
            ref_kw,
            LOW,
            HIGH,
        )
        return out


class Facts(NamedTuple):
    """Single numbers of the question, scaled as `FEATURES` says; ``slot`` is not."""

    slot: float
    month_left: float
    is_day: float
    is_lit: float
    soc: float
    stored_h: float
    indoor: float
    boiler_warm: float
    backlog: float
    usual_battery: float
    usual_boiler: float


class Ahead(NamedTuple):
    """What the question shows of the coming day, (96,) each."""

    price_usd: Floats
    export_usd: Floats
    load_kw: Floats
    pv_kw: Floats
    outdoor_c: Floats


@compiled
def _fill(
    out: Row,
    facts: Facts,
    slack: Floats,
    ahead: Ahead,
    last_kw: Floats,
    demand: Demand,
    ref_kw: float,
    low: Row,
    high: Row,
) -> None:
    """Writes the row, feature after feature in the order of `FEATURES`."""
    slot, price, busy = facts.slot, ahead.price_usd, slack < 30.0
    first = (
        np.sin(PI2 * slot / 96.0),
        np.cos(PI2 * slot / 96.0),
        np.sin(PI2 * slot / WEEK_SLOTS),
        np.cos(PI2 * slot / WEEK_SLOTS),
        facts.month_left,
        facts.is_day,
        facts.is_lit,
        facts.soc,
        facts.stored_h,
        facts.indoor,
        facts.boiler_warm,
        slack.min() / 10.0,
        np.minimum(slack, 30.0).mean() / 10.0,
        busy.mean(),
        facts.backlog,
        price[0] * PRICE,
        (price < price[0]).mean(),
        (price[0] - price.mean()) * PRICE,
        ahead.export_usd[0] * PRICE,
    )
    at = 0
    for value in first:
        out[at] = value
        at += 1
    for i in range(LAST):
        out[at + i] = last_kw[i] / ref_kw
    at = _rules(out, at + LAST, demand, ahead, ref_kw)
    out[at], out[at + 1] = facts.usual_battery, facts.usual_boiler
    at = _hours(out, at + 2, demand, ahead, ref_kw)
    for i in range(BLOCKS):
        out[at + i] = (ahead.outdoor_c[12 * i : 12 * i + 12].mean() - 20.0) / 20.0
    for i in range(out.shape[0]):
        out[i] = min(max(out[i], low[i]), high[i])


@compiled
def _rules(out: Row, at: int, demand: Demand, ahead: Ahead, ref_kw: float) -> int:
    """Demand rules: do they hold, what do they cost, where do they stand, what is coming."""
    band, rate, peak = demand.band, demand.rate_usd, demand.peak_kw
    load, pv = ahead.load_kw, ahead.pv_kw
    for r in range(RULES):
        if r < rate.shape[0]:
            highest = 0.0
            for s in range(band.shape[0]):
                if r == 0 or band[s] == r:
                    highest = max(highest, load[s] - pv[s])
            out[at] = 1.0 if r == 0 or band[0] == r else 0.0
            out[at + 1] = rate[r] * RATE
            out[at + 2] = peak[r] / ref_kw
            out[at + 3] = highest / ref_kw
        at += 4
    return at


@compiled
def _hours(out: Row, at: int, demand: Demand, ahead: Ahead, ref_kw: float) -> int:
    """Means of the coming hours: price, highest demand rate, load, sun."""
    band, rate = demand.band, demand.rate_usd
    for h in range(HOURS):
        first, last = 4 * h, 4 * h + 4
        beside = 0.0
        for s in range(first, last):
            if band[s] > 0:
                beside = max(beside, rate[band[s]])
        out[at + h] = ahead.price_usd[first:last].mean() * PRICE
        out[at + HOURS + h] = (rate[0] + beside) * RATE
        out[at + 2 * HOURS + h] = ahead.load_kw[first:last].mean() / ref_kw
        out[at + 3 * HOURS + h] = ahead.pv_kw[first:last].mean() / ref_kw
    return at + 4 * HOURS
