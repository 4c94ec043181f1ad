"""What electricity costs: bands by season and hour, demand charges, contract load, export."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import NonNegative
from factory_env.domain.public_holidays import holiday_flags
from factory_env.domain.series import SLOTS_PER_DAY, Floats, Ints, SlotSeries, slot_dates
from factory_env.domain.tariff_tiers import (
    DemandStep,
    EnergyStep,
    TierSlots,
    compile_tiers,
    usual_rates,
)

MONTHS: Final = 12
ANY_TIME: Final = "any_time"
RESERVED: Final = frozenset((ANY_TIME, "ratchet", "contract", "penalty"))  # no names of bands
ExportRule = Literal["zero", "net", "net_offpeak", "price"]


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Which band holds when: a number for every month, weekday and quarter of an hour."""

    numbers: NDArray[np.int16]  # (12, 7, 96); January, Monday and midnight come first

    def __post_init__(self) -> None:
        numbers = np.array(self.numbers, dtype=np.int16)
        if numbers.shape != (MONTHS, 7, SLOTS_PER_DAY):
            raise ValueError(f"a timetable has shape (12, 7, 96), not {numbers.shape}")
        numbers.setflags(write=False)
        object.__setattr__(self, "numbers", numbers)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Timetable):
            return NotImplemented
        return np.array_equal(self.numbers, other.numbers)

    def __hash__(self) -> int:
        return hash(self.numbers.tobytes())


def always(number: int = 0) -> Timetable:
    """One band at all times."""
    return Timetable(np.full((MONTHS, 7, SLOTS_PER_DAY), number, dtype=np.int16))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyBand:
    """An energy price; on top of the spot price where the tariff has one."""

    name: str
    price: float  # currency per kWh; may be negative


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandBand:
    """Hours whose highest demand of the month is charged by itself."""

    name: str
    rates: tuple[float, ...]  # (12,) currency per kW and month, January first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratchet:
    """The any-time demand billed is at least a share of an earlier month's peak."""

    shares: tuple[float, ...]  # (12,) by calendar month of the bill
    months: int = 11  # how far back
    peak_months: tuple[int, ...] = tuple(range(1, 13))  # calendar months whose peaks count


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A charge on the sanctioned (contracted) load, used or not."""

    kw: NonNegative
    rate: NonNegative  # currency per contracted kW and month
    penalty_factor: NonNegative = 1.0  # a kW above it costs this many times the rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a kWh fed into the grid earns.

    ``zero``; ``net``: the price of that moment; ``net_offpeak``: the month's lowest band price
    (plus the spot price, if there is one); ``price``: a fixed price.
    """

    rule: ExportRule = "zero"
    price: float = 0.0  # currency per kWh


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A whole tariff in its own currency; `slots` gives it in USD for the slots of a run."""

    name: str
    currency: str
    usd_per_unit: float
    source: str
    bands: tuple[EnergyBand, ...]
    hours: Timetable = field(default_factory=always)  # number of the energy band
    holiday_hours: Timetable | None = None  # the same on public holidays of ``country``
    country: str = ""  # two letters of ISO 3166
    spot: SlotSeries | None = None  # real-time price, currency per kWh
    any_time_rates: tuple[float, ...] = (0.0,) * MONTHS  # per kW of the month's highest demand
    demand_bands: tuple[DemandBand, ...] = ()
    demand_hours: Timetable = field(default_factory=always)  # 0 = none, k = demand_bands[k - 1]
    window_min: Literal[15, 30, 60] = 15  # demand = the mean over a window of the clock
    ratchet: Ratchet | None = None
    contract: Contract | None = None
    fixed_per_month: float = 0.0
    fixed_per_day: float = 0.0
    export: Export = field(default_factory=Export)
    carbon_g_per_kwh: float = 0.0
    carbon: SlotSeries | None = None  # kg per kWh; replaces the constant
    energy_steps: tuple[EnergyStep, ...] = ()  # tiers above the bands' prices
    demand_steps: tuple[DemandStep, ...] = ()  # tiers above the rates
    usual_kw: float = 0.0  # demand of the site: its tier's rates are those that a decision sees

    def band(self, name: str) -> EnergyBand:
        return next(band for band in self.bands if band.name == name)

    def with_band_factor(self, name: str, factor: float) -> Tariff:
        """The tariff with one band's price multiplied."""
        self.band(name)
        bands = tuple(
            replace(b, price=b.price * factor) if b.name == name else b for b in self.bands
        )
        return replace(self, bands=bands)

    def with_contract_kw(self, kw: float) -> Tariff:
        """The tariff for a site with another sanctioned load."""
        contract = None if self.contract is None else replace(self.contract, kw=kw)
        return replace(self, contract=contract, usual_kw=kw if self.demand_steps else 0.0)

    def series(self) -> tuple[SlotSeries, ...]:
        """The series it needs; they must cover a run."""
        return tuple(s for s in (self.spot, self.carbon) if s is not None)

    def slots(self, first_day: str, n: int, *, prorate: bool = True) -> TariffSlots:
        """The tariff over ``n`` slots from midnight of ``first_day``, in USD.

        Parameters
        ----------
        prorate
            Charge demand, contract and fixed charge of a month in proportion to its days inside
            the run; otherwise a month that has begun is charged in full.

        Raises
        ------
        ValueError
            If a series does not cover the run.
        """
        dates = slot_dates(first_day, n)
        at = (dates.calendar_month, dates.weekday, dates.quarter)
        band = self.hours.numbers[at].astype(np.int64)
        if self.holiday_hours is not None:
            days = -(-n // SLOTS_PER_DAY)
            is_holiday = np.repeat(holiday_flags(self.country, first_day, days), SLOTS_PER_DAY)[:n]
            band = np.where(is_holiday == 1, self.holiday_hours.numbers[at], band)
        prices = np.array([b.price for b in self.bands])
        spot = np.zeros(n) if self.spot is None else self.spot.part(first_day, n)
        price = prices[band] + spot
        calendar = np.array([int(name[5:]) - 1 for name in dates.months])
        share = dates.run_slots / dates.month_slots if prorate else np.ones(len(calendar))
        carbon = np.full(n, self.carbon_g_per_kwh / 1000.0)
        fixed = self.fixed_per_month * share + self.fixed_per_day * dates.run_slots / SLOTS_PER_DAY
        tiers = self._tiers(dates.month_slots * share / SLOTS_PER_DAY, share, calendar)
        contract = self.contract or Contract(kw=0.0, rate=0.0)
        ratchet = self.ratchet or Ratchet(shares=(0.0,) * MONTHS)
        return TariffSlots(
            price_usd=price * self.usd_per_unit,
            export_usd=self._export(price, spot, dates.calendar_month) * self.usd_per_unit,
            band=band,
            demand_band=self.demand_hours.numbers[at].astype(np.int64),
            month=dates.month,
            carbon_kg_per_kwh=carbon if self.carbon is None else self.carbon.part(first_day, n),
            band_names=tuple(b.name for b in self.bands),
            demand_names=(ANY_TIME, *(b.name for b in self.demand_bands)),
            months=dates.months,
            calendar_month=calendar,
            run_slots=dates.run_slots,
            share=share,
            demand_usd=usual_rates(self._first_rates(calendar, share), tiers),
            fixed_usd=fixed * self.usd_per_unit,
            contract_kw=contract.kw,
            contract_usd=contract.rate * share * self.usd_per_unit,
            penalty_factor=contract.penalty_factor if self.contract else 0.0,
            ratchet=ratchet,
            window_slots=self.window_min // 15,
            tiers=tiers,
        )

    def _first_rates(self, calendar: Ints, share: Floats) -> Floats:
        """USD per kW of each month and rule in the first tier, (m, r)."""
        rates = np.array([self.any_time_rates, *(b.rates for b in self.demand_bands)])
        return np.asarray(rates.T[calendar] * share[:, None] * self.usd_per_unit)

    def _tiers(self, days: Floats, share: Floats, calendar: Ints) -> TierSlots:
        return compile_tiers(
            self.energy_steps,
            self.demand_steps,
            bands=len(self.bands),
            days=days,
            share=share,
            calendar=calendar,
            usd_per_unit=self.usd_per_unit,
            usual_kw=self.usual_kw,
        )

    def _export(self, price: Floats, spot: Floats, calendar_month: Ints) -> Floats:
        if self.export.rule == "net":
            return price
        if self.export.rule == "price":
            return np.full(len(price), self.export.price)
        if self.export.rule == "net_offpeak":
            prices = np.array([b.price for b in self.bands])
            lowest = np.array([prices[np.unique(month)].min() for month in self.hours.numbers])
            return lowest[calendar_month] + spot
        return np.zeros(len(price))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TariffSlots:
    """A tariff over the n slots, m months and r demand rules of a run; money in USD."""

    price_usd: Floats  # (n,) per kWh bought, in the first tier
    export_usd: Floats  # (n,) per kWh fed in
    band: Ints  # (n,) number of the energy band
    demand_band: Ints  # (n,) number of the demand rule that holds beside any_time; 0 = none
    month: Ints  # (n,) month of the run
    carbon_kg_per_kwh: Floats  # (n,)
    band_names: tuple[str, ...]
    demand_names: tuple[str, ...]  # (r,) any_time first
    months: tuple[str, ...]  # (m,) "2026-06", ...
    calendar_month: Ints  # (m,) 0 = January
    run_slots: Ints  # (m,) slots of the month inside the run
    share: Floats  # (m,) of the month that is charged
    demand_usd: Floats  # (m, r) per kW of the month's maximum, the share in it
    fixed_usd: Floats  # (m,)
    contract_kw: float
    contract_usd: Floats  # (m,) per contracted kW, the share in it
    penalty_factor: float
    ratchet: Ratchet
    window_slots: int
    tiers: TierSlots  # what tiers add to prices and rates

    def __len__(self) -> int:
        return len(self.price_usd)

    @property
    def standing_usd(self) -> Floats:
        """Fixed and contract charge of each month, used or not; (m,)."""
        return self.fixed_usd + self.contract_usd * self.contract_kw
