"""What may change in a running factory, each with its minute or its window: a closed list.

Minutes are wall minutes since the run's first midnight. A window holds from the first minute on and
until the second, which belongs to it no longer. A change that is there from the first minute on and
for good is no change but another scenario.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from factory_env.domain.order import Order
from factory_env.units import MIN_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrder:
    """A customer orders; known to the planner from ``at_min`` on."""

    at_min: float
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """A customer no longer wants an order."""

    at_min: float
    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendOrder:
    """Another quantity (while nothing is cut), due date or priority; None = as it is."""

    at_min: float
    order_id: str
    quantity: int | None = None
    due_min: float | None = None
    priority: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFabric:
    """The fabric of an order comes later; ``at_min``: when it is known."""

    at_min: float
    order_id: str
    release_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDown:
    """A line does nothing; what it holds waits."""

    from_min: float
    to_min: float
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSpeed:
    """A line takes its minutes times ``1 / factor``: 0.8 = it sews four fifths."""

    from_min: float
    line: str
    factor: float
    to_min: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """More or fewer operators of a line (None = of every line), as heads or as a share.

    The line is at once as fast as its people are many, as if it were balanced anew.
    """

    from_min: float
    line: str | None = None
    heads: int = 0
    share: float = 0.0  # -0.1 = a tenth fewer
    to_min: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceWave:
    """So many operators more stay away than usual, as a share of all."""

    from_min: float
    to_min: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinesOut:
    """So many machines of a type are out of order, on a line or (None) where most of them stand."""

    from_min: float
    to_min: float
    machine: str
    count: int
    line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtime:
    """Hours after the shift on every working day of the window, on a line or (None) on all."""

    from_min: float
    to_min: float
    hours: float
    line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDay:
    """A day on which nobody would work is worked: a Saturday, a holiday; known at its midnight."""

    day: int  # of the run, the first is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A day on which nobody works: a public holiday, a strike; known at its midnight."""

    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyPrice:
    """The price of energy times ``factor``, in a window."""

    from_min: float
    to_min: float
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The grid gives nothing, in a window."""

    from_min: float
    to_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPolicy:
    """From a minute on somebody else decides, as in ``agent=``."""

    at_min: float
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceOrder:
    """A line takes an order as soon as both are ready, and no other line may, whoever decides."""

    at_min: float
    order_id: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreDemand:
    """Customers order ``factor`` times as often from ``from_min`` on; drawn books only."""

    from_min: float
    factor: float
    to_min: float = math.inf


Change = (
    AddOrder
    | CancelOrder
    | AmendOrder
    | LateFabric
    | LineDown
    | LineSpeed
    | Heads
    | AbsenceWave
    | MachinesOut
    | Overtime
    | WorkDay
    | ClosedDay
    | EnergyPrice
    | Outage
    | OtherPolicy
    | ForceOrder
    | MoreDemand
)

# those with a beginning and an end
Window = (
    LineDown
    | LineSpeed
    | Heads
    | AbsenceWave
    | MachinesOut
    | Overtime
    | EnergyPrice
    | Outage
    | MoreDemand
)


def begin_min(change: Change) -> float:
    """The minute at which a change begins; nobody knows of it before."""
    if isinstance(change, WorkDay | ClosedDay):
        return change.day * MIN_PER_DAY
    if isinstance(change, Window):
        return change.from_min
    return change.at_min
