"""PV, battery, grid and back-up in one slot: what flows over the bus, compiled.

Every slot balances: PV + discharge + import + diesel + unserved = load + charge + export +
curtailed, with PV all that the sun offers. The sun serves load and charging first; the surplus
goes out as far as the grid takes it. The battery never feeds the grid.
"""

from __future__ import annotations

from factory_env.compiled import Record, compiled
from factory_env.domain.series import SLOT_H


@compiled
def battery_slot(
    site: Record, soc_kwh: float, asked_kw: float, load_kw: float, pv_kw: float, grid_share: float
) -> tuple[float, float, float]:
    """What is left of the wish ``asked_kw`` (charging is positive) after all limits.

    Limits: power, inverter, state of charge, no more discharge than the site uses, no charging
    that the connection cannot carry, none but from the sun while the grid is out.
    Returns charge and discharge [kW at the bus] and the next state of charge [kWh].
    """
    efficiency = site.battery_one_way
    if asked_kw > 0.0:
        room_kw = max(0.0, site.battery_high_kwh - soc_kwh) / (efficiency * SLOT_H)
        supply_kw = pv_kw - load_kw + (site.grid_connection_kw if grid_share >= 1.0 else 0.0)
        charge = min(asked_kw, site.battery_charge_kw, room_kw, max(0.0, supply_kw))
        charge = min(charge, site.battery_connection_kw)
        return charge, 0.0, min(soc_kwh + charge * efficiency * SLOT_H, site.battery_high_kwh)
    held_kw = max(0.0, soc_kwh - site.battery_low_kwh) * efficiency / SLOT_H
    discharge = min(-asked_kw, site.battery_discharge_kw, held_kw, max(0.0, load_kw - pv_kw))
    discharge = min(discharge, site.battery_connection_kw)
    if discharge <= 0.0:
        return 0.0, 0.0, soc_kwh
    return 0.0, discharge, max(soc_kwh - discharge * SLOT_H / efficiency, site.battery_low_kwh)


@compiled
def bus(
    site: Record, load_kw: float, pv_kw: float, charge: float, discharge: float, grid_share: float
) -> tuple[float, float, float, float, float]:
    """The rest of the balance: import, export, curtailed, diesel, unserved [kW].

    ``grid_share`` is the share of the slot with grid. While it is out the back-up carries what
    it can; load beyond the connection or the back-up is not served.
    """
    need = load_kw + charge - pv_kw - discharge
    if need >= 0.0:
        imported = min(need, site.grid_connection_kw) * grid_share
        diesel = min(need - imported, site.fuels_diesel_kw * (1.0 - grid_share))
        return imported, 0.0, 0.0, diesel, need - imported - diesel
    exported = min(-need, site.grid_export_kw * grid_share)
    return 0.0, exported, -need - exported, 0.0, 0.0
