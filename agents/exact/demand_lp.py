"""What the bill adds to energy by kWh, in the clairvoyant program: demand, ratchet, penalty."""

from __future__ import annotations

import numpy as np

from agents.exact.program import Ints, Program
from factory_env.domain.tariff import TariffSlots


def add_demand(program: Program, tariff: TariffSlots, bought: Ints) -> None:
    """Monthly maxima by rule, as `factory_env/kpi/bill.py` charges them.

    Parameters
    ----------
    bought
        Columns of the import of each slot [kW], (n,).
    """
    months = int(tariff.month[len(bought) - 1]) + 1
    peaks = [_add_peaks(program, tariff, bought, month) for month in range(months)]
    _add_ratchet(program, tariff, peaks)
    for month, peak in enumerate(peaks):
        rate = float(tariff.contract_usd[month] * tariff.penalty_factor)
        if rate > 0.0:  # excess >= peak - contract
            excess = program.columns(1, cost=rate)
            program.at_most([(peak, 1.0), (excess, -1.0)], tariff.contract_kw)


def _add_peaks(program: Program, tariff: TariffSlots, bought: Ints, month: int) -> Ints:
    """Maxima of one month; returns the column of the any-time one."""
    window = tariff.window_slots
    ends = np.arange(window - 1, len(bought), window)
    ends = ends[tariff.month[ends] == month]
    rates = tariff.demand_usd[month]
    floor = float(tariff.ratchet.shares[tariff.calendar_month[month]])
    any_time = program.columns(1) if floor > 0.0 else _add_paid(program, tariff, month, 0)
    for rule in range(len(rates)):
        held = ends if rule == 0 else ends[tariff.demand_band[ends] == rule]
        peak = any_time if rule == 0 else _add_paid(program, tariff, month, rule)
        if len(held):
            inside = [(bought[held - back], -1.0 / window) for back in range(window)]
            program.at_least([(np.repeat(peak, len(held)), 1.0), *inside], 0.0)
    return any_time


def _add_paid(program: Program, tariff: TariffSlots, month: int, rule: int) -> Ints:
    """The column of a maximum at its rate.

    Tiers that rise are charged above their thresholds; one that falls counts from the first kW on,
    which is never more than it costs.
    """
    tiers = tariff.tiers
    rate, rising = float(tariff.demand_usd[month, rule]), []
    for i in np.flatnonzero(tiers.demand_rule == rule):
        usd = float(tiers.demand_usd[i, month])
        rate += min(usd, 0.0) - usd * float(tiers.is_below[i])
        if usd > 0.0:
            rising.append((float(tiers.demand_kw[i]), usd))
    peak = program.columns(1, cost=rate)
    for above_kw, usd in rising:  # excess >= peak - threshold
        excess = program.columns(1, cost=usd)
        program.at_most([(peak, 1.0), (excess, -1.0)], above_kw)
    return peak


def _add_ratchet(program: Program, tariff: TariffSlots, peaks: list[Ints]) -> None:
    """Billed any-time demand of a month: its peak, at least a share of an earlier one."""
    ratchet = tariff.ratchet
    for month, peak in enumerate(peaks):
        share = float(ratchet.shares[tariff.calendar_month[month]])
        if share <= 0.0:
            continue
        billed = _add_paid(program, tariff, month, 0)
        program.at_least([(billed, 1.0), (peak, -1.0)], 0.0)
        for earlier in range(max(0, month - ratchet.months), month):
            if tariff.calendar_month[earlier] + 1 in ratchet.peak_months:
                program.at_least([(billed, 1.0), (peaks[earlier], -share)], 0.0)
