"""The hall in the clairvoyant program: fans hold the temperature within what people bear.

One slot of the site is (see `factory_env/sim/energy/services.py`), for a share s of the fans,

    next = still_kept + kept x now - s x (drop_fixed + drop_per_k x now)

with coefficients that follow from weather and from the heat set free. The product s x now is
replaced by its McCormick envelope over the temperatures that can be reached at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.exact.program import Ints, Program
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H
from factory_env.domain.site import Site

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HallSlots:
    """Coefficients of every slot, (n,) each but ``kept`` and ``drop_per_k``."""

    kept: float
    still_kept: Floats
    drop_per_k: float
    drop_fixed: Floats

    def still(self, t: int, now_c: float) -> float:
        """Temperature after slot ``t`` without fans."""
        return float(self.still_kept[t] + self.kept * now_c)

    def drop(self, t: int, now_c: float) -> float:
        """What all fans take off it."""
        return float(self.drop_fixed[t] + self.drop_per_k * now_c)


def add_hall(program: Program, slots: Table, site: Site, saved_kw: Floats) -> Ints:
    """Adds temperatures and shares of the fans; returns the columns of the shares.

    Parameters
    ----------
    saved_kw
        Heat of the log that the best policy does not set free, (n,).
    """
    n = len(saved_kw)
    hall = hall_slots(slots, site, saved_kw)
    start = float(slots["outdoor_c"][0]) + 1.0
    bearable = bearable_c(slots, site, start)
    low, high = reachable_c(hall, bearable, start, site.cooling.set_point_range_c[0])
    share = program.columns(n, high=float(site.cooling.fans > 0))
    temperature = program.columns(n + 1, low=low, high=high)
    now, later = temperature[:-1], temperature[1:]
    low, high = low[:-1], high[:-1]
    # next - kept now + s (drop_fixed + drop_per_k high) >= still_kept
    program.at_least(
        [(later, 1.0), (now, -hall.kept), (share, hall.drop_fixed + hall.drop_per_k * high)],
        hall.still_kept,
    )
    # with s x now <= now - low (1 - s)
    program.at_least(
        [
            (later, 1.0),
            (now, hall.drop_per_k - hall.kept),
            (share, hall.drop_fixed + hall.drop_per_k * low),
        ],
        hall.still_kept + hall.drop_per_k * low,
    )
    return share


def hall_slots(slots: Table, site: Site, saved_kw: Floats) -> HallSlots:
    """The coefficients; the heat set free is read back from the temperatures of the log."""
    hall, cooling = site.hall, site.cooling
    stream = cooling.fans * cooling.fan_kw_per_k
    total = hall.loss_kw_per_k + stream
    kept = float(np.exp(-hall.loss_kw_per_k * SLOT_H / hall.store_kwh_per_k))
    kept_blown = float(np.exp(-total * SLOT_H / hall.store_kwh_per_k))
    outdoor = np.asarray(slots["outdoor_c"])
    later = np.asarray(slots["indoor_c"])
    now = np.concatenate([[outdoor[0] + 1.0], later[:-1]])
    fans_kw = cooling.fans * cooling.fan_kw
    share = slots["fans_kw"] / fans_kw if fans_kw > 0.0 else np.zeros(len(later))
    # without fans: (1 - kept) (outdoor + gain / loss) + kept now; with all of them likewise with
    # kept_blown, total and the pads' drop; the log's temperature lies between them by its share
    per_kw = (1.0 - share) * (1.0 - kept) / hall.loss_kw_per_k
    per_kw = per_kw + share * (1.0 - kept_blown) / total
    pads_c = stream * cooling.pad_drop_k / total
    plain = (1.0 - share) * ((1.0 - kept) * outdoor + kept * now)
    plain = plain + share * ((1.0 - kept_blown) * (outdoor - pads_c) + kept_blown * now)
    gain_kw = (later - plain) / per_kw - saved_kw
    still_kept = (1.0 - kept) * (outdoor + gain_kw / hall.loss_kw_per_k)
    blown_kept = (1.0 - kept_blown) * (outdoor - pads_c + gain_kw / total)
    return HallSlots(
        kept=kept,
        still_kept=still_kept,
        drop_per_k=kept - kept_blown,
        drop_fixed=still_kept - blown_kept,
    )


def bearable_c(slots: Table, site: Site, start_c: float) -> Floats:
    """Highest temperature at the start of each slot, (n + 1,); infinite while nobody works."""
    now = np.concatenate([[start_c], slots["indoor_c"]])
    works = np.append(slots["sewing_run_kw"] + slots["lighting_kw"] > 0.0, False)
    return np.where(works, np.maximum(now, site.heat.from_c), np.inf)


def reachable_c(
    hall: HallSlots, bearable: Floats, start_c: float, set_point_c: float
) -> tuple[Floats, Floats]:
    """Lowest and highest temperature that can be met at the start of each slot, (n + 1,)."""
    low, high = np.full(len(bearable), start_c), np.full(len(bearable), start_c)
    for t in range(len(bearable) - 1):
        still = hall.still(t, low[t])
        blown = still - max(0.0, hall.drop(t, low[t]))
        low[t + 1] = min(still, max(blown, set_point_c))
        high[t + 1] = min(hall.still(t, high[t]), bearable[t + 1])
    return np.minimum(low, high), high
