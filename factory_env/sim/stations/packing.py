"""Packing: clean, fold, pack. The last room of every route."""

from __future__ import annotations

from typing import Final

from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.sim.work.station import Then
from factory_env.sim.work.use import RoomUse
from factory_env.sim.world import World

NAME: Final = "packing"


class Packing(LotStation):
    """Packers who share a lot; the product says how long a piece takes."""

    __slots__ = ("crew",)

    columns = ("pack_start_min", "packed_min")
    needs_steam = False

    def __init__(self, world: World, clock: WorkingClock, then: Then | None) -> None:
        rooms = world.scenario.plant.rooms
        self.crew = rooms.pack_crew
        servers = max(1, rooms.packers // rooms.pack_crew)
        use = None
        if world.power is not None:
            use = RoomUse(clock, "packers_busy", rooms.pack_crew, rooms.packers)
        super().__init__(NAME, clock, servers, self._pack_min, then, use)

    def _pack_min(self, lot: Lot) -> float:
        product = lot.run.product
        return lot.good * (product.clean_min + product.pack_min) / self.crew


PLUG = Packing
