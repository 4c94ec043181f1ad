"""Tiers on a bill: what the steps of a tariff add to energy and demand, compiled and slot by slot.

A month's energy above a step is billed at every band's share of it, so that what a month costs
does not depend on the order of its hours. While a month goes on, the threshold of a step per kW of
demand moves with the demand measured so far; a slot is charged the change of the month's sum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from factory_env.compiled import compiled
from factory_env.domain.series import Floats, Ints
from factory_env.domain.tariff import TariffSlots


class TierTerms(NamedTuple):
    """What the steps add: k of energy, d of demand, m months of the run; see `TierSlots`."""

    band: Ints  # (n,) energy band of each slot
    energy_usd: Floats  # (k, bands)
    energy_kwh: Floats  # (k, m)
    energy_h: Floats  # (k, m)
    demand_usd: Floats  # (d, m)
    demand_kw: Floats  # (d,)
    demand_rule: Ints  # (d,)
    is_below: Ints  # (d,)


class TierState(NamedTuple):
    """What a bill with steps remembers of its months."""

    kwh: Floats  # (m,) bought
    extra_usd: Floats  # (k, m) of the kWh bought, if all of them lay above the step
    charged_usd: Floats  # (m,) by the steps of energy so far


def tier_terms(slots: TariffSlots) -> TierTerms:
    """The steps of a run's tariff for the kernels."""
    tiers = slots.tiers
    return TierTerms(
        band=slots.band,
        energy_usd=tiers.energy_usd,
        energy_kwh=tiers.energy_kwh,
        energy_h=tiers.energy_h,
        demand_usd=tiers.demand_usd,
        demand_kw=tiers.demand_kw,
        demand_rule=tiers.demand_rule,
        is_below=tiers.is_below,
    )


def blank_state(slots: TariffSlots) -> TierState:
    """The state before the first slot."""
    months, steps = len(slots.months), len(slots.tiers.energy_usd)
    return TierState(np.zeros(months), np.zeros((steps, months)), np.zeros(months))


def band_extra_usd(slots: TariffSlots, grid_kwh: Floats, peak_kw: Floats) -> Floats:
    """What the steps add to every band's energy, (bands,), for the slots bought so far [USD]."""
    tiers, n, bands = slots.tiers, len(grid_kwh), len(slots.band_names)
    months = len(slots.months)
    cell = slots.month[:n] * bands + slots.band[:n]
    kwh = np.bincount(cell, grid_kwh, months * bands).reshape(months, bands)
    total = kwh.sum(axis=1)
    threshold = tiers.energy_kwh + tiers.energy_h * peak_kw[:, 0]  # (k, m)
    above = np.maximum(0.0, total - threshold) / np.where(total > 0.0, total, 1.0)
    return np.asarray(np.einsum("km,mb,kb->b", above, kwh, tiers.energy_usd), dtype=np.float64)


@compiled
def charge_energy(
    i: int, m: int, kwh: float, kw: float, terms: TierTerms, state: TierState
) -> float:
    """Book the energy of slot ``i``; the USD by which the steps' part of month ``m`` changes."""
    state.kwh[m] += kwh
    total, usd = state.kwh[m], 0.0
    for k in range(terms.energy_usd.shape[0]):
        state.extra_usd[k, m] += kwh * terms.energy_usd[k, terms.band[i]]
        threshold = terms.energy_kwh[k, m] + terms.energy_h[k, m] * kw
        if total > threshold:
            usd += state.extra_usd[k, m] * (total - threshold) / total
    change = usd - state.charged_usd[m]
    state.charged_usd[m] = usd
    return float(change)


@compiled
def demand_steps_usd(m: int, rule: int, kw: float, terms: TierTerms) -> float:
    """What the steps of a rule add to its rate times ``kw`` in month ``m`` [USD]."""
    usd = 0.0
    for d in range(len(terms.demand_kw)):
        if terms.demand_rule[d] == rule:
            if terms.is_below[d] == 1:
                usd -= terms.demand_usd[d, m] * min(kw, terms.demand_kw[d])
            elif kw > terms.demand_kw[d]:
                usd += terms.demand_usd[d, m] * (kw - terms.demand_kw[d])
    return usd
