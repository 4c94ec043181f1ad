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

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.product import MANUAL_MACHINE
from factory_env.sim.kernel.streams import TABLE_BITS, hash64, lognormal_table
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
    failures = tables.scenario.disruptions.machines
    table, queue = tables.cached("machine failures", _constants)
    known = tables.cached("machine hazards", _no_hazards)
    if plan.machines not in known:
        known[plan.machines] = _hazards(tables, plan.machines)
    hazard, repair = known[plan.machines]
    power = np.add.reduceat(plan.efficiency[plan.crew], plan.crew_start[:-1])
    minutes = smv_min * np.diff(plan.crew_start) / power  # of one piece at each station
    return np.asarray(
        _draw(
            key,
            pieces,
            minutes,
            hazard,
            repair,
            table,
            (*failures.response_min, queue.wait_chance, queue.mean_wait_min),
            (1.0 / (failures.small_stop_h * MIN_PER_HOUR), failures.small_stop_min),
        )
    )


def _constants(tables: PlantTables) -> tuple[Floats, Mechanics]:
    cv = tables.scenario.disruptions.machines.repair_cv
    return lognormal_table(cv), mechanics(tables)


def _no_hazards(tables: PlantTables) -> dict[tuple[str, ...], tuple[Floats, Floats]]:
    return {}


def _hazards(tables: PlantTables, machines: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Failures per running minute and mean repair of each station, shape (K,) each."""
    groups = {
        code: group
        for group in tables.scenario.disruptions.machines.groups
        for code in group.machines
    }
    hazard = [1.0 / (groups[m].mtbf_h * MIN_PER_HOUR) if m in groups else 0.0 for m in machines]
    repair = [groups[m].repair_min if m in groups else 0.0 for m in machines]
    return np.array(hazard), np.array(repair)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _draw(key, pieces, minutes, hazard, repair, table, service, small):  # type: ignore[no-untyped-def]
    response_low, response_high, wait_chance, mean_wait = service
    small_hazard, small_min = small
    n, k_stations = pieces.shape[0], minutes.shape[0]
    out = np.zeros((n, k_stations))
    scale = 1.0 / 9007199254740992.0
    for b in range(n):
        for k in range(k_stations):
            if hazard[k] <= 0.0:
                continue
            counter = 8 * (b * k_stations + k)
            run = pieces[b] * minutes[k]
            u = np.float64(hash64(key, counter) >> np.uint64(11)) * scale
            failed = run * hazard[k]
            if u < failed:
                bits = hash64(key, counter + 1)
                v = np.float64(hash64(key, counter + 2) >> np.uint64(11)) * scale
                out[b, k] += repair[k] * table[bits >> np.uint64(64 - TABLE_BITS)]
                out[b, k] += response_low + v * (response_high - response_low)
                w = np.float64(hash64(key, counter + 3) >> np.uint64(11)) * scale
                if w < wait_chance:
                    out[b, k] -= mean_wait * np.log(max(w / wait_chance, 1e-12))
            elif u < failed + run * small_hazard:
                out[b, k] += small_min
    return out
