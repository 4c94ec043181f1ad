"""Limits of sense of a site's numbers: beyond them they are in another unit, or a slip of a key."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Final

from factory_env.domain.site import Site

# field -> least and most of sense, and what lies there
LIMITS: Final[dict[str, tuple[float, float, str]]] = {
    "workers": (1.0, 1e6, "sewing operators"),
    "standby_after_min": (0.0, 1e5, "minutes"),
    "fuels.gas_usd_per_kwh": (0.0, 5.0, "USD per kWh of gas"),
    "fuels.gas_carbon_kg_per_kwh": (0.0, 5.0, "kg per kWh of gas"),
    "fuels.diesel_usd_per_kwh": (0.0, 5.0, "USD per kWh of electricity"),
    "fuels.diesel_carbon_kg_per_kwh": (0.0, 5.0, "kg per kWh of electricity"),
    "fuels.diesel_kw": (0.0, 1e6, "kW"),
    "grid.connection_kw": (1e-3, 1e6, "kW"),
    "grid.sanctioned_kw": (1e-3, 1e6, "kW"),
    "grid.export_kw": (0.0, 1e6, "kW"),
    "boiler.steam_kg_h": (1e-3, 1e6, "kg of steam an hour"),
    "boiler.heat_kwh_per_kg": (0.5, 1.0, "kWh per kg: water of 100 C takes 0.63"),
    "boiler.efficiency": (0.1, 1.0, "a share"),
    "boiler.cold_start_min": (0.0, 1440.0, "minutes"),
    "boiler.hot_restart_min": (0.0, 1440.0, "minutes"),
    "boiler.start_fire": (0.01, 1.0, "a share"),
    "boiler.auxiliary_kw": (0.0, 1e4, "kW"),
    "steam.iron_kg_h": (0.0, 1e3, "kg an hour"),
    "steam.iron_idle_kg_h": (0.0, 1e3, "kg an hour"),
    "steam.loss_share": (0.0, 10.0, "of use"),
    "steam.loss_kg_h": (0.0, 1e6, "kg an hour"),
    "compressor.rated_kw": (0.0, 1e5, "kW"),
    "compressor.kw_per_m3_min": (0.1, 100.0, "kW per m3 a minute"),
    "compressor.pressure_bar": (0.1, 50.0, "bar"),
    "compressor.per_bar": (0.0, 1.0, "of power"),
    "compressor.m3_min_per_machine": (0.0, 10.0, "m3 a minute"),
    "hall.floor_m2": (1.0, 1e7, "m2"),
    "hall.roof_m2": (1.0, 1e7, "m2"),
    "hall.lighting_w_per_m2": (0.0, 200.0, "W per m2"),
    "hall.base_kw": (0.0, 1e5, "kW"),
    "hall.office_kw": (0.0, 1e5, "kW"),
    "hall.loss_kw_per_k": (1e-3, 1e5, "kW per degree"),
    "hall.store_kwh_per_k": (0.1, 1e6, "kWh per degree"),
    "hall.person_kw": (0.0, 1.0, "kW"),
    "cooling.fans": (0.0, 1e5, "fans"),
    "cooling.fan_kw": (0.0, 1e3, "kW"),
    "cooling.fan_kw_per_k": (0.0, 1e4, "kW per degree"),
    "cooling.pad_drop_k": (0.0, 30.0, "degrees"),
    "cooling.set_point_c": (-50.0, 60.0, "degrees C"),
    "heat.from_c": (-50.0, 100.0, "degrees C"),
    "heat.defects_per_k": (0.0, 10.0, "per degree"),
    "solar.kwp": (0.0, 1e6, "kWp"),
    "solar.kwp_per_m2": (0.01, 0.5, "kWp per m2"),
    "solar.performance": (0.1, 1.2, "a share"),
    "battery.capacity_kwh": (0.0, 1e7, "kWh"),
    "battery.round_trip": (0.3, 1.0, "a share"),
    "battery.wear_usd_per_kwh": (0.0, 5.0, "USD per kWh"),
    "rooms.packer_kw": (0.0, 1e3, "kW"),
}


def check_limits(site: Site) -> Iterator[tuple[str, str, str, str]]:
    """Field, rule, number and advice for every number beyond its limit of sense."""
    for path, (least, most, what) in LIMITS.items():
        value = _look_up(site, path)
        if isinstance(value, int | float) and not least <= value <= most:
            rule = f"must lie between {least:g} and {most:g}: {what}"
            yield path, rule, f"{value:g}", "another unit, or a slip of a key?"


def _look_up(site: Site, path: str) -> Any:
    value: Any = site
    for name in path.split("."):
        value = getattr(value, name, None) if dataclasses.is_dataclass(value) else None
    return value
