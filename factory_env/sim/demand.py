"""Draws the order book of a run: a compound Poisson stream per fabric group."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.order import Order
from factory_env.sim.estimate import learning_extra
from factory_env.sim.streams import Streams
from factory_env.sim.tables import PlantTables
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

CUSTOMERS = ("Northgate", "Alder & Co", "Marlowe", "Pinecrest", "Quayside", "Sundry")
SIZE_STEP = 10  # order sizes are whole tens
# standard normal quantiles over which means of order sizes are taken
_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)])


def draw_orders(tables: PlantTables, streams: Streams, shifts: ShiftTable) -> tuple[Order, ...]:
    """All orders of a run, by release.

    The mean time between releases makes the planned line minutes (sewing on home lines with
    planned attendance, a changeover, and the learning of a new style) equal ``load`` x the
    minutes of the group's lines; a seasonal factor with a phase drawn per run modulates it.
    """
    books = [
        _Stream(tables, group, streams.generator("arrivals", group), shifts).orders()
        for group in ("knit", "woven")
    ]
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
            booked_min=o.booked_min,
        )
        for i, o in enumerate(drafts)
    )


class _Stream:
    """The order stream of one fabric group."""

    def __init__(
        self, tables: PlantTables, group: str, rng: np.random.Generator, shifts: ShiftTable
    ) -> None:
        self._scenario = tables.scenario
        self._rng = rng
        self._shifts = shifts
        mix = self._scenario.demand.mix
        self._lines = sum(line.fabric_group == group for line in self._scenario.plant.lines)
        self._styles = [
            (i, s)
            for i, s in enumerate(tables.styles)
            if s.product.fabric_group == group
            and mix.get(s.product.name, 0.0) > 0
            and tables.capable[:, i].any()
        ]
        self._piece_days = np.array([tables.ideal_piece_days[i] for i, _ in self._styles])
        mean_days = np.array(
            [self._planned_days(tables, k, _QUANTILES).mean() for k in range(len(self._styles))]
        )
        share = np.array([mix[s.product.name] * s.popularity for _, s in self._styles])
        weight = share / mean_days  # so that products take their share of minutes, not of orders
        self._weights = weight / weight.sum()
        self._mean_days = float(self._weights @ mean_days) if self._styles else 0.0

    def orders(self) -> list[Order]:
        """Orders whose fabric comes within the demand window, by release."""
        if not self._lines or not self._styles:
            return []
        demand, calendar, rng = self._scenario.demand, self._scenario.calendar, self._rng
        phase = rng.uniform(0.0, 2.0 * np.pi)
        season_days = demand.season_weeks * calendar.working_days_per_week
        found: list[Order] = []
        day = -demand.backlog_days
        while True:
            season = 1.0 + demand.season_amplitude * np.sin(2 * np.pi * day / season_days + phase)
            day += rng.exponential(self._mean_days / (demand.load * self._lines * season))
            if day >= demand.days:
                return found
            found.append(self._order(int(rng.choice(len(self._styles), p=self._weights)), day))

    def _sizes(self, k: int, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Order sizes of style ``k`` for standard normal ``z``, within the limits."""
        demand = self._scenario.demand
        largest = max(demand.max_line_days / self._piece_days[k], float(demand.size_min))
        size = demand.size_median * np.exp(demand.size_sigma * z)
        return np.asarray(np.round(np.clip(size, demand.size_min, largest) / SIZE_STEP) * SIZE_STEP)

    def _planned_days(
        self, tables: PlantTables, k: int, z: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Planned line days of orders of style ``k``: change, sewing, learning of a new style."""
        scenario, position = self._scenario, self._styles[k][0]
        day_min = scenario.calendar.shift_min
        sewing = self._sizes(k, z) * (1.0 + scenario.flow.extra_cut) * self._piece_days[k] * day_min
        new = scenario.changeover.same_product
        loss = tables.learn_loss[position] * (1.0 - new.kept)
        tau = float(tables.learn_tau_min[position])
        extra = np.array([learning_extra(float(a), float(loss), tau) for a in sewing])
        setup = new.setup_min if scenario.changeover.enabled else 0.0
        return np.asarray((setup + sewing + extra) / day_min)

    def _order(self, k: int, day: float) -> Order:
        scenario, rng = self._scenario, self._rng
        demand, calendar = scenario.demand, scenario.calendar
        style = self._styles[k][1]
        quantity = int(self._sizes(k, rng.standard_normal(1))[0])
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
        window = factor * quantity * self._piece_days[k] * calendar_days + demand.window_days
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
            price_usd=style.product.price_usd * (demand.rush_price_factor if is_rush else 1.0),
            priority=demand.rush_priority if is_rush else 1.0,
            customer=customer,
            is_rush=is_rush,
            booked_min=release - lead * MIN_PER_DAY,
        )
