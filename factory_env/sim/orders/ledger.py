"""What the run costs, minute by minute: lateness, air, lost labour, overtime, capital, pieces.

Lateness steps fall due at known minutes, so they wait in a heap; no event of the simulation is
spent on them. Whatever happens to an order books those that have fallen due first, so that it makes
no difference who has asked for the cost on the way, and when.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from factory_env.domain.costs import Costs
from factory_env.sim.orders.book import Book
from factory_env.units import MIN_PER_DAY

YEAR_MIN = 365.0 * MIN_PER_DAY

PARTS = (
    "lateness",
    "changeover",
    "learning",
    "holding",
    "short",
    "overtime",
    "air",
    "seconds",
    "recheck",
    "cancelled",
    "inspection",
    "returns",
    "energy",
    "fuel",
    "wear",
    "carbon",
)


class Ledger:
    """Cost so far, by part [USD]."""

    PARTS = PARTS

    def __init__(self, costs: Costs, book: Book) -> None:
        self._costs = costs
        self._book = book
        self.lateness = 0.0
        self.changeover = 0.0
        self.learning = 0.0
        self.holding = 0.0
        self.short = 0.0
        self.overtime = 0.0
        self.air = 0.0
        self.seconds = 0.0
        self.recheck_labour = 0.0
        self.cancelled = 0.0
        self.inspection = 0.0
        self.returns = 0.0
        self.energy = 0.0
        self.fuel = 0.0
        self.wear = 0.0
        self.carbon = 0.0
        self.shipped_min = np.full(len(book), np.inf)
        self.late_usd = np.zeros(len(book))
        self._paid_share = np.zeros(len(book))
        self._steps: list[tuple[float, int, float, float]] = []  # minute, order, share, its due
        self._bound_usd = 0.0
        self._bound_since = 0.0

    def watch(self, order: int, now_min: float) -> None:
        """From now on the order can become late."""
        self.book_steps(now_min)
        due = float(self._book.due_min[order])
        for step in self._costs.late_steps:
            heappush(self._steps, (due + step.after_days * MIN_PER_DAY, order, step.share, due))

    def lose_labour(self, operators: float, setup_min: float, learning_min: float) -> None:
        """A changeover stops ``operators`` for ``setup_min``; learning costs operator minutes."""
        rate = self._costs.labour_usd_per_min
        self.changeover += operators * setup_min * rate
        self.learning += learning_min * rate

    def bind(self, value_usd: float, now_min: float) -> None:
        """Capital is bound (or freed, if negative) in work in progress."""
        self._accrue_holding(now_min)
        self._bound_usd += value_usd * self._costs.wip_value_share

    def ship(self, order: int, good: float, now_min: float) -> None:
        """The order left the house with ``good`` first-quality pieces."""
        self.book_steps(now_min)
        self.shipped_min[order] = now_min
        missing = max(0.0, float(self._book.quantity[order]) - good)
        price = self._book.orders[order].price_usd
        self.short += missing * price * self._costs.short_share
        if self.by_air(order):
            self.lateness -= self.late_usd[order]
            self.air += self.late_usd[order]

    def by_air(self, order: int) -> bool:
        """Has the penalty grown to what air freight costs? It then goes by air."""
        return bool(self.late_usd[order] > 0.0 and self.late_usd[order] >= self._air_usd(order))

    def work_overtime(self, operator_min: float, pay_factor: float) -> None:
        """Operators stay so many minutes in all, at ``pay_factor`` of the ordinary rate."""
        self.overtime += operator_min * self._costs.labour_usd_per_min * pay_factor

    def lose_seconds(self, order: int, pieces: float, loss_share: float) -> None:
        """Pieces that repair could not save are sold as seconds, at a loss of so much."""
        price = self._book.orders[order].price_usd
        self.seconds += pieces * price * loss_share

    def inspect(self, people_min: float, camera_usd: float) -> None:
        """The inspection station has judged and mended a lot: people's minutes and the camera."""
        rate = self._costs.labour_usd_per_min + self._costs.overhead_usd_per_min
        self.inspection += people_min * rate + camera_usd

    def take_back(self, pieces: float, piece_usd: float) -> None:
        """So many escapes of a shipped order are expected to come back."""
        self.returns += pieces * piece_usd

    def recheck(self, labour_min: float) -> None:
        """An order that failed its audit is checked piece by piece."""
        self.recheck_labour += labour_min * self._costs.recheck_usd_per_min

    def recheck_at(self, minutes: float, defects: int, defect_usd: float) -> None:
        """The same at the prices of the inspection station: overhead, and what becomes of finds."""
        self.recheck_labour += minutes * self._costs.overhead_usd_per_min + defects * defect_usd

    def use_energy(
        self, bill_usd: float, fuel_usd: float, wear_usd: float, carbon_usd: float
    ) -> None:
        """Some slots of the site have passed; ``carbon_usd`` is a price in the goal only."""
        self.energy += bill_usd
        self.fuel += fuel_usd
        self.wear += wear_usd
        self.carbon += carbon_usd

    def cancel(self, order: int, cut_pieces: float, now_min: float) -> None:
        """The customer no longer wants it: what is cut is lost in part, no more penalties."""
        self.book_steps(now_min)
        self._accrue_holding(now_min)
        self.shipped_min[order] = now_min
        price = self._book.orders[order].price_usd
        self.cancelled += cut_pieces * price * self._costs.cancel_share

    def total(self, now_min: float) -> float:
        """Everything until ``now_min`` [USD]; falls only when a cancelled order is cut short."""
        return (
            self._lateness_usd(now_min)
            + self.changeover
            + self.learning
            + self._holding_usd(now_min)
            + self.short
            + self.overtime
            + self.air
            + self.seconds
            + self.recheck_labour
            + self.cancelled
            + self.inspection
            + self.returns
            + self.energy
            + self.fuel
            + self.wear
            + self.carbon
        )

    def settle(self, now_min: float) -> None:
        """The horizon has come: open orders are charged as if shipped ``settle_days`` later."""
        self.book_steps(float(np.nextafter(now_min, np.inf)))  # nothing ships after the horizon
        self._accrue_holding(now_min)
        end = now_min + self._costs.settle_days * MIN_PER_DAY
        for order in np.flatnonzero(np.isinf(self.shipped_min)):
            late_days = (end - float(self._book.due_min[order])) / MIN_PER_DAY
            self._charge(int(order), self._costs.late_share(late_days))
            if self.by_air(int(order)):
                self.lateness -= self.late_usd[order]
                self.air += self.late_usd[order]

    def parts(self, now_min: float) -> dict[str, float]:
        """Cost by part until ``now_min`` [USD]."""
        own = {
            "recheck": self.recheck_labour,
            "holding": self._holding_usd(now_min),
            "lateness": self._lateness_usd(now_min),
        }
        found = {
            name: float(own[name] if name in own else getattr(self, name))
            for name in self.PARTS
            if name != "recheck"
        }
        return {**found, "recheck": float(own["recheck"])}

    def book_steps(self, now_min: float) -> None:
        """Charge the lateness steps before ``now_min``; how often it is called says nothing.

        A step of this very minute waits: the order may ship before the minute is over.
        """
        while self._steps and self._steps[0][0] < now_min:
            minute, order, share, due = heappop(self._steps)
            if self.shipped_min[order] > minute and due == self._book.due_min[order]:
                self._charge(order, share)

    def _lateness_usd(self, now_min: float) -> float:
        """Lateness until now, a step of this very minute included, though not yet booked."""
        self.book_steps(now_min)
        if not self._steps or self._steps[0][0] > now_min:
            return self.lateness
        kept = self.lateness, self._paid_share.copy(), self.late_usd.copy(), self._steps.copy()
        self.book_steps(float(np.nextafter(now_min, np.inf)))
        usd = self.lateness
        self.lateness, self._paid_share[:], self.late_usd[:], self._steps = kept
        return usd

    def _air_usd(self, order: int) -> float:
        """What sending the order by air costs; infinite if it is not to be had [USD]."""
        rate = self._costs.air_usd_per_kg
        return float(self._book.weight_kg[order]) * rate if rate > 0.0 else float("inf")

    def _charge(self, order: int, share: float) -> None:
        more = max(0.0, share - float(self._paid_share[order]))
        if more:
            usd = more * float(self._book.weight_usd[order])
            # nobody pays more for lateness than the air freight that would make it good
            usd = min(usd, self._air_usd(order) - float(self.late_usd[order]))
            self._paid_share[order] += more
            self.late_usd[order] += usd
            self.lateness += usd

    def _accrue_holding(self, now_min: float) -> None:
        if now_min > self._bound_since:
            self.holding = self._holding_usd(now_min)
            self._bound_since = now_min

    def _holding_usd(self, now_min: float) -> float:
        """Capital cost until now; reading it changes nothing, not even a last bit."""
        span = max(0.0, now_min - self._bound_since)
        return self.holding + self._bound_usd * self._costs.holding_share_per_year * span / YEAR_MIN
