"""What the look-ahead knows of a site: its numbers as one record that compiled code reads."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.site import Site

FIELDS: Final = (
    "low_kwh",
    "room_kwh",
    "charge_kw",
    "discharge_kw",
    "way",
    "wear_usd",
    "ref_kw",
    "empty_kw",
    "fans_kw",
    "stream",
    "pad_drop_k",
    "loss",
    "store",
    "roof_sun",
    "coldest_c",
    "hottest_c",
    "heat_from_c",
    "cold_min",
    "cooling_min",
)
NEVER_MIN: Final = 1e9


def house_record(site: Site, code: str) -> NDArray[np.void]:
    """The site's numbers, shape (1,).

    Parameters
    ----------
    code
        Any word; compiled functions that are kept on disk are kept apart by it.
    """
    battery, hall, cooling, boiler = site.battery, site.hall, site.cooling, site.boiler
    lost = boiler.fixed_loss_share / (boiler.start_fire * (1.0 + boiler.fixed_loss_share))
    values: dict[str, Any] = {
        "low_kwh": battery.capacity_kwh * battery.soc_min,
        "room_kwh": battery.capacity_kwh * (battery.soc_max - battery.soc_min),
        "charge_kw": min(battery.charge_kw, battery.connection_kw),
        "discharge_kw": min(battery.discharge_kw, battery.connection_kw),
        "way": battery.one_way,
        "wear_usd": battery.wear_usd_per_kwh,
        "ref_kw": site.grid.sanctioned_kw,
        "empty_kw": hall.base_kw
        + battery.standby_share * max(battery.charge_kw, battery.discharge_kw),
        "fans_kw": cooling.fans * cooling.fan_kw,
        "stream": cooling.fans * cooling.fan_kw_per_k,
        "pad_drop_k": cooling.pad_drop_k,
        "loss": hall.loss_kw_per_k,
        "store": hall.store_kwh_per_k,
        # heat of the sun per kW of PV; without PV the sun is not seen
        "roof_sun": hall.roof_m2 * hall.sun_share / (site.solar.kwp * site.solar.performance)
        if site.solar.kwp > 0.0
        else 0.0,
        "coldest_c": cooling.set_point_range_c[0],
        "hottest_c": cooling.set_point_range_c[1],
        "heat_from_c": site.heat.from_c,
        "cold_min": boiler.cold_start_min,
        "cooling_min": boiler.cold_start_min / lost if lost > 0.0 else NEVER_MIN,
    }
    dtype = np.dtype([*((name, "f8") for name in FIELDS), (code, "f8")])
    return np.array([(*(float(values[name]) for name in FIELDS), 0.0)], dtype=dtype)
