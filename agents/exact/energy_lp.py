"""The clairvoyant bound: the least that a run's energy can have cost, seen from its end.

A linear program over all slots of a run. It knows the realised work, weather and prices, and
chooses battery, cooling, boiler and standby. It bounds from below what every policy pays that
leaves production alone, that is: all lines may run; while people work the hall is not hotter than
`Heat.from_c` (where heat begins to cost work) or than it was in the log, whichever is more; and
wherever the log used steam, there is as much of it.

What is not linear is relaxed, so that the program may do a little more than the site can:
the fans' effect is (air exchanged) x (temperature difference), replaced by its McCormick envelope;
the boiler's part-load loss is left out, and what cools while it heats up is heated at a discount;
charging and discharging in the same slot is not forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.exact.boiler_lp import add_boiler
from agents.exact.demand_lp import add_demand
from agents.exact.hall_lp import add_hall
from agents.exact.program import Ints, Program
from factory_env.domain.records import Table
from factory_env.domain.site import Site
from factory_env.domain.tariff import TariffSlots

Floats = NDArray[np.float64]
SLOT_H = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The cheapest way to run the site [USD]; powers are (n,) kW at the bus."""

    energy_usd: float  # electricity bill: energy, demand, fixed and contract charge
    fuel_usd: float
    wear_usd: float
    carbon_usd: float
    charge_kw: Floats
    discharge_kw: Floats
    import_kw: Floats
    fans_kw: Floats
    soc_kwh: Floats  # at the end of each slot

    @property
    def total_usd(self) -> float:
        return self.energy_usd + self.fuel_usd + self.wear_usd + self.carbon_usd


def cheapest_run(
    slots: Table, tariff: TariffSlots, site: Site, carbon_usd_per_kg: float = 0.0
) -> Least:
    """The bound for one run.

    Parameters
    ----------
    slots
        Table ``slots`` of its log, from the first slot of the run; of any policy.
    tariff
        The run's tariff; may be longer than the log.
    """
    n = len(slots["slot"])
    program = Program()
    fixed_kw = _fixed_load(slots)
    fans, fans_kw = add_hall(program, slots, site)
    boiler = add_boiler(program, slots, site, carbon_usd_per_kg)
    most_kw = fixed_kw + fans_kw + boiler.most_kw
    flows = _add_flows(program, slots, site, most_kw)
    # import + discharge + diesel + unserved - charge - export - curtailed - fans - boiler
    #     = fixed load - sun
    program.equal(
        [(flows.bought, 1.0), (flows.discharge, 1.0), (flows.diesel, 1.0), (flows.unserved, 1.0),
         (flows.charge, -1.0), (flows.sold, -1.0), (flows.curtailed, -1.0),
         (fans, -fans_kw), *boiler.load_kw],
        fixed_kw + boiler.fixed_kw - slots["pv_kw"],
    )  # fmt: skip
    fuels = site.fuels
    carbon = _grid_carbon(slots)
    ...
