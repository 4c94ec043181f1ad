"""What the stations of one run share: clock, scenario, book, luck, ledger, recorder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from simpy import Environment

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.ports import Inspector
from factory_env.domain.scenario import Scenario
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.ledger import Ledger
from factory_env.sim.plant.crew import Crews
from factory_env.sim.plant.power import PowerTable
from factory_env.sim.plant.setups import Setups
from factory_env.sim.plant.tables import PlantTables


@dataclass(slots=True, kw_only=True)
class World:
    """State shared by the stations of one running factory."""

    env: Environment
    scenario: Scenario
    tables: PlantTables
    book: Book
    streams: Streams
    shifts: ShiftTable
    setups: Setups
    ledger: Ledger
    recorder: Recorder
    inspector: Inspector
    crews: Crews
    attendance: NDArray[np.float64]  # (lines,) share present today
    idle: NDArray[np.bool_]  # (lines,) waiting for work
    power: PowerTable | None  # None = energy is not accounted for
    unreleased: list[int]  # orders whose fabric is still to come: [woven, knit]
    in_house: int = 0  # released and not yet shipped
    shipped: int = 0
    gone: int = 0  # shipped or cancelled
    heat_defects: float = 1.0  # factor of a hot hall on defects

    @property
    def now_shift(self) -> float:
        """Shift minutes since the start of the run."""
        return self.shifts.shift_at(self.env.now)
