"""Columns of the log table ``slots``: the site's powers, states, decisions and money by slot."""

from __future__ import annotations

from typing import Final

# column -> (dtype, unit, meaning); what the slot engine writes
SLOT_COLUMNS: Final[dict[str, tuple[str, str, str]]] = {
    "slot": ("i8", "", "number; the slot begins at wall minute 15 x slot"),
    "sewing_run_kw": ("f8", "kW", "sewing machines at work"),
    "sewing_idle_kw": ("f8", "kW", "sewing machines ready"),
    "sewing_standby_kw": ("f8", "kW", "sewing machines on standby"),
    "standby_saves_kw": ("f8", "kW", "what standby saves, or would save, at machines long idle"),
    "cutting_kw": ("f8", "kW", "cutters, knives, spreaders"),
    "fusing_kw": ("f8", "kW", "fusing presses"),
    "pressing_kw": ("f8", "kW", "irons and vacuum tables"),
    "packing_kw": ("f8", "kW", ""),
    "compressor_kw": ("f8", "kW", ""),
    "fans_kw": ("f8", "kW", "cooling"),
    "lighting_kw": ("f8", "kW", ""),
    "base_kw": ("f8", "kW", "base load and office"),
    "boiler_kw": ("f8", "kW", "electricity of the boiler: its pump, or all if it is electric"),
    "battery_aux_kw": ("f8", "kW", "the battery's own consumption"),
    "load_kw": ("f8", "kW", "sum of all consumers, without charging"),
    "pv_kw": ("f8", "kW", "what the sun offered"),
    "pv_used_kw": ("f8", "kW", "of this, used on the site"),
    "curtailed_kw": ("f8", "kW", "of this, neither used nor taken by the grid"),
    "charge_kw": ("f8", "kW", "into the battery, at the bus"),
    "discharge_kw": ("f8", "kW", "out of the battery, at the bus"),
    "import_kwh": ("f8", "kWh", "from the grid"),
    "export_kwh": ("f8", "kWh", "to the grid"),
    "diesel_kwh": ("f8", "kWh", "electricity of the back-up"),
    "unserved_kwh": ("f8", "kWh", "load beyond the connection, or beyond the back-up in an outage"),
    "fuel_kwh": ("f8", "kWh", "gas of the boiler"),
    "steam_kg": ("f8", "kg", "used at the irons"),
    "soc_kwh": ("f8", "kWh", "in the battery at the end of the slot"),
    "indoor_c": ("f8", "C", "at the end of the slot"),
    "boiler_warm_min": ("f8", "min", "of heating stored at the end of the slot"),
    "heat_factor": ("f8", "", "on efficiency, from the temperature at the start of the slot"),
    "defect_factor": ("f8", "", "on the defect probability, likewise"),
    "steam_factor": ("f8", "", "on pressing: time with steam x share of it that is enough"),
    "carbon_kg": ("f8", "kg", "of import, gas and diesel"),
    "wear_usd": ("f8", "USD", "of the battery"),
    "month_peak_kw": ("f8", "kW", "highest import of the month so far"),
    "outdoor_c": ("f8", "C", "weather"),
    "asked_battery_kw": ("f8", "kW", "decision; charge > 0"),
    "set_point_c": ("f8", "C", "decision"),
    "boiler_mode": ("i8", "", "decision; 0 off, 1 hold, 2 on"),
    "lines_allowed": ("i8", "", "decision"),
    "standby": ("i8", "0/1", "decision"),
}
# the same of rooms that not every plant has; logged only where one of them has used any
PROCESS: Final[dict[str, tuple[str, str, str]]] = {
    "process_kw": ("f8", "kW", "machines of other rooms"),
    "process_steam_kg": ("f8", "kg", "of steam_kg, used by other rooms"),
}
# what the tariff makes of it
MONEY: Final[dict[str, tuple[str, str, str]]] = {
    "price_usd": ("f8", "USD/kWh", "of energy bought"),
    "band": ("i8", "", "number of the energy band"),
    "demand_band": ("i8", "", "demand rule beside any_time; 0 = none"),
    "month": ("i8", "", "billing month of the run"),
    "energy_usd": ("f8", "USD", "energy bought, export taken off"),
    "demand_usd": ("f8", "USD", "by which the month's demand charge grew"),
    "standing_usd": ("f8", "USD", "fixed and contract charge"),
    "fuel_usd": ("f8", "USD", "gas and diesel"),
}
