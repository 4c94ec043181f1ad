"""What ``reset(options=...)`` may say: which seeds are played, and which orders a run makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.door.order_book import read_order_book
from factory_env.envs.episode import DRAWN, SEEDS_END, Workload
from factory_env.errors import InputError, Problem, wrong
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles

WHERE: Final = "reset"
KNOWN: Final = ("seed_pool", "orders")
Book = Sequence[Order] | str | PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetOptions:
    """Checked options of a reset.

    Raises
    ------
    InputError
        With everything that is wrong, by `read_options`.
    """

    seed_pool: Sequence[int] | None = None  # of this and later resets without a seed
    orders: Book | None = None  # of this run: orders, or the path of an order book

    def workload(self, scenario: Scenario, seed: int) -> Workload:
        """What the run of ``seed`` has to make; a book is read as the season of that seed has it.

        Raises
        ------
        InputError
            With every problem of the book.
        """
        if self.orders is None:
            return DRAWN
        if not isinstance(self.orders, str | PathLike):
            return Workload(orders=self.orders)
        styles = season_styles(scenario, Streams(seed))
        days = float(scenario.calendar_days)
        book = read_order_book(Path(self.orders), scenario, styles, horizon_days=days)
        return Workload(orders=book.orders, styles=book.styles)


def read_options(options: Mapping[str, Any] | None) -> ResetOptions:
    """Check what a reset is given.

    Raises
    ------
    InputError
        If a key is unknown or a value is of a wrong kind; with all problems at once.
    """
    given = {} if options is None else options
    if not isinstance(given, Mapping):
        rule = "must be a mapping"
        raise InputError.of(WHERE, "options", rule, repr(given), "e.g. {'seed_pool': range(100)}")
    problems: list[Problem] = []
    for key in given:
        if key not in KNOWN:
            rule = f"must be one of {', '.join(KNOWN)}"
            problems.append(wrong(WHERE, "options", rule, repr(key), "leave it out"))
    pool = _read_pool(given.get("seed_pool"), problems)
    orders = _read_orders(given.get("orders"), problems)
    if problems:
        raise InputError(problems)
    return ResetOptions(seed_pool=pool, orders=orders)


def _read_pool(pool: Any, problems: list[Problem]) -> Sequence[int] | None:
    """The seeds as whole numbers: of a range, a list, a tuple or an array of one dimension."""
    if pool is None:
        return None
    if isinstance(pool, range) and len(pool) and min(pool[0], pool[-1]) >= 0:
        return pool
    if isinstance(pool, list | tuple | range | np.ndarray):
        seeds = np.asarray(pool)
        whole = np.issubdtype(seeds.dtype, np.integer)
        if whole and seeds.ndim == 1 and seeds.size and int(seeds.min()) >= 0:
            return tuple(int(seed) for seed in seeds)
    rule = "must be seeds: whole numbers from 0 on, at least one"
    right = f"e.g. range(1000000000, 1000000100); without a pool they are below {SEEDS_END}"
    problems.append(wrong(WHERE, "seed_pool", rule, repr(pool), right))
    return None


def _read_orders(orders: Any, problems: list[Problem]) -> Book | None:
    if orders is None or isinstance(orders, str | PathLike):
        return orders
    if isinstance(orders, list | tuple | np.ndarray):
        book = tuple(orders)
        if book and all(isinstance(order, Order) for order in book):
            return book
    rule = "must be orders (factory_env.Order), at least one, or the path of an order book"
    right = "e.g. [Order(...), ...] or 'orders.csv'"
    problems.append(wrong(WHERE, "orders", rule, repr(orders), right))
    return None
