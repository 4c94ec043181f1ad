"""The line balance as plain Python: lists of people, one step at a time.

Slow and obvious. Without a skill matrix, and on lines with a machine for every station, the
compiled balance of `factory_env.sim.plant.line_balance` must give the very same crews
(`tests/sim/plant/test_line_balance.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Product

IMPROVEMENTS = 300  # cap on improvement steps; far more than ever needed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainBalance:
    """Operators at stations."""

    smv_min: list[float]
    machines: list[str]
    crews: list[list[int]]
    bottleneck_min: float


@dataclass(frozen=True, slots=True)
class _Station:
    smv_min: float
    machine: str


def plain_balance(
    line: LineSpec, product: Product, efficiency: NDArray[np.float64]
) -> PlainBalance:
    """Balance ``line`` for ``product``; ``efficiency`` has the shape (operators,)."""
    stations = _merged(product, line.operators)
    crews = _assign(stations, line, efficiency)
    smv = np.array([s.smv_min for s in stations])
    machines = [s.machine for s in stations]
    _improve(crews, smv, efficiency, machines, line)
    loads = _loads(crews, smv, efficiency)
    return PlainBalance(
        smv_min=smv.tolist(), machines=machines, crews=crews, bottleneck_min=float(loads.max())
    )


def _merged(product: Product, operators: int) -> list[_Station]:
    """One station per operation; the lightest neighbours merge while there are too few people."""
    stations = [_Station(op.smv_min, op.machine) for op in product.operations]
    while len(stations) > operators:
        i = min(
            range(len(stations) - 1), key=lambda j: stations[j].smv_min + stations[j + 1].smv_min
        )
        a, b = stations[i], stations[i + 1]
        machine = b.machine if a.machine == MANUAL_MACHINE else a.machine
        stations[i : i + 2] = [_Station(a.smv_min + b.smv_min, machine)]
    return stations


def _assign(
    stations: list[_Station], line: LineSpec, efficiency: NDArray[np.float64]
) -> list[list[int]]:
    crews: list[list[int]] = [[] for _ in stations]
    people = sorted(range(line.operators), key=lambda o: (-efficiency[o], o))
    by_length = sorted(range(len(stations)), key=lambda k: (-stations[k].smv_min, k))
    for k, operator in zip(by_length, people, strict=False):
        crews[k].append(operator)
    free = _free_machines(crews, [s.machine for s in stations], line)
    smv = np.array([s.smv_min for s in stations])
    for operator in people[len(stations) :]:
        loads = _loads(crews, smv, efficiency)
        for k in np.argsort(-loads, kind="stable"):
            machine = stations[k].machine
            if free.get(machine, 1) > 0:
                crews[k].append(operator)
                if machine in free:
                    free[machine] -= 1
                break
    return crews


def _free_machines(crews: list[list[int]], machines: list[str], line: LineSpec) -> dict[str, int]:
    """Machines still unmanned, by type; manual work needs none and is not listed."""
    free = {m: int(n) for m, n in line.machines.items() if m != MANUAL_MACHINE}
    for machine, crew in zip(machines, crews, strict=True):
        if machine in free:
            free[machine] -= len(crew)
    return free


def _loads(
    crews: list[list[int]], smv: NDArray[np.float64], efficiency: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Minutes per piece of each station."""
    return np.asarray(smv / np.array([efficiency[c].sum() for c in crews]))


def _improve(
    crews: list[list[int]],
    smv: NDArray[np.float64],
    efficiency: NDArray[np.float64],
    machines: list[str],
    line: LineSpec,
) -> None:
    """Shorten the longest station by one move or swap at a time, in place."""
    for _ in range(IMPROVEMENTS):
        power = np.array([efficiency[c].sum() for c in crews])
        loads = smv / power
        slow = int(loads.argmax())
        step = _best_swap(crews, smv, efficiency, power, slow) or _best_move(
            crews, smv, efficiency, power, slow, _free_machines(crews, machines, line), machines
        )
        if step is None:
            return
        other, give, take = step
        crews[other].remove(take)
        crews[slow].append(take)
        if give is not None:
            crews[slow].remove(give)
            crews[other].append(give)


def _best_swap(
    crews: list[list[int]],
    smv: NDArray[np.float64],
    efficiency: NDArray[np.float64],
    power: NDArray[np.float64],
    slow: int,
) -> tuple[int, int | None, int] | None:
    """The swap of one person at the slow station that leaves the lower longest load."""
    best = smv[slow] / power[slow] - 1e-12
    found: tuple[int, int | None, int] | None = None
    for give in crews[slow]:
        for other in range(len(crews)):
            if other == slow:
                continue
            for take in crews[other]:
                gain = efficiency[take] - efficiency[give]
                if gain <= 0:
                    continue
                worst = max(smv[slow] / (power[slow] + gain), smv[other] / (power[other] - gain))
                if worst < best:
                    best, found = worst, (other, give, take)
    return found


def _best_move(
    crews: list[list[int]],
    smv: NDArray[np.float64],
    efficiency: NDArray[np.float64],
    power: NDArray[np.float64],
    slow: int,
    free: dict[str, int],
    machines: list[str],
) -> tuple[int, int | None, int] | None:
    """The move of one person to the slow station that leaves the lower longest load."""
    same = [k for k in range(len(crews)) if machines[k] == machines[slow]]
    has_machine = free.get(machines[slow], 1) > 0
    best = smv[slow] / power[slow] - 1e-12
    found: tuple[int, int | None, int] | None = None
    for other in range(len(crews)) if has_machine else same:
        if other == slow or len(crews[other]) < 2:
            continue
        for take in crews[other]:
            worst = smv[other] / (power[other] - efficiency[take])
            if worst < best:
                best, found = worst, (other, None, take)
    return found
