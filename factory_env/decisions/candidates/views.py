"""What questions of the floor show beside their choices: the lines, and the rest of the site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesView:
    """The sewing lines as the planner sees them; shape (lines,) each."""

    is_group: NDArray[np.float64]  # 1 if the line sews the asking line's fabric group
    free_in_min: NDArray[np.float64]  # estimated shift minutes until the line asks again
    learned_share: NDArray[np.float64]  # of the style in work, 0 to 1
    attendance: NDArray[np.float64]  # share of operators present today
    is_idle: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """The rest of the site; scalars."""

    weekday: float  # 0 to 6
    shift_hour: float  # hours of shift worked today
    horizon_share: float  # of the run gone by
    queue_days: float  # sewing waiting for the group, working days a line
    booked_2_days: float  # sewing whose fabric comes within 2 working days, days a line
    booked_5_days: float
    booked_10_days: float
    group_lines: float  # lines of the group
    more_to_come: float  # 1 while fabric is still to arrive for the group
