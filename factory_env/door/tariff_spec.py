"""What a tariff file may hold: its keys, types and defaults. `tariff_door` makes a tariff of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Interval, Len

from factory_env.domain.limits import NonNegative, Positive, Share
from factory_env.domain.series import SeriesFormat
from factory_env.domain.tariff import Contract, Export
from factory_env.door.tariff_hours import Month, When

ByMonth = Annotated[tuple[NonNegative, ...], Len(12, 12)]  # January first
ALL_MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True, kw_only=True)
class BandSpec:
    """An energy band: price per kWh, and when it holds; ``rest`` = wherever no other does."""

    name: str
    price: float
    when: tuple[When, ...] = ()
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandBandSpec:
    """Hours whose highest demand is charged by itself, per kW and month."""

    name: str
    when: Annotated[tuple[When, ...], Len(1)]
    rate: NonNegative = 0.0
    rate_by_month: ByMonth | None = None  # replaces rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RatchetSpec:
    """The any-time demand billed is at least ``share`` of an earlier month's peak."""

    share: Share
    months: Annotated[int, Interval(ge=1, le=24)] = 11
    peak_months: Annotated[tuple[Month, ...], Len(1)] = ALL_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandSpec:
    """Charges on measured demand, per kW and month."""

    any_time: NonNegative = 0.0
    any_time_by_month: ByMonth | None = None  # replaces any_time
    bands: tuple[DemandBandSpec, ...] = ()
    window_min: Literal[15, 30, 60] = 15
    ratchet: RatchetSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSpec(SeriesFormat):
    """A column of a CSV file beside the tariff file."""

    file: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSpec:
    """A tariff file. Prices per kWh and rates per kW and month, both in ``currency``."""

    name: str
    currency: str = "USD"
    usd_per_unit: Positive = 1.0
    source: str = ""
    country: str = ""  # two letters of ISO 3166: whose public holidays `days: holiday` means
    place: str = ""  # of conf/place, or the path of a YAML file: whose weather holds
    energy: tuple[BandSpec, ...] = ()
    spot: SeriesSpec | None = None  # real-time price; energy bands are added to it
    demand: DemandSpec = field(default_factory=DemandSpec)
    contract: Contract | None = None
    fixed_per_month: NonNegative = 0.0
    fixed_per_day: NonNegative = 0.0
    export: Export = field(default_factory=Export)
    carbon_g_per_kwh: NonNegative = 0.0
    carbon: SeriesSpec | None = None  # replaces the constant
