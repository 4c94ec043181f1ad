"""What a planner may reckon with at a question: the orders it knows of, and its estimates.

Known are orders in the house that no line has taken, and those that are booked and whose fabric
is to come. Nothing here holds the luck of the run. Times are shift minutes from the question on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Known orders (n) and lines (L) at one question."""

    orders: Ints  # (n,) positions in the order book
    choices: Ints  # (answers - 1,) place among ``orders`` of what each answer but the first takes
    asker: int  # the line that asks; -1 if a cutting table does
    ready_min: Floats  # (n,) until a line can choose it, as estimated; 0 = now
    due_min: Floats  # (n,)
    weight_usd: Floats  # (n,) value x priority
    holding_usd_per_min: Floats  # (n,) of capital, until it is shipped
    sewing_min: Floats  # (L, n) at settled speed; infinite where the line can not sew it
    free_min: Floats  # (L,) until the line is free
    crew_usd_per_min: Floats  # (L,) labour of the line
    first_stop_min: Floats  # (L, n) change from what the line sews now
    first_loss: Floats  # (L, n) of efficiency at the first minute after it
    full_loss: Floats  # (n,) of a line that knows nothing of the style
    tau_min: Floats  # (n,) of learning
    home_share: Floats  # (L, n) learned share that a line has of the style at least
    memory_share: Floats  # (L, n) and what it remembers from earlier; 0 = nothing
    repeat_stop_min: float  # change to a style that is remembered
    stop_min: Floats  # (n, n) change from the one order to the other
    kept_share: Floats  # (n, n) of what was learned
    tail_min: float  # from the last stitch to the lorry
    days_per_min: float  # calendar days for a minute of shift
    late_days: Floats  # (steps,) after which a share of the weight is lost
    late_shares: Floats  # (steps,)

    def __len__(self) -> int:
        return int(self.orders.shape[0])
