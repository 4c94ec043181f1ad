"""Limits that fields of the problem data carry; the door checks them, inside they are trusted."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Gt, Interval

from factory_env.processes import MOST_WORKERS

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Share = Annotated[float, Interval(ge=0, le=1)]
Count = Annotated[int, Ge(1)]
CountOrNone = Annotated[int, Ge(0)]
Seed = Annotated[int, Interval(ge=0, le=2**63 - 1)]
PartShare = Annotated[float, Interval(ge=0, lt=1)]
InnerShare = Annotated[float, Interval(gt=0, lt=1)]  # neither none nor all
# what one machine can do: more is a slip of the key, and would run or fill the memory without end
Workers = Annotated[int, Interval(ge=1, le=MOST_WORKERS)]
Envs = Annotated[int, Interval(ge=1, le=1024)]
Runs = Annotated[int, Interval(ge=1, le=100_000)]
Size = Annotated[int, Interval(ge=1, le=1_000_000)]  # of a buffer, a batch, a stretch of learning
SizeOrNone = Annotated[int, Interval(ge=0, le=1_000_000)]
Width = Annotated[int, Interval(ge=1, le=4096)]  # of a network's layer
Decisions = Annotated[int, Interval(ge=1, le=10**9)]
MinuteOfDay = Annotated[float, Interval(ge=0, le=1440)]
