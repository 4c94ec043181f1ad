"""Where a site lies: latitude, longitude, clock and climate. Sun and seasons follow from it.

Defaults are those of ``conf/place/dhaka.yaml``, which carries the source of every number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final

from annotated_types import Interval, Len

from factory_env.domain.limits import Share

Latitude = Annotated[float, Interval(ge=-90, le=90)]
Longitude = Annotated[float, Interval(ge=-180, le=180)]
Altitude = Annotated[float, Interval(ge=-450, le=6000)]  # from the Dead Sea to the highest towns
AirC = Annotated[float, Interval(ge=-60, le=50)]  # a month's mean: a Fahrenheit number is refused
Deviation = Annotated[float, Interval(ge=0, le=30)]  # of a temperature
Steadiness = Annotated[float, Interval(gt=0, le=1e6)]
ByMonth = Len(12, 12)  # January first
DHAKA_C: Final = (18.6, 22.0, 26.3, 28.7, 29.0, 29.1, 28.8, 29.0, 28.7, 27.4, 23.8, 20.0)
DHAKA_SWING_C: Final = (6.0, 6.0, 5.9, 5.0, 4.3, 3.2, 2.7, 2.9, 3.1, 4.0, 5.2, 5.9)
DHAKA_CLEARNESS: Final = (0.85, 0.87, 0.87, 0.83, 0.73, 0.55, 0.52, 0.55, 0.55, 0.75, 0.85, 0.87)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """Weather of a place by month, January first."""

    month_c: Annotated[tuple[AirC, ...], ByMonth] = DHAKA_C  # mean temperature
    swing_c: Annotated[tuple[Deviation, ...], ByMonth] = DHAKA_SWING_C  # half of a day's rise
    # a mean day's sun as a share of a cloudless one's
    clearness: Annotated[tuple[Share, ...], ByMonth] = DHAKA_CLEARNESS
    steadiness: Steadiness = 7.0  # of days' clearness; large = all days alike
    noise_c: Deviation = 1.5  # standard deviation of the daily deviation
    noise_kept: Share = 0.7  # of it, from one day to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point on the map, its wall clock and its climate."""

    name: str = "dhaka"
    country: str = "BD"  # two letters of ISO 3166; "" = unknown: no public holidays
    latitude: Latitude = 23.81  # degrees, north is positive
    longitude: Longitude = 90.41  # degrees, east is positive
    altitude_m: Altitude = 10.0
    zone: str = "Asia/Dhaka"  # of the wall clock
    climate: Climate = field(default_factory=Climate)

    @property
    def words(self) -> str:
        """Name and coordinates.

        >>> Place().words
        'dhaka (23.8 N, 90.4 E)'
        """
        north, east = "SN"[self.latitude >= 0.0], "WE"[self.longitude >= 0.0]
        at = f"{abs(self.latitude):.1f} {north}, {abs(self.longitude):.1f} {east}"
        return f"{self.name} ({at})"
