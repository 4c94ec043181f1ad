"""A planner's own plan of the sewing lines: which order next on which line, and from when on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One order of a plan. Times are wall minutes since the run's first midnight."""

    order_id: str
    order: int  # position in the book
    line: int  # -1 = no line begins it
    place: int  # in the line's sequence, from 1 on
    start_min: float | None = None  # not before; None = as soon as line and order are there
    end_min: float | None = None  # planned; for the comparison with what became of it
    # the line waits for the order; False = it goes on with the next one that is there
    is_pinned: bool = True
    # times the line is asked from ``start_min`` on and waits all the same: makes a written plan
    # give the same run again where a line was asked twice in one second
    passes: int = 0
    booked_min: float = 0.0  # nobody knows the order before
