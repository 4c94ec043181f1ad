"""What machines in lines draw: while an operation runs, and while a manned plan waits for work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import MANUAL_MACHINE
from factory_env.domain.site import MachinePower
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.plant.line_balance import Balance
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
LOAD_BIN_MIN: Final = 15.0  # working minutes of one column of a load curve
RUN_KW, RUNNING, RUN_IDLE_KW, FUSING, IRONING = range(5)  # rows of a load curve
ROWS: Final = 5
NOT_SEWING: Final = ("FUS", "IRON")  # have consumers of their own


class Waiting(NamedTuple):
    """Machines that a plan mans, all of them ready and none at work."""

    idle_kw: float = 0.0
    standby_kw: float = 0.0
    irons: float = 0.0


class PowerTable:
    """Powers of machine types, summed up by plan."""

    def __init__(self, powers: Iterable[MachinePower]) -> None:
        self._power = {power.machine: power for power in powers}
        self._weights: dict[tuple[str, ...], Floats] = {}

    def weights(self, plan: Balance) -> Floats:
        """What one operation at each station uses while it runs, shape (ROWS, K)."""
        if plan.machines not in self._weights:
            table = np.zeros((ROWS, plan.stations), order="F")
            for k, machine in enumerate(plan.machines):
                table[FUSING, k], table[IRONING, k] = machine == "FUS", machine == "IRON"
                if machine in self._power and machine not in NOT_SEWING:
                    power = self._power[machine]
                    table[RUN_KW, k], table[RUNNING, k] = power.run_kw, 1.0
                    table[RUN_IDLE_KW, k] = power.idle_kw
            self._weights[plan.machines] = table
        return self._weights[plan.machines]

    def waiting(self, plan: Balance) -> Waiting:
        """What the machines that a plan mans draw while they wait."""
        idle, standby, irons = 0.0, 0.0, 0.0
        for machine, people in zip(plan.machines, np.diff(plan.crew_start).tolist(), strict=True):
            if machine == "IRON":
                irons += people
            elif machine != MANUAL_MACHINE and machine not in NOT_SEWING:
                idle += people * self._power[machine].idle_kw
                standby += people * self._power[machine].standby_kw
        return Waiting(idle, standby, irons)


def load_curve(clock: WorkingClock) -> Floats:
    """An empty load curve of a line, long enough for all its duty, shape (ROWS, bins)."""
    longest = clock.shifts.end_shift_min * 2.0 + 30.0 * MIN_PER_DAY  # overtime and good form
    # column by column: what an operation adds to a bin lies side by side
    return np.zeros((ROWS, int(longest / LOAD_BIN_MIN) + 1), order="F")
