"""Where energy is used: the building, its machines' powers, services, PV, battery and grid.

Defaults are those of ``conf/site/grid_only.yaml``, which carries the source of every number.
The extensive sizes fit the mid plant; `Site.sized_for` fits them to another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal

from annotated_types import Interval

from factory_env.domain.limits import Count, CountOrNone, NonNegative, Positive, Share
from factory_env.domain.series import SeriesFormat
from factory_env.domain.weather.place import Place
from factory_env.domain.weather.sky import Panels

BOILER_OFF, BOILER_HOLD, BOILER_ON = range(3)  # modes of the boiler, as an energy decision says
COOLING_OFF_C: Final[float] = 99.0  # a set point that no hall reaches: the fans stay off


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePower:
    """Electric power of one machine of a type by state; off draws nothing."""

    machine: str  # code in ``data/machines.csv``
    rated_kw: NonNegative
    run_kw: NonNegative  # mean while working
    idle_kw: NonNegative  # ready, waiting for work
    standby_kw: NonNegative
    start_min: NonNegative = 0.0  # at rated power before it is ready


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMachines:
    """Machines outside the lines."""

    auto_cutters: CountOrNone = 1
    knives: CountOrNone = 4
    spreaders: CountOrNone = 2
    fusing_presses: CountOrNone = 1
    irons: Count = 24  # press stations, each with an iron and a vacuum table
    vacuum_pedal: bool = False  # the vacuum runs only while the iron works
    packer_kw: NonNegative = 0.05  # per packer at work: sealers, scales, conveyor


@dataclass(frozen=True, slots=True, kw_only=True)
class Boiler:
    """Makes the steam. Modes: off, hold (kept warm, no steam), on."""

    kind: Literal["gas", "electric"] = "gas"
    steam_kg_h: Positive = 300.0  # rating
    heat_kwh_per_kg: Positive = 0.6944  # from feed water of 60 C
    efficiency: Positive = 0.82  # steam heat / fuel at full load
    fixed_loss_share: Share = 0.03  # of rated heat, as long as it is hot
    part_load_loss: Share = 0.02  # of efficiency, lost towards no load
    cold_start_min: NonNegative = 40.0
    start_fire: Positive = 0.6  # of full fire while heating up
    hot_restart_min: NonNegative = 8.0  # from hold to steam
    auxiliary_kw: NonNegative = 1.5  # pump and burner fan while fired


@dataclass(frozen=True, slots=True, kw_only=True)
class Steam:
    """Who uses the steam and what is lost on its way."""

    iron_kg_h: NonNegative = 3.0  # working
    iron_idle_kg_h: NonNegative = 0.3
    loss_share: NonNegative = 0.30  # of use
    loss_kg_h: NonNegative = 8.0  # while there is pressure
    hall_share: Share = 0.5  # of the heat of the steam used, stays in the hall


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressor:
    """Compressed air; runs while the site is open."""

    rated_kw: NonNegative = 22.0
    kw_per_m3_min: Positive = 6.5  # at 7 bar
    unloaded_share: Share = 0.30  # of rated power
    leak_share: Share = 0.20  # of its capacity
    pressure_bar: Positive = 7.0
    per_bar: NonNegative = 0.07  # more power per bar above 7
    m3_min_per_machine: NonNegative = 0.0085  # per running sewing machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The building: one heat balance; see `factory_env/sim/energy/services.py`."""

    floor_m2: Positive = 4500.0
    roof_m2: Positive = 4500.0
    lighting_w_per_m2: NonNegative = 9.0
    base_kw: NonNegative = 11.7  # day and night: guard lights, servers, pumps
    office_kw: NonNegative = 6.0  # while the site is open
    loss_kw_per_k: Positive = 16.0  # walls, roof, open windows
    store_kwh_per_k: Positive = 225.0  # air, floor, machines, cloth
    sun_share: Share = 0.025  # of the sun on the roof that heats the hall, PV or not
    person_kw: NonNegative = 0.075  # sensible heat


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """Exhaust fans behind wet pads, stepped to hold the set point."""

    fans: CountOrNone = 40
    fan_kw: NonNegative = 1.1
    fan_kw_per_k: NonNegative = 8.3  # heat carried by one fan per degree: 6.9 m3/s of air
    pad_drop_k: NonNegative = 3.0  # the pads cool the air that comes in
    set_point_c: float = 28.0  # where nobody decides
    set_point_range_c: tuple[float, float] = (24.0, 34.0)  # what may be decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """What a hot hall does to people."""

    from_c: float = 32.0
    efficiency_per_k: Share = 0.01
    defects_per_k: NonNegative = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Solar:
    """PV on the roof; none if ``kwp`` is 0."""

    kwp: NonNegative = 0.0
    kwp_per_m2: Positive = 0.155
    performance: Positive = 0.80  # power per kWp in a sun of 1 kW/m2, at a module of 45 C
    tilt_deg: Annotated[float, Interval(ge=0, le=90)] = 10.0
    azimuth_deg: Annotated[float, Interval(ge=0, le=360)] | None = None  # None = to the equator


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A battery beside the site's switchboard; none if ``capacity_kwh`` is 0.

    Its own consumption is drawn from the bus, not from the cells.
    """

    capacity_kwh: NonNegative = 0.0
    charge_kw: NonNegative = 0.0
    discharge_kw: NonNegative = 0.0
    connection_kw: NonNegative = 0.0  # of its inverter
    round_trip: Positive = 0.88  # efficiency, half of the loss on either way
    soc_min: Share = 0.10
    soc_max: Share = 0.95
    soc_start: Share = 0.50
    standby_share: Share = 0.005  # of the larger of both powers
    wear_usd_per_kwh: NonNegative = 0.00833  # of energy taken out

    @property
    def one_way(self) -> float:
        """Efficiency of charging, and of discharging."""
        return float(self.round_trip**0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The connection. ``sanctioned_kw`` is a word of the contract, not a limit."""

    connection_kw: Positive = 400.0  # what the transformer carries
    sanctioned_kw: Positive = 280.0
    export_kw: NonNegative = 0.0  # surplus of the sun the grid takes; the rest is curtailed
    carbon_kg_per_kwh: NonNegative = 0.691


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuels:
    """Gas of the boiler and the diesel back-up; prices per kWh of gas, of diesel electricity."""

    gas_usd_per_kwh: NonNegative = 0.035
    gas_carbon_kg_per_kwh: NonNegative = 0.202
    diesel_kw: NonNegative = 250.0  # runs while the grid is out
    diesel_usd_per_kwh: NonNegative = 0.32
    diesel_carbon_kg_per_kwh: NonNegative = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSeries(SeriesFormat):
    """A column of the user's own CSV file; without a file the built-in numbers hold."""

    file: str = ""
    column: str = ""
    repeats: bool = True  # the first 52 weeks hold for every year
    kwp: NonNegative = 0.0  # of the plant whose power or energy the column holds; 0 = per kWp


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that turns work and weather into a load curve."""

    name: str = "grid_only"
    first_day: str = "2026-06-01"  # date of day 0, a Monday
    place: Place = field(default_factory=Place)  # sun and climate
    temperature: OwnSeries = field(default_factory=OwnSeries)  # instead of the climate's
    sun: OwnSeries = field(default_factory=OwnSeries)  # PV power per kWp, likewise
    carbon: OwnSeries = field(default_factory=OwnSeries)  # instead of grid.carbon_kg_per_kwh
    workers: Positive = 374.0  # sewing operators of the plant the sizes are made for
    fit_to_plant: bool = True  # scale the sizes to the plant of the run
    standby_after_min: NonNegative = 10.0  # idleness after which a machine may go to standby
    machine_powers: tuple[MachinePower, ...] = ()  # the door puts those of the house beside them
    rooms: RoomMachines = field(default_factory=RoomMachines)
    boiler: Boiler = field(default_factory=Boiler)
    steam: Steam = field(default_factory=Steam)
    compressor: Compressor = field(default_factory=Compressor)
    hall: Hall = field(default_factory=Hall)
    cooling: Cooling = field(default_factory=Cooling)
    heat: Heat = field(default_factory=Heat)
    solar: Solar = field(default_factory=Solar)
    battery: Battery = field(default_factory=Battery)
    grid: Grid = field(default_factory=Grid)
    fuels: Fuels = field(default_factory=Fuels)

    @property
    def panels(self) -> Panels:
        """How the modules lie."""
        towards = 180.0 if self.place.latitude >= 0.0 else 0.0
        azimuth = self.solar.azimuth_deg
        return Panels(
            tilt_deg=self.solar.tilt_deg,
            azimuth_deg=towards if azimuth is None else azimuth,
            performance=self.solar.performance,
        )

    def power(self, machine: str) -> MachinePower:
        """Power of a machine type by its code."""
        return next(p for p in self.machine_powers if p.machine == machine)

    def sized_for(self, workers: int) -> Site:
        """The same kind of site for a plant of ``workers`` sewing operators."""
        factor = workers / self.workers
        changes = {
            part: replace(
                getattr(self, part), **{f: _scaled(getattr(self, part), f, factor) for f in names}
            )
            for part, names in EXTENSIVE.items()
        }
        return replace(self, workers=float(workers), **changes)


def _scaled(part: object, name: str, factor: float) -> float:
    """A size times ``factor``; machines that are there stay at least one."""
    value = getattr(part, name)
    if isinstance(value, int):
        return max(1, round(value * factor)) if value else 0
    return float(value * factor)


# part of a site -> its fields that grow with the plant
EXTENSIVE: Final[dict[str, tuple[str, ...]]] = {
    "rooms": ("auto_cutters", "knives", "spreaders", "fusing_presses", "irons"),
    "boiler": ("steam_kg_h", "auxiliary_kw"),
    "steam": ("loss_kg_h",),
    "compressor": ("rated_kw",),
    "hall": ("floor_m2", "roof_m2", "base_kw", "office_kw", "loss_kw_per_k", "store_kwh_per_k"),
    "cooling": ("fans",),
    "solar": ("kwp",),
    "battery": ("capacity_kwh", "charge_kw", "discharge_kw", "connection_kw"),
    "grid": ("connection_kw", "sanctioned_kw", "export_kw"),
    "fuels": ("diesel_kw",),
}
