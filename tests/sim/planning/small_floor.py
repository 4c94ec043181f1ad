"""Two lines, three styles of two products, three orders: numbers that a test works out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from factory_env.sim.planning.estimate import BookColumns, LinesNow, LineTimes, Terms

DAY_MIN = 480.0


def ints(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


def floats(*values: float) -> Any:
    return np.array(values, dtype=np.float64)


def book(**changes: Any) -> BookColumns:
    """Orders of 100, 200 and 50 pieces of style 0, 1 and 2."""
    columns = BookColumns(
        style=ints(0, 1, 2),
        cut=floats(100.0, 200.0, 50.0),
        release_shift=floats(0.0, 0.0, 0.0),
        due_shift=floats(1000.0, 2000.0, 3000.0),
        ready_shift=floats(0.0, 100.0, 500.0),
        weight_usd=floats(1000.0, 500.0, 100.0),
        is_rush=floats(0.0, 1.0, 0.0),
    )
    return columns._replace(**changes)


def times(**changes: Any) -> LineTimes:
    """Line 0 sews all styles, line 1 only the first two, at twice the speed; nobody learns."""
    standard = LineTimes(
        capable=np.array([[True, True, True], [True, True, False]]),
        piece_min=np.array([[2.0, 2.0, 4.0], [1.0, 1.0, np.inf]]),
        fill_min=np.array([[20.0, 20.0, 20.0], [10.0, 10.0, 0.0]]),
        learn_tau_min=floats(960.0, 960.0, 960.0),
        product_of=ints(0, 0, 1),
        operators=floats(30.0, 40.0),
    )
    return standard._replace(**changes)


def lines(**changes: Any) -> LinesNow:
    """Line 0 sews style 0 and is free now, line 1 sews style 1 and is free in 300 minutes."""
    now = LinesNow(
        setup_min=np.array([[10.0, 90.0, 180.0], [90.0, 10.0, 180.0]]),
        loss=np.zeros((2, 3)),
        current=ints(0, 1),
        free_in_min=floats(0.0, 300.0),
    )
    return now._replace(**changes)


def terms(**changes: Any) -> Terms:
    """No tail, full attendance; 5 % after 1 day late and 20 % after 4; a shift is a day."""
    known = Terms(
        attendance=1.0,
        tail_min=0.0,
        labour_usd_per_min=0.1,
        day_min=DAY_MIN,
        late_days=floats(1.0, 4.0),
        late_shares=floats(0.05, 0.20),
        days_per_min=1.0 / DAY_MIN,
    )
    return known._replace(**changes)
