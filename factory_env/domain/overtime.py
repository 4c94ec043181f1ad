"""Overtime: a weekly plan, or a question put every evening (domain reference, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from factory_env.domain.limits import MinuteOfDay, NonNegative, Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtime:
    """Who stays after the shift, on top of ``calendar.overtime_min``.

    ``off``: nobody. ``plan``: every line works ``plan_min`` by weekday, if it has work. ``rule``:
    a line with orders that would be late works on. ``agent``: the policy is asked for every line.
    """

    mode: Literal["off", "plan", "rule", "agent"] = "off"
    plan_min: tuple[MinuteOfDay, ...] = (120.0, 120.0, 120.0, 120.0, 120.0, 0.0, 0.0)
    options_min: tuple[MinuteOfDay, ...] = (0.0, 60.0, 120.0)  # what may be chosen for one evening
    max_day_min: NonNegative = 120.0
    max_week_min: NonNegative = 720.0
    ask_before_end_min: NonNegative = 60.0  # wall minutes before the shift ends
    pay_factor: Positive = 2.0  # of the ordinary rate
