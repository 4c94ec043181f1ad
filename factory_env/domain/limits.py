"""Limits that fields of the problem data carry; the door checks them, inside they are trusted."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Gt, Interval

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Share = Annotated[float, Interval(ge=0, le=1)]
Count = Annotated[int, Ge(1)]
CountOrNone = Annotated[int, Ge(0)]
Seed = Annotated[int, Interval(ge=0, le=2**63 - 1)]
PartShare = Annotated[float, Interval(ge=0, lt=1)]
InnerShare = Annotated[float, Interval(gt=0, lt=1)]  # neither none nor all
MinuteOfDay = Annotated[float, Interval(ge=0, le=1440)]
