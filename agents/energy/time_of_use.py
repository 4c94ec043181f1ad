"""Time of use: charge off-peak, discharge at peak, cool before work, steam just in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.energy.reckoning.comfort import Comfort, boiler_mode
from agents.energy.reckoning.outlook import net_kw
from agents.energy.reckoning.storage import guarded_kw, traded_kw
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfUse:
    """Buys when the day's price is low, and uses its own when it is high.

    Charging and cooling at night never lift the import above ``share`` of the sanctioned load,
    unless the month has a higher peak already. ``GRID`` holds the values among which the tuner
    chooses.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {
        "share": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6),
        "day_c": (29.0, 30.0, 31.0, 31.75),
        "cool_c": (24.0, 26.0, 27.0, 28.0, 29.0, 30.0),
        "night_slots": (0.0, 4.0, 8.0, 16.0, 32.0),
    }
    share: float = 0.2
    day_c: float = 31.75
    cool_c: float = 28.0
    night_slots: float = 16.0

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        most_kw = guarded_kw(choice, self.share)
        hall = Comfort(day_c=self.day_c, cool_c=self.cool_c, night_slots=self.night_slots)
        cooled = hall.cool(choice, most_kw)
        return EnergyAnswer(
            battery_kw=traded_kw(choice, net_kw(choice, cooled.fans_kw), most_kw),
            set_point_c=cooled.set_point_c,
            boiler_mode=boiler_mode(choice),
            lines_allowed=choice.lines,
        )


PLUG = TimeOfUse
