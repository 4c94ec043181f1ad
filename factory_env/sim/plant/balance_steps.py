"""Compiled steps of a line balance: first placing, then moves and swaps.

Shared arrays: ``rates`` (K + 1, L) efficiency of every operator at every station, the last row
for the bench (people without a station); ``crew`` (K + 1, L) who stands where, the first
``size`` (K + 1,) places of a row are in use; ``power`` (K,) efficiency of each crew;
``machine`` (K,) machine type of each station, -1 = none needed; ``free`` (types,) machines
that nobody mans.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

IMPROVEMENTS = 300  # cap on improvement steps; far more than ever needed
LEAST_GAIN_MIN = 1e-12  # minutes per piece below which a step is no improvement
_NONE = (-1, -1, -1)


@njit(cache=True)  # type: ignore[untyped-decorator]
def station_rates(efficiency: Floats, mastery: Floats, machine: Ints) -> Floats:
    """Efficiency of every operator at every station, shape (K + 1, L).

    ``mastery`` (L, types) is a factor by machine type, or (0, 0) for none.
    """
    n, people = machine.shape[0], efficiency.shape[0]
    rates = np.empty((n + 1, people))
    for k in range(n + 1):
        kind = machine[k] if k < n and mastery.shape[0] > 0 else -1
        for o in range(people):
            rates[k, o] = efficiency[o] * mastery[o, kind] if kind >= 0 else efficiency[o]
    return rates


@njit(cache=True)  # type: ignore[untyped-decorator]
def crew_power(rates, crew, n):  # type: ignore[no-untyped-def]
    """Sum of the rates of ``crew[:n]``, added in the order in which numpy adds up to 128."""
    if n < 8:
        total = 0.0
        for i in range(n):
            total += rates[crew[i]]
        return total
    part = np.zeros(8)
    whole = n - n % 8
    for i in range(whole):
        part[i % 8] += rates[crew[i]]
    total = ((part[0] + part[1]) + (part[2] + part[3])) + (
        (part[4] + part[5]) + (part[6] + part[7])
    )
    for i in range(whole, n):
        total += rates[crew[i]]
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def has_machine(machine: Ints, free: Ints, k: int) -> bool:
    """Could one more person work at station ``k``?"""
    return bool(machine[k] < 0 or free[machine[k]] > 0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def add(crew: Ints, size: Ints, k: int, operator: int) -> None:
    """Put an operator at the end of a crew."""
    crew[k, size[k]] = operator
    size[k] += 1


@njit(cache=True)  # type: ignore[untyped-decorator]
def drop(crew: Ints, size: Ints, k: int, operator: int) -> None:
    """Take an operator out of a crew; the others keep their order."""
    i = 0
    while crew[k, i] != operator:
        i += 1
    size[k] -= 1
    for j in range(i, size[k]):
        crew[k, j] = crew[k, j + 1]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_person(rates: Floats, placed: NDArray[np.bool_], breadth: Floats) -> int:
    """Who is best at a station: highest rate, then fewest other skills, then lowest number."""
    best = -1
    for o in range(placed.shape[0]):
        if placed[o]:
            continue
        if (
            best < 0
            or rates[o] > rates[best]
            or (rates[o] == rates[best] and breadth[o] < breadth[best])
        ):
            best = o
    return best


@njit(cache=True)  # type: ignore[untyped-decorator]
def place(  # type: ignore[no-untyped-def]
    smv: Floats, machine: Ints, rates: Floats, breadth: Floats, crew, size, power, free
) -> None:
    """Longest station first, one person each; everybody else joins the station that limits."""
    n, people = smv.shape[0], rates.shape[1]
    placed = np.zeros(people, dtype=np.bool_)
    for k in np.argsort(-smv, kind="mergesort"):
        o = _best_person(rates[k], placed, breadth)
        placed[o] = True
        add(crew, size, k, o)
        power[k] = rates[k, o]
        if machine[k] >= 0:
            free[machine[k]] -= 1
    for _ in range(people - n):
        slow = -1
        for k in range(n):
            if has_machine(machine, free, k) and (
                slow < 0 or smv[k] / power[k] > smv[slow] / power[slow]
            ):
                slow = k
        if slow < 0:
            break
        o = _best_person(rates[slow], placed, breadth)
        placed[o] = True
        add(crew, size, slow, o)
        power[slow] = crew_power(rates[slow], crew[slow], size[slow])
        if machine[slow] >= 0:
            free[machine[slow]] -= 1
    for o in range(people):
        if not placed[o]:
            add(crew, size, n, o)


@njit(cache=True)  # type: ignore[untyped-decorator]
def slowest(smv: Floats, size: Ints, power: Floats) -> int:
    """The manned station with most minutes per piece; -1 if nobody works."""
    slow = -1
    longest = -1.0
    for k in range(smv.shape[0]):
        if size[k] > 0 and smv[k] / power[k] > longest:
            slow, longest = k, smv[k] / power[k]
    return slow


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_swap(  # type: ignore[no-untyped-def]
    smv, rates, crew, size, power, slow
):
    """The swap of one person at the slow station that leaves the lower longest load."""
    n = smv.shape[0]
    best = smv[slow] / power[slow] - LEAST_GAIN_MIN
    found = _NONE
    for i in range(size[slow]):
        give = crew[slow, i]
        for other in range(n + 1):
            if other == slow:
                continue
            for j in range(size[other]):
                take = crew[other, j]
                gain = rates[slow, take] - rates[slow, give]
                if gain <= 0.0:
                    continue
                worst = smv[slow] / (power[slow] + gain)
                if other < n:
                    loss = rates[other, take] - rates[other, give]
                    worst = max(worst, smv[other] / (power[other] - loss))
                if worst < best:
                    best, found = worst, (other, give, take)
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_move(  # type: ignore[no-untyped-def]
    smv, machine, rates, crew, size, power, free, slow, from_bench
):
    """The move of one person to the slow station that leaves the lower longest load."""
    n = smv.shape[0]
    any_type = has_machine(machine, free, slow)
    if any_type and from_bench and size[n] > 0:
        take = crew[n, 0]
        for j in range(1, size[n]):
            if rates[slow, crew[n, j]] > rates[slow, take]:
                take = crew[n, j]
        return (n, -1, take)
    best = smv[slow] / power[slow] - LEAST_GAIN_MIN
    found = _NONE
    for other in range(n):
        if other == slow or size[other] < 2:
            continue
        if not any_type and machine[other] != machine[slow]:
            continue
        for j in range(size[other]):
            worst = smv[other] / (power[other] - rates[other, crew[other, j]])
            if worst < best:
                best, found = worst, (other, -1, crew[other, j])
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def improve(  # type: ignore[no-untyped-def]
    smv, machine, rates, crew, size, power, free, from_bench
):
    """Shorten the longest station by one swap or move at a time, in place; the steps made.

    ``from_bench``: people without a station may join one; otherwise they may only swap.
    """
    n = smv.shape[0]
    for step in range(IMPROVEMENTS):
        slow = slowest(smv, size, power)
        other, give, take = _best_swap(smv, rates, crew, size, power, slow)
        if other < 0:
            other, give, take = _best_move(
                smv, machine, rates, crew, size, power, free, slow, from_bench
            )
        if other < 0:
            return step
        drop(crew, size, other, take)
        add(crew, size, slow, take)
        if give >= 0:
            drop(crew, size, slow, give)
            add(crew, size, other, give)
        else:
            if machine[slow] >= 0:
                free[machine[slow]] -= 1
            if other < n and machine[other] >= 0:
                free[machine[other]] += 1
        power[slow] = crew_power(rates[slow], crew[slow], size[slow])
        if other < n:
            power[other] = crew_power(rates[other], crew[other], size[other])
    return IMPROVEMENTS


@njit(cache=True)  # type: ignore[untyped-decorator]
def placed_people(  # type: ignore[no-untyped-def]
    smv: Floats, machine: Ints, rates: Floats, breadth: Floats, at_hand: Ints
):
    """A whole balance: crews one after the other (C,), their starts (K + 1,), longest load."""
    n, people = smv.shape[0], rates.shape[1]
    crew = np.empty((n + 1, people), dtype=np.int64)
    size = np.zeros(n + 1, dtype=np.int64)
    power = np.zeros(n)
    free = at_hand.copy()
    place(smv, machine, rates, breadth, crew, size, power, free)
    improve(smv, machine, rates, crew, size, power, free, False)
    start = np.zeros(n + 1, dtype=np.int64)
    flat = np.empty(people - size[n], dtype=np.int64)
    for k in range(n):
        start[k + 1] = start[k] + size[k]
        flat[start[k] : start[k + 1]] = crew[k, : size[k]]
    slow = slowest(smv, size, power)
    return flat, start, smv[slow] / power[slow]
