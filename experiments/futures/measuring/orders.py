"""A row a customer's order: what was ordered, when it left, who sewed most of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.futures.outcome import Column
from factory_env.domain.records import RunLog

FIRST = ("style", "product", "due_min", "release_min")  # the same for all parts of an order


def customer_names(orders: Mapping[str, Column]) -> Column:
    """The customer's order of every row of the log's table; parts bear that of the whole."""
    return np.where(orders["parent"] == "", orders["order_id"], orders["parent"]).astype(str)


def order_columns(log: RunLog) -> dict[str, Column]:
    """The columns of ``Outcome.orders``; the parts of an order are put together."""
    orders = log.tables["orders"]
    names = customer_names(orders)
    _, first, group = np.unique(names, return_index=True, return_inverse=True)
    turn = np.argsort(first, kind="stable")  # in the order of the book
    place = np.empty_like(turn)
    place[turn] = np.arange(turn.shape[0])
    group, first = place[group], first[turn]
    count = first.shape[0]
    is_cancelled = ~np.isnan(orders["cancelled_min"])
    shipped = np.full(count, -np.inf)
    left = np.where(np.isnan(orders["shipped_min"]), np.inf, orders["shipped_min"])
    np.maximum.at(shipped, group, np.where(is_cancelled, -np.inf, left))
    return {
        "order_id": names[first],
        **{name: np.asarray(orders[name][first].tolist()) for name in FIRST},
        "quantity": np.bincount(group, weights=orders["quantity"], minlength=count).astype(int),
        "ship_min": np.where(np.isinf(shipped), np.nan, shipped),
        "line": _main_line(log, group, count),
        "late_usd": np.bincount(group, weights=orders["late_usd"], minlength=count),
        "is_cancelled": np.bincount(group, weights=~is_cancelled, minlength=count) == 0,
    }


def _main_line(log: RunLog, group: Column, count: int) -> Column:
    """Name of the line that sewed most pieces of each order; empty where none did."""
    orders = log.tables["orders"]
    pieces = np.zeros((count, len(log.lines)))
    has_line = ~np.isnan(orders["taken_min"])
    np.add.at(pieces, (group[has_line], orders["line"][has_line]), orders["cut"][has_line])
    best = pieces.argmax(axis=1)
    lines = np.array(log.lines)[best]
    return np.where(pieces.max(axis=1, initial=0.0) > 0.0, lines, "")
