"""The press room: crews at press stations, which need steam."""

from __future__ import annotations

from typing import Final

from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.sim.work.station import Then
from factory_env.sim.work.use import RoomUse
from factory_env.sim.world import World

NAME: Final = "pressing"


class Pressing(LotStation):
    """Pressers who share a lot; the product says how long a piece takes."""

    __slots__ = ("crew",)

    columns = ("press_start_min", "pressed_min")
    needs_steam = True

    def __init__(self, world: World, clock: WorkingClock, then: Then | None) -> None:
        rooms = world.scenario.plant.rooms
        self.crew = rooms.press_crew
        servers = max(1, rooms.presses // rooms.press_crew)
        use = None
        if world.power is not None:
            use = RoomUse(clock, "press_busy", rooms.press_crew, rooms.presses)
        super().__init__(NAME, clock, servers, self._press_min, then, use)

    def _press_min(self, lot: Lot) -> float:
        return lot.good * lot.run.product.press_min / self.crew


PLUG = Pressing
