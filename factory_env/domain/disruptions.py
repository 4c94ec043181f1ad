"""What goes wrong: machines, lines, the grid, fabric, customers. One file of conf/ per level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Interval

from factory_env.domain.limits import (
    MOST,
    MoreOrLessDays,
    NonNegative,
    Pieces,
    Positive,
    Share,
    SomeDays,
    Spread,
)

Hours = Annotated[float, Interval(ge=0.01, le=MOST)]  # between stops of one machine


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineGroup:
    """Machine types that fail alike (domain reference, section 7)."""

    machines: tuple[str, ...]
    mtbf_h: Hours  # operating hours between failures
    repair_min: Positive  # mean; lognormal


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFailures:
    """Failures of sewing machines while they sew, the mechanics who mend them, small stops."""

    enabled: bool = False
    groups: tuple[MachineGroup, ...] = (
        MachineGroup(machines=("SNLS", "DNLS", "SNEC"), mtbf_h=60.0, repair_min=15.0),
        MachineGroup(machines=("OL3", "OL4", "OL5", "FL"), mtbf_h=50.0, repair_min=18.0),
        MachineGroup(machines=("BH", "BS", "BT", "BLH", "RIV"), mtbf_h=80.0, repair_min=25.0),
        MachineGroup(machines=("FOA", "KAN", "APS"), mtbf_h=45.0, repair_min=30.0),
    )
    repair_cv: Spread = 0.8
    response_min: tuple[NonNegative, NonNegative] = (3.0, 8.0)
    machines_per_mechanic: Annotated[float, Interval(ge=1, le=MOST)] = 60.0
    small_stop_h: Hours = 1.5  # operating hours between thread breaks
    small_stop_min: NonNegative = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStops:
    """A whole line stands still: no input, no instruction, no power at its panel."""

    per_line_day: Share = 0.0  # probability of a stop on a line's day
    median_min: Positive = 4.8
    sigma: Spread = 1.0  # of the lognormal length
    max_min: Positive = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """The grid fails. With a generator the site stands still only until it runs."""

    per_day: Annotated[float, Interval(ge=0, le=100)] = 0.0
    mean_min: Positive = 20.0  # exponential
    has_generator: bool = True
    start_min: NonNegative = 2.0  # until the generator carries the load


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricLate:
    """Fabric comes later than promised."""

    share: Share = 0.0  # of orders
    mean_days: SomeDays = 3.0  # calendar days, exponential


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanges:
    """Customers change quantity or date, or cancel."""

    share: Share = 0.0  # of orders that are changed once
    quantity_spread: Share = 0.2  # new quantity within +- this share; until cutting begins
    due_days: tuple[MoreOrLessDays, MoreOrLessDays] = (
        -3.0,
        5.0,
    )  # the due date moves by whole days in this range
    cancel_share: Share = 0.0  # of orders that are cancelled before they are shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class RushOrders:
    """Orders nobody knew of: fabric is there, the date is close."""

    per_week: Annotated[float, Interval(ge=0, le=1000)] = 0.0
    pieces: tuple[Pieces, Pieces] = (600, 2000)
    lead_days: tuple[SomeDays, SomeDays] = (4.0, 8.0)  # calendar days from arrival to due


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruptions:
    """Everything that may go wrong; the defaults are those of ``disruptions=calm``."""

    name: str = "calm"
    day_form: bool = False  # the plant's calibrated form of the day acts
    machines: MachineFailures = field(default_factory=MachineFailures)
    line_stops: LineStops = field(default_factory=LineStops)
    outages: Outages = field(default_factory=Outages)
    fabric: FabricLate = field(default_factory=FabricLate)
    changes: OrderChanges = field(default_factory=OrderChanges)
    rush: RushOrders = field(default_factory=RushOrders)
