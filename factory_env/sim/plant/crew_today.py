"""Who is here today, and what the line can do with them.

The absent leave their stations. Nobody else moves, except that a station left empty gets the
person whom another station can spare best, or its work goes to a neighbour crew if nobody can
be spared. After that the line may be balanced again, by the steps of the line balance.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.sim.plant.balance_steps import (
    Standing,
    add,
    crew_power,
    drop,
    empty_line,
    improve,
    leave,
    load_min,
    man,
    slowest,
    station_rates,
    weigh,
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
    stations = Planned(
        smv_min=plan.smv_min,
        machine=plan.machine_type,
        at_hand=plan.at_hand,
        crew=plan.crew,
        start=plan.crew_start,
    )
    known = NO_MASTERY if mastery is None else mastery
    return _capacities(stations, efficiency, known, present, station)


class Planned(NamedTuple):
    """The stations of a line and their full crews; see `Balance`."""

    smv_min: Floats
    machine: Ints
    at_hand: Ints
    crew: Ints
    start: Ints


@compiled
def _capacities(
    plan: Planned, efficiency: Floats, mastery: Floats, present: Bools, station: Ints
) -> tuple[float, float]:
    """Speed with people kept and shifted, over that of all; fills ``station`` (2, L)."""
    rates = station_rates(efficiency, mastery, plan.machine)
    line = empty_line(plan.smv_min.copy(), plan.machine, rates, plan.at_hand)
    full = _man_present(line, plan, present)
    if not _fill_empty(line):
        station[:] = -1
        return 0.0, 0.0
    _note(station[0], line)
    keep = full / load_min(line, slowest(line))
    if present.all():  # the plan stands
        station[1] = station[0]
        return keep, keep
    improve(line, True)
    _note(station[1], line)
    return keep, full / load_min(line, slowest(line))


@compiled
def _man_present(line: Standing, plan: Planned, present: Bools) -> float:
    """Those who are here go to their stations or the bench; longest load if all were here."""
    n, machine, longest = plan.smv_min.shape[0], plan.machine, 0.0
    bench = present.copy()
    for k in range(n):
        who = plan.crew[plan.start[k] : plan.start[k + 1]]
        longest = max(longest, plan.smv_min[k] / crew_power(line.rates[k], who, who.shape[0]))
        for o in who:
            bench[o] = False
            if present[o]:
                add(line, k, o)
        weigh(line, k)
        if machine[k] >= 0:
            line.free[machine[k]] -= line.size[k]
    for o in range(present.shape[0]):
        if bench[o]:
            add(line, n, o)
    return longest


@compiled
def _note(station: Ints, line: Standing) -> None:
    """Write down where everybody stands."""
    station[:] = -1
    for k in range(line.size.shape[0] - 1):
        for i in range(line.size[k]):
            station[line.crew[k, i]] = k


@compiled
def _fill_empty(line: Standing) -> bool:
    """Man every station that is empty, most work first; False if nobody is there at all.

    A station for which nobody can be spared gives its work to the crew that is done with both
    soonest, and stays empty.
    """
    if line.size.sum() == 0:
        return False
    for k in np.argsort(-line.smv_min, kind="mergesort"):
        if line.size[k] > 0:
            continue
        donor, person = _find_spare(line, k)
        if donor < 0:
            _give_work(line, k)
            continue
        drop(line, donor, person)
        add(line, k, person)
        line.power[k] = line.rates[k, person]
        weigh(line, donor)
        leave(line, donor)
        man(line, k)
    return True


@compiled
def _give_work(line: Standing, k: int) -> None:
    """The work of an empty station goes to the crew that is done with both soonest."""
    work, host, least = line.smv_min, -1, np.inf
    for j in range(work.shape[0]):
        if line.size[j] > 0 and (work[j] + work[k]) / line.power[j] < least:
            host, least = j, (work[j] + work[k]) / line.power[j]
    work[host] += work[k]
    work[k] = 0.0


@compiled
def _find_spare(line: Standing, k: int) -> tuple[int, int]:
    """Whom an empty station gets: people without a station first, then whoever is missed least.

    Returns the place that person leaves, and the person; (-1, -1) = nobody.
    """
    work, rates, crew, size, power = line.smv_min, line.rates, line.crew, line.size, line.power
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
