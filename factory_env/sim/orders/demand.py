"""Draws the order book of a run: a compound Poisson stream per fabric group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.demand import Demand
from factory_env.domain.limits import MOST_ORDERS
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.fashion import Fashion, History, fashion
from factory_env.sim.plant.learning import learning_extra_many
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

CUSTOMERS = ("Northgate", "Alder & Co", "Marlowe", "Pinecrest", "Quayside", "Sundry")
SIZE_STEP = 10  # order sizes are whole tens
# standard normal quantiles over which means of order sizes are taken
_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)])


def draw_orders(
    tables: PlantTables,
    streams: Streams,
    shifts: ShiftTable,
    mixes: Mapping[str, StyleMix],
    history: History | None = None,
) -> tuple[Order, ...]:
    """All orders of a run, by release.

    Styles with pictures are ordered as the market's fashion has it (`fashion`); ``history`` says
    whose luck the taste followed since when, ``streams`` if not given.

    The mean time between releases makes the planned line minutes (sewing on home lines with
    planned attendance, a changeover, and the learning of a new style) equal ``load`` x the
    minutes of the group's lines; a seasonal factor with a phase drawn per run modulates it.
    """
    past = [(-np.inf, streams)] if history is None else history
    books = []
    for group, mix in mixes.items():
        mode = fashion_of(tables, mix, past)
        stream = _Stream(tables, mix, streams.generator("arrivals", group), shifts, mode)
        rush = rush_orders(tables, mix, streams.generator("rush", group), shifts, mode)
        books.append(stream.orders() + rush)
    colours = tables.scenario.demand.colours
    rng = streams.generator("colours") if colours != (1, 1) else None
    drafts = sorted((o for book in books for o in book), key=lambda o: (o.release_min, o.style_id))
    return tuple(
        Order(
            order_id=f"O{i + 1:04d}",
            style_id=o.style_id,
            quantity=o.quantity,
            release_min=o.release_min,
            due_min=o.due_min,
            price_usd=o.price_usd,
            priority=o.priority,
            customer=o.customer,
            is_rush=o.is_rush,
            is_repeat=o.is_repeat,
            booked_min=o.booked_min,
            colours=1 if rng is None else _colours(tables.scenario, rng, o.quantity),
        )
        for i, o in enumerate(drafts)
    )


def too_many_orders(demand: Demand) -> InputError:
    """The error of a stream without end."""
    return InputError.of(
        "scenario",
        "demand",
        f"must bring at most {MOST_ORDERS:,} orders to a run",
        f"load {demand.load:g} over {demand.days} days, {demand.max_line_days:g} line days each",
        "a smaller load, fewer days, or larger orders",
    )


def _colours(scenario: Scenario, rng: np.random.Generator, pieces: int) -> int:
    """Colour lots of an order: drawn, but no lot smaller than the minimum."""
    demand = scenario.demand
    low, high = demand.colours
    return max(1, min(int(rng.integers(low, high + 1)), pieces // demand.colour_min))


def fashion_of(tables: PlantTables, mix: StyleMix, history: History) -> Fashion | None:
    """The fashion of one group's styles over the days on which orders come."""
    scenario = tables.scenario
    demand, week = scenario.demand, float(scenario.calendar.working_days_per_week)
    span = (-demand.backlog_days, float(demand.days), week, demand.season_weeks)
    shares = np.array([demand.mix[s.product.name] for s in mix.styles])
    return fashion(mix.styles, shares, mix.order_days, scenario.market, span, history)


def rush_orders(
    tables: PlantTables,
    mix: StyleMix,
    rng: np.random.Generator,
    shifts: ShiftTable,
    mode: Fashion | None = None,
) -> list[Order]:
    """Orders nobody knew of (``disruptions.rush``): known when their fabric is there."""
    scenario = tables.scenario
    rush, demand, calendar = scenario.disruptions.rush, scenario.demand, scenario.calendar
    if rush.per_week <= 0.0 or not mix.styles:
        return []
    group_share = mix.lines / len(scenario.plant.lines)
    count = int(rng.poisson(rush.per_week * group_share * demand.days / DAYS_PER_WEEK))
    found: list[Order] = []
    for day in np.sort(rng.uniform(0.0, demand.days, count)).tolist():
        weights = mix.weights if mode is None else mode.weights[mode.row(day)]
        style = mix.styles[int(rng.choice(len(mix.styles), p=weights))]
        low, high = rush.pieces
        release = shifts.wall_at(day * calendar.shift_min)
        due = release + rng.uniform(*rush.lead_days) * MIN_PER_DAY
        found.append(
            Order(
                order_id="",
                style_id=style.style_id,
                quantity=max(1, round(int(rng.integers(low, high + 1)) / SIZE_STEP)) * SIZE_STEP,
                release_min=release,
                due_min=(due // MIN_PER_DAY + 1) * MIN_PER_DAY,
                price_usd=style.product.price_usd * demand.rush_price_factor,
                priority=demand.rush_priority,
                customer=CUSTOMERS[int(rng.integers(len(CUSTOMERS)))],
                is_rush=True,
                booked_min=release,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleMix:
    """What one fabric group's customers order, and how often."""

    styles: tuple[Style, ...]
    positions: tuple[int, ...]  # of these styles in the scenario's list
    weights: NDArray[np.float64]  # (k,) probability that an order is of each style
    piece_days: NDArray[np.float64]  # (k,) ideal line days per piece
    order_days: NDArray[np.float64]  # (k,) planned line days of a mean order of each
    mean_days: float  # planned line days of an order
    lines: int


def style_mixes(tables: PlantTables) -> dict[str, StyleMix]:
    """The mixes of both fabric groups; the same for every seed."""
    groups = dict.fromkeys(line.fabric_group for line in tables.scenario.plant.lines)
    return {group: _style_mix(tables, group) for group in sorted(groups)}


def check_mix(scenario: Scenario, mixes: Mapping[str, StyleMix]) -> None:
    """Refuse to draw where nothing that is ordered can be sewn.

    Raises
    ------
    InputError
        With the reasons.
    """
    if any(mix.styles for mix in mixes.values()):
        return
    plant = scenario.plant
    reasons = [
        f"{p.name}: line {s.name} {s.why_not(p)}" for p in scenario.unsewn for s in plant.lines
    ]
    raise InputError.of(
        "config scenario",
        "demand.mix",
        f"a line of plant {plant.name} must be able to sew something that is ordered",
        "; ".join(reasons[:4]) + ("; ..." if len(reasons) > 4 else ""),
        "give a line the skill and the machines, or an order book of what it sews",
    )


def _style_mix(tables: PlantTables, group: str) -> StyleMix:
    scenario = tables.scenario
    mix = scenario.demand.mix
    positions = [
        i
        for i, s in enumerate(tables.styles)
        if s.product.fabric_group == group
        and mix.get(s.product.name, 0.0) > 0
        and s.popularity > 0
        and tables.capable[:, i].any()
    ]
    styles = tuple(tables.styles[i] for i in positions)
    piece_days = tables.ideal_piece_days[positions]
    mean_days = np.array(
        [
            planned_days(tables, i, _sizes(scenario, float(days), _QUANTILES)).mean()
            for i, days in zip(positions, piece_days, strict=True)
        ]
    )
    share = np.array([mix[s.product.name] * s.popularity for s in styles])
    weights = share / np.maximum(mean_days, 1e-9)  # products take their share of minutes
    weights = weights / max(float(weights.sum()), 1e-12)
    return StyleMix(
        styles=styles,
        positions=tuple(positions),
        weights=weights,
        piece_days=piece_days,
        order_days=mean_days,
        mean_days=float(weights @ mean_days) if styles else 0.0,
        lines=sum(line.fabric_group == group for line in scenario.plant.lines),
    )


def _sizes(scenario: Scenario, piece_days: float, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order sizes for standard normal ``z``, within the limits."""
    demand = scenario.demand
    largest = max(demand.max_line_days / piece_days, float(demand.size_min))
    size = demand.size_median * np.exp(demand.size_sigma * z)
    tens = np.round(np.clip(size, demand.size_min, largest) / SIZE_STEP)
    return np.asarray(np.maximum(tens, 1.0) * SIZE_STEP)  # never an order of no pieces


def planned_days(
    tables: PlantTables, position: int, pieces: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Planned line days of orders: a change, the sewing, and the whole learning curve.

    A planner books every order as a new style (domain reference, section 6: average
    efficiency over an order).
    """
    scenario = tables.scenario
    day_min = scenario.calendar.shift_min
    cut = pieces * (1.0 + scenario.flow.extra_cut)
    sewing = cut * tables.ideal_piece_days[position] * day_min
    new = scenario.changeover.same_product
    loss = float(tables.learn_loss[position])
    tau = float(tables.learn_tau_min[position])
    extra = learning_extra_many(sewing, loss, tau)
    setup = new.setup_min if scenario.changeover.enabled else 0.0
    return np.asarray((setup + sewing + extra) / day_min)


class _Stream:
    """The order stream of one fabric group under one seed."""

    def __init__(
        self,
        tables: PlantTables,
        mix: StyleMix,
        rng: np.random.Generator,
        shifts: ShiftTable,
        mode: Fashion | None,
    ) -> None:
        self._tables = tables
        self._scenario = tables.scenario
        self._mix = mix
        self._rng = rng
        self._shifts = shifts
        self._mode = mode  # None = the same mix on every day

    def orders(self) -> list[Order]:
        """Orders whose fabric comes within the demand window, by release."""
        mix = self._mix
        if not mix.lines or not mix.styles:
            return []
        demand, calendar, rng = self._scenario.demand, self._scenario.calendar, self._rng
        mode, mean_days = self._mode, mix.mean_days
        chances = np.cumsum(mix.weights)[:-1]
        phase = rng.uniform(0.0, 2.0 * np.pi)
        season_days = demand.season_weeks * calendar.working_days_per_week
        found: list[Order] = []
        day = -demand.backlog_days
        while True:
            season = 1.0 + demand.season_amplitude * np.sin(2 * np.pi * day / season_days + phase)
            if mode is not None:
                mean_days = float(mode.mean_days[mode.row(day)])
            day += rng.exponential(mean_days / (demand.load * mix.lines * season))
            if day >= demand.days:
                return found
            if mode is not None:
                chances = np.cumsum(mode.weights[mode.row(day)])[:-1]
            if len(found) >= MOST_ORDERS:
                raise too_many_orders(demand)
            found.append(
                self._order(int(np.searchsorted(chances, rng.random(), side="right")), day)
            )

    def _planned_days(self, k: int, quantity: float) -> float:
        position = self._mix.positions[k]
        return float(planned_days(self._tables, position, np.array([quantity]))[0])

    def _size(self, k: int, day: float) -> int:
        """Pieces; the first orders of a new style are as large as buyers expect it to sell."""
        z = self._rng.standard_normal(1)
        mode, sigma = self._mode, self._scenario.demand.size_sigma
        if mode is not None and mode.is_new[mode.row(day), k] and sigma > 0.0:
            z = z + np.log(mode.forecast[k]) / sigma
        return int(_sizes(self._scenario, float(self._mix.piece_days[k]), z)[0])

    def _in_fashion(self, k: int, day: float) -> tuple[bool, float, float]:
        """Is an order a repeat, and what becomes of its window and of its price."""
        mode, market = self._mode, self._scenario.market
        if mode is None:
            return False, 1.0, 1.0
        row = mode.row(day)
        is_repeat = not bool(mode.is_new[row, k])
        price = 1.0 + market.price_premium * float(np.tanh(mode.score[row, k]))
        return is_repeat, market.repeat_window_factor if is_repeat else 1.0, price

    def _order(self, k: int, day: float) -> Order:
        scenario, rng = self._scenario, self._rng
        demand, calendar = scenario.demand, scenario.calendar
        style = self._mix.styles[k]
        quantity = self._size(k, day)
        is_rush = bool(rng.random() < demand.rush_share)
        factor = rng.uniform(*demand.window_factor)
        lead = rng.uniform(*demand.booking_lead_days)
        customer = CUSTOMERS[int(rng.integers(len(CUSTOMERS)))]
        calendar_days = DAYS_PER_WEEK / calendar.working_days_per_week
        opened = (
            self._shifts.wall_at(day * calendar.shift_min)
            if day > 0
            else day * calendar_days * MIN_PER_DAY
        )
        sewing = self._planned_days(k, float(quantity))
        is_repeat, sooner, dearer = self._in_fashion(k, day)
        window = (factor * sewing * calendar_days + demand.window_days) * sooner
        if is_rush:
            window *= demand.rush_lead_factor
        release = max(opened, 0.0)
        due = opened + window * MIN_PER_DAY
        return Order(
            order_id="",
            style_id=style.style_id,
            quantity=quantity,
            release_min=release,
            # midnight after the due day, and at least a day after the fabric
            due_min=max((due // MIN_PER_DAY + 1) * MIN_PER_DAY, release + MIN_PER_DAY),
            price_usd=style.product.price_usd
            * (demand.rush_price_factor if is_rush else 1.0)
            * dearer,
            priority=demand.rush_priority if is_rush else 1.0,
            customer=customer,
            is_rush=is_rush,
            is_repeat=is_repeat,
            booked_min=release - lead * MIN_PER_DAY,
        )
