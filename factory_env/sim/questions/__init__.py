"""Who asks: a file for each kind of question, whose ``PLUG`` is begun with every run.

A plug is a function of the rooms and the desk. It listens to the rooms, or goes by the clock, and
files a request at the desk when it wants to ask; whether it is to ask at all says the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass

from factory_env.sim.days.evening import Evenings
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.bell import Bell
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What there is to ask about: the rooms of a factory before its first minute."""

    world: World
    planner: Planner
    cutting: CuttingRoom
    floor: Floor
    finishing: Finishing
    evenings: Evenings | None  # None = nobody ever works overtime
    site: SiteRun | None  # None = energy is not accounted for
    chosen: Bell[[SewingLine, int]]  # rings when a line shall have an order
