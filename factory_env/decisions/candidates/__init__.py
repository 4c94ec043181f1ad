"""The table of waiting orders that every order choice shows: one row an order, named columns.

All times are *shift minutes* (working calendar, planned attendance) from the moment of the
question; estimates use settled times and the learning curve, never the luck to come.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# column -> (unit, meaning)
COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "sewing_min": ("shift min", "sewing on this line at settled speed"),
    "setup_min": ("shift min", "line stop for the change to this style"),
    "learning_min": ("shift min", "extra minutes while the line learns"),
    "due_in_min": ("shift min", "until the due date; negative when past"),
    "slack_min": ("shift min", "due_in - setup - sewing - learning - finishing"),
    "weight_usd": ("USD", "order value x priority"),
    "pieces": ("pieces", "to be sewn, extra cut included"),
    "waiting_min": ("shift min", "since the order could be chosen"),
    "here_min": ("shift min", "estimated end of sewing if chosen now"),
    "elsewhere_min": ("shift min", "earliest estimated end of sewing on another line"),
    "fastest_min": ("shift min", "setup + sewing + learning on the line quickest at it"),
    "late_now_usd": ("USD", "expected lateness penalty if chosen now"),
    "late_day_usd": ("USD", "added penalty if sewn 1 working day later"),
    "late_3days_usd": ("USD", "added penalty if sewn 3 working days later"),
    "late_week_usd": ("USD", "added penalty if sewn 6 working days later"),
    "loss_usd": ("USD", "labour lost in changeover and learning here"),
    "least_loss_usd": ("USD", "labour lost on the line that loses least"),
    "same_style": ("0/1", "the line sews this style already"),
    "same_product": ("0/1", "the line sews this product already"),
    "is_rush": ("0/1", "rush order"),
    "style_waiting_min": ("shift min", "sewing of the other waiting orders of this style"),
    "product_waiting_min": ("shift min", "sewing of the other waiting orders of this product"),
    "lines_on_style": ("lines", "other lines that sew this style at present"),
    "lines_on_product": ("lines", "other lines that sew this product at present"),
}
INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(COLUMNS)}
N_COLUMNS: Final[int] = len(COLUMNS)
NEVER_MIN: Final[float] = 1e7  # stands for "no other line can sew it", in minutes


class CandidateTable:
    """Waiting orders as columns; ``table.slack_min`` is a view of shape (n,)."""

    __slots__ = ("data",)

    def __init__(self, data: Floats) -> None:
        self.data = data  # (n, N_COLUMNS)

    def __len__(self) -> int:
        return int(self.data.shape[0])

    def __getattr__(self, name: str) -> Floats:
        try:
            return self.data[:, INDEX[name]]
        except KeyError:
            raise AttributeError(f"no column {name!r}; columns: {', '.join(COLUMNS)}") from None
