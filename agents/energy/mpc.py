"""Receding horizon: the battery follows a linear program over the next day, solved anew hourly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from agents.energy.reckoning.comfort import Comfort, boiler_mode
from agents.energy.reckoning.horizon_lp import EMPTY_MARGINS, Plan, solve
from agents.energy.reckoning.outlook import Floats, net_kw, unseen_sun_kw
from agents.energy.reckoning.storage import guarded_kw
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice

CHARGING_MARGINS = 3.0  # charging beside the work can wait, a new maximum stays


@dataclass(slots=True, kw_only=True)
class Mpc:
    """Plans battery and import for the forecast of a day, and keeps the import to the plan.

    It holds the plan between two solutions: one object serves one run after the other (a run
    begins at slot 0, where it plans anew), not two at a time. Hall and boiler are run as by the
    rules. ``GRID`` holds the values among which the tuner chooses.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {
        "haste": (0.0, 0.25, 0.5, 0.75, 1.0),
        "sun_trust": (0.2, 0.4, 0.6, 0.8, 1.0),
        "hold_usd": (0.0, 0.001, 0.002, 0.004),
        "margin": (0.0, 0.02, 0.04, 0.07),
        "cooling_share": (0.15, 0.2, 0.25, 0.3, 0.4),
        "day_c": (29.0, 30.0, 31.0, 31.75),
        "cool_c": (24.0, 26.0, 27.0, 28.0, 29.0, 30.0),
        "night_slots": (0.0, 4.0, 8.0, 16.0, 32.0),
    }
    every: int = 4  # slots between solutions, at most 8
    haste: float = 0.5
    sun_trust: float = 0.8  # how much of yesterday's sun is expected of a day not yet begun
    hold_usd: float = 0.002  # worth of a kWh in the battery for an hour: nobody knows what comes
    margin: float = 0.04  # of the sanctioned load, for loads that are not as foreseen
    cooling_share: float = 0.15  # of the sanctioned load, that cooling at night may import
    day_c: float = 31.75
    cool_c: float = 28.0
    night_slots: float = 16.0
    _plan: Plan | None = field(default=None, init=False, repr=False, compare=False)

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        spare_kw = guarded_kw(choice, self.cooling_share)
        hall = Comfort(day_c=self.day_c, cool_c=self.cool_c, night_slots=self.night_slots)
        cooled = hall.cool(choice, spare_kw)
        net = net_kw(choice, cooled.fans_kw)
        return EnergyAnswer(
            battery_kw=self._battery_kw(choice, net) if choice.site.battery.capacity_kwh else 0.0,
            set_point_c=cooled.set_point_c,
            boiler_mode=boiler_mode(choice),
            lines_allowed=choice.lines,
        )

    def _battery_kw(self, choice: EnergyChoice, net: Floats) -> float:
        """What the plan says, and more or less of it where the load is not as foreseen."""
        plan, margin_kw = self._plan, self.margin * choice.site.grid.sanctioned_kw
        if plan is None or not 0 < choice.slot - plan.first_slot < self.every:
            doubted = net + (1.0 - self.sun_trust) * unseen_sun_kw(choice)
            plan = self._plan = solve(choice, doubted, self.haste, margin_kw, self.hold_usd)
        k, now_kw = choice.slot - plan.first_slot, float(net[0])
        wish_kw = float(plan.charge_kw[k] - plan.discharge_kw[k])
        if wish_kw < 0.0:
            wish_kw = min(0.0, float(plan.import_kw[k]) - now_kw)
        if now_kw < 0.0:
            wish_kw = max(wish_kw, -now_kw)  # nobody pays more for the sun's surplus
        if choice.open_share[0] <= 0.0:
            margin_kw *= EMPTY_MARGINS
        elif wish_kw > 0.0:
            margin_kw *= CHARGING_MARGINS
        cap_kw = float(plan.cap_kw[k]) - margin_kw
        return min(wish_kw, max(0.0, cap_kw) - now_kw)


PLUG = Mpc
