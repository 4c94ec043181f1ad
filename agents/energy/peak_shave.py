"""Peak shaving: the battery holds the import under a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.energy.reckoning.comfort import Comfort, boiler_mode
from agents.energy.reckoning.outlook import Floats, net_kw
from agents.energy.reckoning.storage import guarded_kw, held_kwh, needed_kwh, room_kwh
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.series import SLOT_H


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakShave:
    """Discharges what the import would be above the threshold, charges what that will need.

    Charging uses what is left below the threshold, and stops when the battery holds what the coming
    day will be above it by forecast, and ``reserve`` (a share) more: a larger battery is not filled
    for nothing.

    The threshold is ``share`` of the sanctioned load, or the month's peak once that is higher;
    in hours whose demand costs more than demand at any time, ``band_share`` and their own peak.
    It aims ``margin`` (of the sanctioned load) lower, because a load is known only afterwards.
    ``GRID`` holds the values among which the tuner chooses.
    """

    GRID: ClassVar[dict[str, tuple[float, ...]]] = {
        "share": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
        "band_share": (0.0, 0.05, 0.1, 0.2, 0.3, 0.45),
        "margin": (0.0, 0.03, 0.06, 0.1, 0.15),
        "reserve": (0.0, 0.25, 0.5, 1.0),
        "day_c": (29.0, 30.0, 31.0, 31.75),
        "cool_c": (24.0, 26.0, 27.0, 28.0, 29.0, 30.0),
        "night_slots": (0.0, 4.0, 8.0, 16.0, 32.0),
    }
    share: float = 0.3
    band_share: float = 0.0
    margin: float = 0.06
    reserve: float = 0.25
    day_c: float = 31.75
    cool_c: float = 27.0
    night_slots: float = 0.0

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        threshold_kw = self._threshold_kw(choice)
        hall = Comfort(day_c=self.day_c, cool_c=self.cool_c, night_slots=self.night_slots)
        cooled = hall.cool(choice, threshold_kw)
        aim_kw = max(0.0, threshold_kw - self.margin * choice.site.grid.sanctioned_kw)
        battery_kw = self._battery_kw(choice, net_kw(choice, cooled.fans_kw), aim_kw)
        return EnergyAnswer(
            battery_kw=battery_kw,
            set_point_c=cooled.set_point_c,
            boiler_mode=boiler_mode(choice),
            lines_allowed=choice.lines,
        )

    def _battery_kw(self, choice: EnergyChoice, net: Floats, aim_kw: float) -> float:
        """Down to the aim; up to it only as far as a day's loads above the threshold will need.

        The sun's surplus is taken where nobody pays for it. Where no demand is charged there is
        no peak to shave, and nothing is bought for it.
        """
        spare_kw, held = aim_kw - float(net[0]), held_kwh(choice)
        if spare_kw <= 0.0:
            return max(spare_kw, -held / SLOT_H)
        missing_kwh = needed_kwh(choice, net, aim_kw) * (1.0 + self.reserve) - held
        wish_kw = missing_kwh / max(choice.site.battery.round_trip, 1e-9) / SLOT_H
        if choice.demand_usd.max(initial=0.0) <= 0.0:
            wish_kw = 0.0
        if choice.export_usd[0] <= 0.0:
            wish_kw = max(wish_kw, -float(net[0]))
        return max(0.0, min(spare_kw, wish_kw, room_kwh(choice) / SLOT_H))

    def _threshold_kw(self, choice: EnergyChoice) -> float:
        threshold_kw = guarded_kw(choice, self.share)
        band = int(choice.demand_band[0])
        if band > 0 and choice.demand_usd[band] > choice.demand_usd[0]:
            own_kw = self.band_share * choice.site.grid.sanctioned_kw
            threshold_kw = min(threshold_kw, max(own_kw, float(choice.peak_kw[band])))
        return threshold_kw


PLUG = PeakShave
