"""What a change of a running factory may reach: the rooms, once everything is wired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factory_env.sim.days.amendments import Amendments
from factory_env.sim.days.evening import Evenings
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.days.morning import Days
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.dated import call_first_at
from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Rooms and processes of one run."""

    world: World
    planner: Planner
    floor: Floor
    rooms: Sequence[WorkingClock]  # clocks of cutting and finishing
    fabric: Fabric
    amendments: Amendments
    days: Days
    evenings: Evenings | None  # None = nobody ever works overtime
    site: SiteRun | None  # None = energy is not accounted for

    @property
    def clocks(self) -> list[WorkingClock]:
        """Those of all rooms, lines and gates."""
        lines = self.floor.lines
        return [*self.rooms, *(c for line in lines for c in (line.clock, line.gate.clock))]

    def at(self, minute: float, call: Callable[[], None]) -> None:
        """Call at the first instant of a minute, if the run comes to it."""
        if minute < float("inf"):
            call_first_at(self.world.env, minute, call)

    def lines(self, name: str | None) -> Sequence[SewingLine]:
        """The line of that name, or all lines if there is none."""
        return [line for line in self.floor.lines if name is None or line.name == name]

    def parts(self, order_id: str) -> list[int]:
        """Positions in the book of an order, or of its parts."""
        orders = enumerate(self.world.book.orders)
        return [i for i, order in orders if order_id in (order.order_id, order.parent)]
