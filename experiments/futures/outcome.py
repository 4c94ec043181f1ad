"""What is kept of one future: figures and plain columns, no log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run of a variant under one seed.

    Attributes
    ----------
    kpis
        As `factory_env.kpi.table.kpis`, and those of energy where there is a site.
    money_usd
        Cost by part: ``labour`` (wages until the horizon), ``lateness``, ``overtime``, ``air``,
        ``energy``, ``quality``, ``capital``; they add up to ``total``.
    orders
        A row an order: ``order_id``, ``style``, ``product``, ``quantity``, ``due_min``,
        ``release_min``, ``ship_min`` (NaN = not within the run), ``line`` (that sewed most),
        ``late_usd``, ``is_cancelled``.
    stations
        A row a line or room: ``name``, ``busy_share`` (NaN = not told), ``waiting_min`` (mean of
        orders or lots before it, in shift minutes).
    days
        A row a calendar day: ``day``, ``wip_pieces``, ``packed_pieces``, ``peak_kw``.
    load_kw
        Mean load by quarter of an hour of the week, 672 values; empty without a site.
    gantt
        A row a piece of work on a line: ``line``, ``order_id``, ``style``, ``begin_min``,
        ``end_min``, ``kind`` (``setup``, ``sew``); empty but for the seed that is drawn.
    """

    variant: str
    seed: int
    kpis: Mapping[str, float]
    money_usd: Mapping[str, float]
    orders: Mapping[str, Column]
    stations: Mapping[str, Column]
    days: Mapping[str, Column]
    load_kw: NDArray[np.float64]
    gantt: Mapping[str, Column]
    seconds: float
