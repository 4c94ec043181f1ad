"""Failures of machines while they sew: how long each operation of an order stands still.

A machine fails by the minutes it runs, so the luck belongs to the order's bundle at a station:
two policies under one seed meet the same. A failure costs the mechanic's response, the wait
for a mechanic and the repair. The wait is that of an M/M/c queue in steady state over the
plant's mechanics (Erlang C): the pass of an order is computed at one go, so mechanics cannot
be followed from line to line.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.product import MANUAL_MACHINE
from factory_env.sim.kernel.streams import TABLE_BITS, hash64, lognormal_table, uniform_at
from factory_env.sim.plant.line_balance import Balance
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_HOUR

Floats = NDArray[np.float64]
FULLEST = 0.95  # utilisation above which the queue of mechanics is cut off
IN_USE = 0.85  # share of manned machine time that sews, for the load on mechanics [assumed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanics:
    """The plant's mechanics as a queue in steady state."""

    servers: int
    utilisation: float
    wait_chance: float  # that all are busy when a machine fails
    mean_wait_min: float  # of those who wait


def mechanics(tables: PlantTables) -> Mechanics:
    """How busy the mechanics are (domain reference, section 7: 1 per 60 machines)."""
    scenario = tables.scenario
    failures = scenario.disruptions.machines
    machines, per_min, work = 0, 0.0, 0.0
    groups = {code: group for group in failures.groups for code in group.machines}
    response = sum(failures.response_min) / 2.0
    for number, line in enumerate(scenario.plant.lines):
        home = line.home[0] if line.home else next(iter(line.skills))
        plan = tables.balance(number, scenario.library.product(home))
        for code, people in zip(plan.machines, np.diff(plan.crew_start).tolist(), strict=True):
            if code == MANUAL_MACHINE or code not in groups:
                continue
            rate = IN_USE * people / (groups[code].mtbf_h * MIN_PER_HOUR)
            machines += people
            per_min += rate
            work += rate * (groups[code].repair_min + response)
    servers = max(1, ceil(machines / failures.machines_per_mechanic))
    utilisation = min(work / servers, FULLEST)
    mean_service = work / per_min if per_min else 1.0
    return Mechanics(
        servers=servers,
        utilisation=utilisation,
        wait_chance=erlang_c(servers, utilisation * servers),
        mean_wait_min=mean_service / (servers * (1.0 - utilisation)),
    )


def erlang_c(servers: int, load: float) -> float:
    """Probability that a customer of an M/M/c queue waits; ``load`` = arrival rate x service."""
    blocked = 1.0  # Erlang B by its recursion
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    rho = load / servers
    return blocked / (1.0 - rho * (1.0 - blocked))


def stop_minutes(
    tables: PlantTables, key: np.uint64, pieces: Floats, plan: Balance, smv_min: Floats
) -> Floats:
    """Minutes lost to machine failures and thread breaks in each operation, shape (B, K)."""
    stops = tables.derive(Stoppages).at_stations(plan.machines)
    power = np.add.reduceat(plan.efficiency[plan.crew], plan.crew_start[:-1])
    minutes = smv_min * np.diff(plan.crew_start) / power  # of one piece at each station
    return _stop_minutes(key, pieces, minutes, stops)


class Stops(NamedTuple):
    """What stops the machines of K stations."""

    hazard: Floats  # (K,) failures per running minute; 0 = never
    repair_min: Floats  # (K,) mean
    repair_table: Floats  # factors on it
    response_low_min: float
    response_high_min: float
    wait_chance: float  # that all mechanics are busy
    mean_wait_min: float  # of those who wait
    small_hazard: float  # thread breaks per running minute
    small_min: float


class Stoppages:
    """What stops the machines of a plant, kept by the machines of a plan's stations."""

    def __init__(self, tables: PlantTables) -> None:
        self._failures = tables.scenario.disruptions.machines
        self._groups = {code: group for group in self._failures.groups for code in group.machines}
        self._repair_table = lognormal_table(self._failures.repair_cv)
        self._mechanics = mechanics(tables)
        self._known: dict[tuple[str, ...], Stops] = {}

    def at_stations(self, machines: tuple[str, ...]) -> Stops:
        """What stops machines of these types, station by station."""
        if machines not in self._known:
            self._known[machines] = self._stops(machines)
        return self._known[machines]

    def _stops(self, machines: tuple[str, ...]) -> Stops:
        failures, queue = self._failures, self._mechanics
        groups = [self._groups.get(machine) for machine in machines]
        low, high = failures.response_min
        return Stops(
            hazard=np.array([1.0 / (g.mtbf_h * MIN_PER_HOUR) if g else 0.0 for g in groups]),
            repair_min=np.array([g.repair_min if g else 0.0 for g in groups]),
            repair_table=self._repair_table,
            response_low_min=low,
            response_high_min=high,
            wait_chance=queue.wait_chance,
            mean_wait_min=queue.mean_wait_min,
            small_hazard=1.0 / (failures.small_stop_h * MIN_PER_HOUR),
            small_min=failures.small_stop_min,
        )


@compiled
def _stop_minutes(key: np.uint64, pieces: Floats, minutes: Floats, stops: Stops) -> Floats:
    """Draws what stops each bundle at each station, (B, K); ``minutes`` (K,) run for a piece."""
    hazard, response_low = stops.hazard, stops.response_low_min
    n, k_stations = pieces.shape[0], minutes.shape[0]
    out = np.zeros((n, k_stations))
    for b in range(n):
        for k in range(k_stations):
            if hazard[k] <= 0.0:
                continue
            counter = 8 * (b * k_stations + k)
            run = pieces[b] * minutes[k]
            u = uniform_at(key, counter)
            failed = run * hazard[k]
            if u < failed:
                bits = hash64(key, counter + 1)
                v = uniform_at(key, counter + 2)
                factor = stops.repair_table[bits >> np.uint64(64 - TABLE_BITS)]
                out[b, k] += stops.repair_min[k] * factor
                out[b, k] += response_low + v * (stops.response_high_min - response_low)
                w = uniform_at(key, counter + 3)
                if w < stops.wait_chance:
                    wait = np.log(max(w / stops.wait_chance, 1e-12))
                    out[b, k] -= stops.mean_wait_min * wait
            elif u < failed + run * stops.small_hazard:
                out[b, k] += stops.small_min
    return out
