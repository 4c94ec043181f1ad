"""Limits that fields of the problem data carry; the door checks them, inside they are trusted.

Every number has an upper limit of sense: beyond it nobody describes a factory, and a run would take
days or all of the memory. `docs/model/data.md` lists the closer ones.
"""

from __future__ import annotations

from typing import Annotated, Final

from annotated_types import Interval

from factory_env.processes import MOST_WORKERS

MOST: Final = 1_000_000_000  # of any number without a closer limit
MOST_ORDERS: Final = 50_000  # of one run

Number = Annotated[float, Interval(ge=-MOST, le=MOST)]
Positive = Annotated[float, Interval(gt=0, le=MOST)]
NonNegative = Annotated[float, Interval(ge=0, le=MOST)]
Share = Annotated[float, Interval(ge=0, le=1)]
Count = Annotated[int, Interval(ge=1, le=MOST)]
CountOrNone = Annotated[int, Interval(ge=0, le=MOST)]
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

# of a run and what is in it
WorkingDays = Annotated[int, Interval(ge=1, le=3650)]
Days = Annotated[float, Interval(ge=0, le=3650)]
SomeDays = Annotated[float, Interval(gt=0, le=3650)]
MoreOrLessDays = Annotated[float, Interval(ge=-3650, le=3650)]
Pieces = Annotated[int, Interval(ge=1, le=1_000_000)]
Staff = Annotated[int, Interval(ge=1, le=1000)]  # people or machines in one place
StaffOrNone = Annotated[int, Interval(ge=0, le=1000)]
Times = Annotated[int, Interval(ge=1, le=100)]  # how often, or of how many kinds
TimesOrNone = Annotated[int, Interval(ge=0, le=100)]
Ratio = Annotated[float, Interval(gt=0, le=100)]  # of two times or two efficiencies
Spread = Annotated[float, Interval(ge=0, le=10)]  # coefficient of variation, or of a logarithm
