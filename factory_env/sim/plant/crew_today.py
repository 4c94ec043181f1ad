"""Who is here today, and what the line can do with them.

The absent leave their stations. Nobody else moves, except that a station left empty gets the
person whom another station can spare best, or its work goes to a neighbour crew if nobody can
be spared. After that the line may be balanced again, by the steps of the line balance.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.sim.plant.balance_steps import (
    add,
    crew_power,
    drop,
    improve,
    slowest,
    station_rates,
)
from factory_env.sim.plant.line_balance import NO_MASTERY, Balance

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mode = Literal["keep", "shift"]


def absent_people(share: float, luck: Floats, operators: int) -> Bools:
    """Who is present, shape (operators,), when ``share`` of the people are absent.

    ``luck`` holds operators + 1 uniforms: the first rounds the number of absent people up or
    down, so that it is right on average; those with the least of the others are absent.
    """
    absent = min(int(share * operators + luck[0]), operators)
    present = np.ones(operators, dtype=np.bool_)
    if absent > 0:
        present[np.argsort(luck[1:], kind="stable")[:absent]] = False
    return present


def today_capacity(
    plan: Balance, efficiency: Floats, mastery: Floats | None, present: Bools, mode: Mode
) -> float:
    """Speed of the line today over that of its full crew: 0 if nobody is here, 1 if all are.

    Parameters
    ----------
    efficiency : shape (operators,), present efficiency at a machine that is mastered
    mastery : shape (operators, types), factor by machine type; None = 1 everywhere
    present : shape (operators,)
    mode : ``keep``: nobody moves except to an empty station; ``shift``: balanced again
    """
    keep, shift = both_capacities(plan, efficiency, mastery, present)
    return shift if mode == "shift" else keep


def both_capacities(
    plan: Balance, efficiency: Floats, mastery: Floats | None, present: Bools
) -> tuple[float, float]:
    """`today_capacity` if people stay, and if the line is balanced again; one computation."""
    station = np.empty((2, present.shape[0]), dtype=np.int64)
    return _today(plan, efficiency, mastery, present, station)


def stations_today(
    plan: Balance, efficiency: Floats, mastery: Floats | None, present: Bools, mode: Mode
) -> Ints:
    """Where each operator stands today, shape (operators,); -1 = absent or without a station."""
    station = np.empty((2, present.shape[0]), dtype=np.int64)
    _today(plan, efficiency, mastery, present, station)
    return np.asarray(station[int(mode == "shift")])


def _today(
    plan: Balance, efficiency: Floats, mastery: Floats | None, present: Bools, station: Ints
) -> tuple[float, float]:
    keep, shift = _capacities(
        plan.smv_min,
        plan.machine_type,
        plan.at_hand,
        plan.crew,
        plan.crew_start,
        efficiency,
        NO_MASTERY if mastery is None else mastery,
        present,
        station,
    )
    return keep, shift


@njit(cache=True)  # type: ignore[untyped-decorator]
def _capacities(  # type: ignore[no-untyped-def]
    smv, machine, at_hand, planned, start, efficiency, mastery, present, station
):
    """Speed with people kept and shifted, over that of all; fills ``station`` (2, L)."""
    n, people = smv.shape[0], present.shape[0]
    rates = station_rates(efficiency, mastery, machine)
    crew = np.empty((n + 1, people), dtype=np.int64)
    size = np.zeros(n + 1, dtype=np.int64)
    power = np.empty(n)
    free = at_hand.copy()
    full = 0.0  # longest load with everybody here
    bench = present.copy()
    for k in range(n):
        who = planned[start[k] : start[k + 1]]
        full = max(full, smv[k] / crew_power(rates[k], who, who.shape[0]))
        for o in who:
            bench[o] = False
            if present[o]:
                add(crew, size, k, o)
        power[k] = crew_power(rates[k], crew[k], size[k])
        if machine[k] >= 0:
            free[machine[k]] -= size[k]
    for o in range(people):
        if bench[o]:
            add(crew, size, n, o)
    work = smv.copy()
    if not _fill_empty(work, machine, rates, crew, size, power, free):
        station[:] = -1
        return 0.0, 0.0
    _note(station[0], crew, size)
    slow = slowest(work, size, power)
    keep = full / (work[slow] / power[slow])
    if present.all():  # the plan stands
        station[1] = station[0]
        return keep, keep
    improve(work, machine, rates, crew, size, power, free, True)
    _note(station[1], crew, size)
    slow = slowest(work, size, power)
    return keep, full / (work[slow] / power[slow])


@njit(cache=True)  # type: ignore[untyped-decorator]
def _note(station: Ints, crew: Ints, size: Ints) -> None:
    """Write down where everybody stands."""
    station[:] = -1
    for k in range(size.shape[0] - 1):
        for i in range(size[k]):
            station[crew[k, i]] = k


@njit(cache=True)  # type: ignore[untyped-decorator]
def _fill_empty(  # type: ignore[no-untyped-def]
    work, machine, rates, crew, size, power, free
):
    """Man every station that is empty, most work first; False if nobody is there at all.

    A station for which nobody can be spared gives its work to the crew that is done with both
    soonest, and stays empty.
    """
    n = work.shape[0]
    if size.sum() == 0:
        return False
    for k in np.argsort(-work, kind="mergesort"):
        if size[k] > 0:
            continue
        donor, person = _spared(work, rates, crew, size, power, k)
        if donor < 0:
            host, least = -1, np.inf
            for j in range(n):
                if size[j] > 0 and (work[j] + work[k]) / power[j] < least:
                    host, least = j, (work[j] + work[k]) / power[j]
            work[host] += work[k]
            work[k] = 0.0
            continue
        drop(crew, size, donor, person)
        add(crew, size, k, person)
        power[k] = rates[k, person]
        if donor < n:
            power[donor] = crew_power(rates[donor], crew[donor], size[donor])
            if machine[donor] >= 0:
                free[machine[donor]] += 1
        if machine[k] >= 0:
            free[machine[k]] -= 1
    return True


@njit(cache=True)  # type: ignore[untyped-decorator]
def _spared(work, rates, crew, size, power, k):  # type: ignore[no-untyped-def]
    """Whom an empty station gets: people without a station first, then whoever is missed least."""
    n = work.shape[0]
    donor, person = -1, -1
    best = np.inf
    for j in range(size[n]):
        o = crew[n, j]
        if work[k] / rates[k, o] < best:
            donor, person, best = n, o, work[k] / rates[k, o]
    if donor == n:
        return donor, person
    for other in range(n):
        if size[other] < 2:
            continue
        for j in range(size[other]):
            o = crew[other, j]
            worst = max(work[other] / (power[other] - rates[other, o]), work[k] / rates[k, o])
            if worst < best:
                donor, person, best = other, o, worst
    return donor, person
