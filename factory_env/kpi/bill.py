"""The electricity bill of a load curve: energy by band, demand by billing rule, export, carbon.

A bill can also be followed while a run goes on: `RunningBill` charges slot by slot, and what it
charged adds up to the bill. Demand is the mean over a window of the clock (15, 30 or 60 min); it is
charged where it raises the maximum of its month. A run that covers a part of a month pays its
demand, contract and fixed charge in proportion to the days inside the run, unless the slots were
compiled with ``prorate=False``. What a ratchet costs after the run is not in the bill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.series import SLOTS_PER_HOUR, Floats, Ints
from factory_env.domain.tariff import ANY_TIME, Tariff, TariffSlots
from factory_env.kpi.tier_bill import (
    TierState,
    TierTerms,
    band_extra_usd,
    blank_state,
    charge_energy,
    demand_steps_usd,
    tier_terms,
)

Bools = NDArray[np.bool_]


class BillTerms(NamedTuple):
    """What n slots, m months and r demand rules of a run cost."""

    price_usd: Floats  # (n,) per kWh bought
    export_usd: Floats  # (n,) per kWh fed in
    demand_band: Ints  # (n,) demand rule that holds beside any_time; 0 = none
    month: Ints  # (n,) month of the run
    standing_usd: Floats  # (n,) fixed and contract charge of a slot
    rate_usd: Floats  # (m, r) per kW of the month's maximum
    penalty_usd: Floats  # (m,) per kW above the contract
    contract_kw: float
    window_slots: int
    tiers: TierTerms


class PastPeaks(NamedTuple):
    """What a ratchet looks back on: p months before the run and the m months in it."""

    shares: Floats  # (m,) of an earlier peak that are billed at least
    lookback: int  # months
    counts: Bools  # (p + m,) months whose peaks count
    past_kw: Floats  # (p,)


class Account(NamedTuple):
    """A bill that grows: terms, the load curve that the caller fills, and what it has cost."""

    terms: BillTerms
    past: PastPeaks
    grid_kwh: Floats  # (n,) bought
    export_kwh: Floats  # (n,) fed in
    peak_kw: Floats  # (m, r) measured so far
    floor_kw: Floats  # (m,) of the any-time demand billed, by ratchet
    energy_usd: Floats  # (n,) export taken off
    demand_usd: Floats  # (n,)
    tiers: TierState


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDemand:
    """The maxima of one month of the run [kW]."""

    month: str  # "2026-06"
    share: float  # of the month that is charged
    peak_kw: Mapping[str, float]  # demand rule -> measured maximum
    billed_kw: float  # any time, with the ratchet


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill [USD]; fuel comes elsewhere."""

    energy_usd: Mapping[str, float]  # band -> cost
    energy_kwh: Mapping[str, float]  # band -> kWh bought
    demand_usd: Mapping[str, float]  # rule -> cost; also ratchet, contract and penalty
    fixed_usd: float
    export_usd: float  # credit for what was fed in; negative at negative prices
    export_kwh: float
    carbon_kg: float
    months: tuple[MonthDemand, ...]

    @property
    def total_usd(self) -> float:
        return sum(self.parts().values())

    @property
    def peak_kw(self) -> float:
        """Highest demand of the run."""
        return max((month.peak_kw[ANY_TIME] for month in self.months), default=0.0)

    @property
    def demand_share(self) -> float:
        """Demand and contract charge as a share of the bill."""
        total = self.total_usd
        return sum(self.demand_usd.values()) / total if total else 0.0

    def parts(self) -> dict[str, float]:
        """Every part of the bill [USD]; they add up to the total, the export credit is negative."""
        energy = {f"energy_{name}_usd": usd for name, usd in self.energy_usd.items()}
        demand = {f"demand_{name}_usd": usd for name, usd in self.demand_usd.items()}
        return {**energy, **demand, "fixed_usd": self.fixed_usd, "export_usd": -self.export_usd}


def bill(
    tariff: Tariff | TariffSlots,
    first_day: str,
    grid_kwh: Floats,
    export_kwh: Floats | None = None,
    *,
    prorate: bool = True,
    past_peaks_kw: Sequence[float] = (),
) -> Bill:
    """The bill of a load curve.

    Parameters
    ----------
    tariff
        Or its slots, if they are compiled already (``first_day`` and ``prorate`` then count not).
    grid_kwh, export_kwh
        Bought and fed in per slot from midnight of ``first_day``; (n,), 0 or more.
    past_peaks_kw
        Highest demand of each month before the run, the latest last, for a ratchet.
    """
    n = len(grid_kwh)
    slots = (
        tariff if isinstance(tariff, TariffSlots) else tariff.slots(first_day, n, prorate=prorate)
    )
    running = RunningBill(
        slots, grid_kwh, np.zeros(n) if export_kwh is None else export_kwh, past_peaks_kw
    )
    running.advance(n)
    return running.bill()


class RunningBill:
    """A bill that grows with the run.

    The caller fills the two arrays, slot after slot, and calls `advance`. ``energy_usd``
    (export taken off), ``demand_usd`` and ``standing_usd`` (fixed and contract charge, the same in
    every slot of a month) hold each slot's part, (n,) USD.
    """

    def __init__(
        self,
        slots: TariffSlots,
        grid_kwh: Floats,
        export_kwh: Floats,
        past_peaks_kw: Sequence[float] = (),
    ) -> None:
        n, (months, rules) = len(slots), slots.demand_usd.shape
        if len(grid_kwh) != n or len(export_kwh) != n:
            raise ValueError(f"{n} slots, but {len(grid_kwh)} and {len(export_kwh)} values")
        self.slots = slots
        self.grid_kwh = np.ascontiguousarray(grid_kwh, dtype=np.float64)
        self.export_kwh = np.ascontiguousarray(export_kwh, dtype=np.float64)
        self.energy_usd, self.demand_usd = np.zeros(n), np.zeros(n)
        self.standing_usd = (slots.standing_usd / slots.run_slots)[slots.month]
        self.peak_kw = np.zeros((months, rules))  # measured so far, by month and rule
        self.floor_kw = np.zeros(months)  # of the any-time demand billed, by ratchet
        self.at = 0  # slots charged so far
        self.account = Account(
            terms=_terms(slots, self.standing_usd),
            past=_past_peaks(slots, past_peaks_kw),
            grid_kwh=self.grid_kwh,
            export_kwh=self.export_kwh,
            peak_kw=self.peak_kw,
            floor_kw=self.floor_kw,
            energy_usd=self.energy_usd,
            demand_usd=self.demand_usd,
            tiers=blank_state(slots),
        )

    def advance(self, until: int) -> float:
        """Charge the slots before ``until``; the USD of those that were not charged yet."""
        first, self.at = self.at, max(self.at, until)
        return float(charge(first, self.at, self.account))

    def month_peak_kw(self) -> Floats:
        """Highest demand of the present month so far, by rule; (r,)."""
        month = int(self.slots.month[min(self.at, len(self.slots) - 1)])
        return np.array(self.peak_kw[month])

    def bill(self) -> Bill:
        """The bill of the slots charged so far; standing charges of their months in full."""
        slots, at = self.slots, self.at
        used = int(slots.month[at - 1]) + 1 if at else 0
        band, grid = slots.band[:at], self.grid_kwh[:at]
        kwh = np.bincount(band, grid, len(slots.band_names))
        usd = np.bincount(band, grid * slots.price_usd[:at], len(slots.band_names)).tolist()
        if len(slots.tiers.energy_usd):
            extra = band_extra_usd(slots, grid, self.peak_kw).tolist()
            usd = [first + more for first, more in zip(usd, extra, strict=True)]
        return Bill(
            energy_usd=dict(zip(slots.band_names, usd, strict=True)),
            energy_kwh=dict(zip(slots.band_names, kwh.tolist(), strict=True)),
            demand_usd=self._demand(used),
            fixed_usd=float(slots.fixed_usd[:used].sum()),
            export_usd=float(self.export_kwh[:at] @ slots.export_usd[:at]),
            export_kwh=float(self.export_kwh[:at].sum()),
            carbon_kg=float(grid @ slots.carbon_kg_per_kwh[:at]),
            months=tuple(self._month(m) for m in range(used)),
        )

    def _demand(self, used: int) -> dict[str, float]:
        slots, peak = self.slots, self.peak_kw[:used]
        usd = (slots.demand_usd[:used] * peak).sum(axis=0)
        above_peak = np.maximum(0.0, self.floor_kw[:used] - peak[:, 0])
        excess = np.maximum(0.0, peak[:, 0] - slots.contract_kw) * slots.penalty_factor
        contract = slots.contract_usd[:used]
        ratchet_usd = float(above_peak @ slots.demand_usd[:used, 0])
        if len(slots.tiers.demand_kw):
            terms = self.account.terms.tiers
            for m in range(used):
                usd += [demand_steps_usd(m, r, kw, terms) for r, kw in enumerate(peak[m].tolist())]
                billed_kw = float(max(peak[m, 0], self.floor_kw[m]))
                ratchet_usd += demand_steps_usd(m, 0, billed_kw, terms)
                ratchet_usd -= demand_steps_usd(m, 0, float(peak[m, 0]), terms)
        return {
            **dict(zip(slots.demand_names, usd.tolist(), strict=True)),
            "ratchet": ratchet_usd,
            "contract": float(contract.sum() * slots.contract_kw),
            "penalty": float(excess @ contract),
        }

    def _month(self, month: int) -> MonthDemand:
        peaks = self.peak_kw[month]
        return MonthDemand(
            month=self.slots.months[month],
            share=float(self.slots.share[month]),
            peak_kw=dict(zip(self.slots.demand_names, peaks.tolist(), strict=True)),
            billed_kw=float(max(peaks[0], self.floor_kw[month])),
        )


def _terms(slots: TariffSlots, standing_usd: Floats) -> BillTerms:
    return BillTerms(
        price_usd=slots.price_usd,
        export_usd=slots.export_usd,
        demand_band=slots.demand_band,
        month=slots.month,
        standing_usd=standing_usd,
        rate_usd=slots.demand_usd,
        penalty_usd=slots.contract_usd * slots.penalty_factor,
        contract_kw=slots.contract_kw,
        window_slots=slots.window_slots,
        tiers=tier_terms(slots),
    )


def _past_peaks(slots: TariffSlots, past_peaks_kw: Sequence[float]) -> PastPeaks:
    ratchet, first = slots.ratchet, slots.calendar_month[0]
    before = np.arange(first - len(past_peaks_kw), first) % 12
    return PastPeaks(
        shares=np.array(ratchet.shares)[slots.calendar_month],
        lookback=ratchet.months,
        counts=np.isin(np.concatenate([before, slots.calendar_month]) + 1, ratchet.peak_months),
        past_kw=np.array(past_peaks_kw, dtype=np.float64),
    )


@compiled
def charge(first: int, last: int, account: Account) -> float:
    """Charge the slots [first, last); the sum of their parts [USD]."""
    terms, past = account.terms, account.past
    grid_kwh, peak_kw, floor_kw = account.grid_kwh, account.peak_kw, account.floor_kw
    energy_usd, demand_usd = account.energy_usd, account.demand_usd
    month, rate_usd, window = terms.month, terms.rate_usd, terms.window_slots
    has_tiers = terms.tiers.energy_usd.shape[0] > 0
    total = 0.0
    for i in range(first, last):
        m = month[i]
        energy_usd[i] = (
            grid_kwh[i] * terms.price_usd[i] - account.export_kwh[i] * terms.export_usd[i]
        )
        demand_usd[i] = 0.0
        if i == 0 or month[i - 1] != m:
            floor_kw[m] = past.shares[m] * _highest(m, past, peak_kw)
            demand_usd[i] = floor_kw[m] * rate_usd[m, 0]
            demand_usd[i] += demand_steps_usd(m, 0, floor_kw[m], terms.tiers)
        if (i + 1) % window == 0 or i + 1 == len(month):
            begin = i - i % window
            kw = grid_kwh[begin : i + 1].sum() * SLOTS_PER_HOUR / (i + 1 - begin)
            demand_usd[i] += _charge_demand(m, kw, terms.demand_band[i], account)
        if has_tiers:
            energy_usd[i] += charge_energy(
                i, m, grid_kwh[i], peak_kw[m, 0], terms.tiers, account.tiers
            )
        total += energy_usd[i] + demand_usd[i] + terms.standing_usd[i]
    return total


@compiled
def _charge_demand(m: int, kw: float, band: int, account: Account) -> float:
    """Keep the maxima of a window of ``kw``; the USD by which the month's demand grows."""
    terms, peak_kw, floor_kw = account.terms, account.peak_kw, account.floor_kw[m]
    rate_usd, usd, before = terms.rate_usd, 0.0, peak_kw[m, 0]
    if kw > before:
        peak_kw[m, 0] = kw
        billed = max(kw, floor_kw) - max(before, floor_kw)
        excess = max(kw, terms.contract_kw) - max(before, terms.contract_kw)
        usd += billed * rate_usd[m, 0] + excess * terms.penalty_usd[m]
        usd += _more_steps_usd(m, 0, max(before, floor_kw), max(kw, floor_kw), terms.tiers)
    if band > 0 and kw > peak_kw[m, band]:
        usd += (kw - peak_kw[m, band]) * rate_usd[m, band]
        usd += _more_steps_usd(m, band, peak_kw[m, band], kw, terms.tiers)
        peak_kw[m, band] = kw
    return float(usd)


@compiled
def _more_steps_usd(m: int, rule: int, before: float, kw: float, tiers: TierTerms) -> float:
    """By how much the steps of a rule grow when its demand does [USD]."""
    return demand_steps_usd(m, rule, kw, tiers) - demand_steps_usd(m, rule, before, tiers)


@compiled
def _highest(m: int, past: PastPeaks, peak_kw: Floats) -> float:
    """Highest any-time demand of the months before month ``m`` that are looked back on."""
    highest = 0.0
    before = len(past.past_kw)
    for back in range(1, past.lookback + 1):
        at = before + m - back  # among the months before the run and in it
        if at >= 0 and past.counts[at]:
            kw = past.past_kw[at] if at < before else peak_kw[at - before, 0]
            highest = max(highest, kw)
    return highest
