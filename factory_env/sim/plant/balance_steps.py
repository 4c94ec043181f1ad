"""Compiled steps of a line balance: first placing, then moves and swaps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

IMPROVEMENTS = 300  # cap on improvement steps; far more than ever needed
LEAST_GAIN_MIN = 1e-12  # minutes per piece below which a step is no improvement


class Standing(NamedTuple):
    """Who stands where on a line of K stations and L operators; changed in place.

    The row after those of the stations is the bench: people without a station.
    """

    smv_min: Floats  # (K,) minutes per piece at each station
    machine: Ints  # (K,) machine type of each station, -1 = none needed
    rates: Floats  # (K + 1, L) efficiency of every operator at every station
    crew: Ints  # (K + 1, L) operators; the first ``size`` places of a row are in use
    size: Ints  # (K + 1,)
    power: Floats  # (K,) efficiency of each crew
    free: Ints  # (types,) machines that nobody mans


class Step(NamedTuple):
    """One improvement: whom the slow station takes from where, and whom it gives for that."""

    other: int  # station, or the bench; -1 = no step is one
    give: int  # -1 = nobody
    take: int


@compiled
def empty_line(smv_min: Floats, machine: Ints, rates: Floats, at_hand: Ints) -> Standing:
    """Nobody stands anywhere, and nobody is on the bench."""
    n, people = smv_min.shape[0], rates.shape[1]
    return Standing(
        smv_min,
        machine,
        rates,
        np.empty((n + 1, people), dtype=np.int64),
        np.zeros(n + 1, dtype=np.int64),
        np.zeros(n),
        at_hand.copy(),
    )


@compiled
def load_min(line: Standing, k: int) -> float:
    """Minutes per piece of a manned station."""
    return float(line.smv_min[k] / line.power[k])


@compiled
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


@compiled
def crew_power(rates: Floats, crew: Ints, n: int) -> float:
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
    return float(total)


@compiled
def has_machine(line: Standing, k: int) -> bool:
    """Could one more person work at station ``k``?"""
    return bool(line.machine[k] < 0 or line.free[line.machine[k]] > 0)


@compiled
def add(line: Standing, k: int, operator: int) -> None:
    """Put an operator at the end of a crew."""
    line.crew[k, line.size[k]] = operator
    line.size[k] += 1


@compiled
def drop(line: Standing, k: int, operator: int) -> None:
    """Take an operator out of a crew; the others keep their order."""
    crew, size = line.crew, line.size
    i = 0
    while crew[k, i] != operator:
        i += 1
    size[k] -= 1
    for j in range(i, size[k]):
        crew[k, j] = crew[k, j + 1]


@compiled
def man(line: Standing, k: int) -> None:
    """Somebody has come to station ``k``: one more machine is in use."""
    if line.machine[k] >= 0:
        line.free[line.machine[k]] -= 1


@compiled
def leave(line: Standing, k: int) -> None:
    """Somebody has left station ``k`` or the bench: the machine is free."""
    if k < line.machine.shape[0] and line.machine[k] >= 0:
        line.free[line.machine[k]] += 1


@compiled
def weigh(line: Standing, k: int) -> None:
    """The crew of station ``k`` has changed; nothing to do for the bench."""
    if k < line.power.shape[0]:
        line.power[k] = crew_power(line.rates[k], line.crew[k], line.size[k])


@compiled
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


@compiled
def place(line: Standing, breadth: Floats) -> None:
    """Longest station first, one person each; everybody else joins the station that limits."""
    n, people = line.smv_min.shape[0], line.rates.shape[1]
    placed = np.zeros(people, dtype=np.bool_)
    for k in np.argsort(-line.smv_min, kind="mergesort"):
        o = _best_person(line.rates[k], placed, breadth)
        placed[o] = True
        add(line, k, o)
        line.power[k] = line.rates[k, o]
        man(line, k)
    for _ in range(people - n):
        slow = -1
        for k in range(n):
            if has_machine(line, k) and (slow < 0 or load_min(line, k) > load_min(line, slow)):
                slow = k
        if slow < 0:
            break
        o = _best_person(line.rates[slow], placed, breadth)
        placed[o] = True
        add(line, slow, o)
        weigh(line, slow)
        man(line, slow)
    for o in range(people):
        if not placed[o]:
            add(line, n, o)


@compiled
def slowest(line: Standing) -> int:
    """The manned station with most minutes per piece; -1 if nobody works."""
    slow = -1
    longest = -1.0
    for k in range(line.smv_min.shape[0]):
        if line.size[k] > 0 and load_min(line, k) > longest:
            slow, longest = k, load_min(line, k)
    return slow


@compiled
def _best_swap(line: Standing, slow: int) -> Step:
    """The swap of one person at the slow station that leaves the lower longest load."""
    smv, rates, crew, size, power = line.smv_min, line.rates, line.crew, line.size, line.power
    n = smv.shape[0]
    best, step = smv[slow] / power[slow] - LEAST_GAIN_MIN, Step(-1, -1, -1)
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
                    best, step = worst, Step(other, give, take)
    return step


@compiled
def _best_move(line: Standing, slow: int, from_bench: bool) -> Step:
    """The move of one person to the slow station that leaves the lower longest load."""
    smv, machine, rates = line.smv_min, line.machine, line.rates
    crew, size, power = line.crew, line.size, line.power
    n = smv.shape[0]
    any_type = has_machine(line, slow)
    if any_type and from_bench and size[n] > 0:
        take = crew[n, 0]
        for j in range(1, size[n]):
            if rates[slow, crew[n, j]] > rates[slow, take]:
                take = crew[n, j]
        return Step(n, -1, take)
    best, step = smv[slow] / power[slow] - LEAST_GAIN_MIN, Step(-1, -1, -1)
    for other in range(n):
        if other == slow or size[other] < 2:
            continue
        if not any_type and machine[other] != machine[slow]:
            continue
        for j in range(size[other]):
            worst = smv[other] / (power[other] - rates[other, crew[other, j]])
            if worst < best:
                best, step = worst, Step(other, -1, crew[other, j])
    return step


@compiled
def improve(line: Standing, from_bench: bool) -> int:
    """Shorten the longest station by one swap or move at a time, in place; the steps made.

    ``from_bench``: people without a station may join one; otherwise they may only swap.
    """
    for count in range(IMPROVEMENTS):
        slow = slowest(line)
        step = _best_swap(line, slow)
        if step.other < 0:
            step = _best_move(line, slow, from_bench)
        if step.other < 0:
            return count
        drop(line, step.other, step.take)
        add(line, slow, step.take)
        if step.give >= 0:
            drop(line, slow, step.give)
            add(line, step.other, step.give)
        else:
            man(line, slow)
            leave(line, step.other)
        weigh(line, slow)
        weigh(line, step.other)
    return IMPROVEMENTS


class Placed(NamedTuple):
    """A whole balance."""

    crew: Ints  # (C,) crews one after the other
    start: Ints  # (K + 1,) where each begins
    longest_min: float  # load of the slowest station


@compiled
def placed_people(
    smv: Floats, machine: Ints, rates: Floats, breadth: Floats, at_hand: Ints
) -> Placed:
    """Everybody placed, and the longest station shortened as far as it goes."""
    n = smv.shape[0]
    line = empty_line(smv, machine, rates, at_hand)
    place(line, breadth)
    improve(line, False)
    start = np.zeros(n + 1, dtype=np.int64)
    crew = np.empty(rates.shape[1] - line.size[n], dtype=np.int64)
    for k in range(n):
        start[k + 1] = start[k] + line.size[k]
        crew[start[k] : start[k + 1]] = line.crew[k, : line.size[k]]
    return Placed(crew, start, load_min(line, slowest(line)))
