"""Timers of working clocks as compiled kernels: who waits for how much work, and when it is done.

What `WorkingClock` does with a heap and a SimPy timeout, for many clocks at once and in tables of
floats, whose columns have the names at the top. Sums, ties and the numbers of events are those of
`WorkingClock`, so that whatever waits rings in the same instant and order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined

Floats = NDArray[np.float64]

# what goes on: one row; the last three columns count what the lots' kernels have moved
NOW, NEXT_WALL, NEXT_ID, RINGING, RING_WORK, WHAT, LOTS, PRESSED, PACKED = range(9)
STATE_SIZE = 9
# a clock: as `WorkingClock`, with the timer that is armed, its table of duty and the knots of that
WORK, BASE, RATE, ARMED_WORK, ARMED_WALL, ARMED_ID, WAITING, SERIAL, TABLE, KNOTS = range(10)
CLOCK_SIZE = 10
# somebody who waits for a clock
AT, TICKET, KIND, ARGUMENT = range(4)
WAITER_SIZE = 4
CALL = 0  # the kind of those who wait in Python; other kinds are the lots'
NO_ID = -1.0


class Timers(NamedTuple):
    """All that the kernels read and write."""

    state: Floats  # (STATE_SIZE,)
    clocks: Floats  # (C, CLOCK_SIZE)
    heaps: Floats  # (C, capacity, WAITER_SIZE) who waits for each clock
    shifts: Floats  # (T, 2, knots) wall and shift minutes of each table of duty


@compiled
def read_shift_min(timers: Timers, c: int, wall_min: float) -> float:
    """Minutes of duty until a wall minute; as `ShiftTable.shift_at`."""
    clock = timers.clocks[c]
    walls, duty = timers.shifts[int(clock[TABLE]), 0], timers.shifts[int(clock[TABLE]), 1]
    n = int(clock[KNOTS])
    i = np.searchsorted(walls[:n], wall_min, side="right") - 1
    if i + 1 >= n:
        return float(duty[n - 1])
    shift = duty[i]
    if duty[i + 1] > shift:
        shift += wall_min - walls[i]
    return float(shift)


@compiled
def find_wall_min(timers: Timers, c: int, work_min: float) -> float:
    """When so much work will be done; as `WorkingClock.wall_at`."""
    clock = timers.clocks[c]
    if clock[RATE] == 0.0:
        return np.inf
    walls, duty = timers.shifts[int(clock[TABLE]), 0], timers.shifts[int(clock[TABLE]), 1]
    n = int(clock[KNOTS])
    target = clock[BASE] + (work_min - clock[WORK]) / clock[RATE]
    if target > duty[n - 1]:
        return np.inf
    i = np.searchsorted(duty[:n], target, side="left")
    return float(walls[i] - (duty[i] - target))


@compiled
def read_work_min(timers: Timers, c: int) -> float:
    """Working minutes that a clock has done."""
    clock = timers.clocks[c]
    shift = read_shift_min(timers, c, timers.state[NOW])
    return float(clock[WORK] + (shift - clock[BASE]) * clock[RATE])


@compiled
def arm(timers: Timers, c: int) -> None:
    """Set the timer of a clock for who waits first; it takes the next number of events."""
    state, clock = timers.state, timers.clocks[c]
    if clock[WAITING] == 0.0:
        return
    work = timers.heaps[c, 0, AT]
    wall = find_wall_min(timers, c, work)
    if wall == np.inf:
        return
    clock[ARMED_WORK] = work
    clock[ARMED_WALL] = state[NOW] + max(wall - state[NOW], 0.0)  # as SimPy adds them up
    clock[ARMED_ID] = state[NEXT_ID]
    state[NEXT_ID] += 1.0
    state[NEXT_WALL] = min(state[NEXT_WALL], clock[ARMED_WALL])


@inlined
def _move(heap: Floats, old: int, new: int) -> None:
    """A waiter takes another place in the heap."""
    heap[new, AT], heap[new, TICKET] = heap[old, AT], heap[old, TICKET]
    heap[new, KIND], heap[new, ARGUMENT] = heap[old, KIND], heap[old, ARGUMENT]


@compiled
def wait(timers: Timers, c: int, work_min: float, kind: int, argument: float) -> None:
    """Somebody waits until so much work is done; as `WorkingClock.call_at`."""
    clock, heap = timers.clocks[c], timers.heaps[c]
    clock[SERIAL] += 1.0
    i = int(clock[WAITING])
    clock[WAITING] += 1.0
    while i > 0:  # tickets rise: of equal moments the earlier waiter stays in front
        parent = (i - 1) // 2
        if heap[parent, AT] <= work_min:
            break
        _move(heap, parent, i)
        i = parent
    heap[i, AT], heap[i, TICKET] = work_min, clock[SERIAL]
    heap[i, KIND], heap[i, ARGUMENT] = kind, argument
    if work_min < clock[ARMED_WORK]:
        arm(timers, c)


@compiled
def take_first(timers: Timers, c: int) -> tuple[int, float]:
    """Kind and argument of who waits first, who is taken off the heap."""
    clock, heap = timers.clocks[c], timers.heaps[c]
    kind, argument = int(heap[0, KIND]), heap[0, ARGUMENT]
    n = int(clock[WAITING]) - 1
    clock[WAITING] = float(n)
    at, ticket = heap[n, AT], heap[n, TICKET]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        right = child + 1
        if right < n and (
            heap[right, AT] < heap[child, AT]
            or (heap[right, AT] == heap[child, AT] and heap[right, TICKET] < heap[child, TICKET])
        ):
            child = right
        if at < heap[child, AT] or (at == heap[child, AT] and ticket < heap[child, TICKET]):
            break
        _move(heap, child, i)
        i = child
    _move(heap, n, i)
    return kind, argument


@compiled
def find_next(timers: Timers) -> int:
    """The clock whose timer is due first."""
    clocks, first = timers.clocks, 0
    for c in range(1, clocks.shape[0]):
        wall, best = clocks[c, ARMED_WALL], clocks[first, ARMED_WALL]
        if wall < best or (wall == best and clocks[c, ARMED_ID] < clocks[first, ARMED_ID]):
            first = c
    return first


@compiled
def add_call(
    state: Floats,
    clocks: Floats,
    heaps: Floats,
    shifts: Floats,
    next_id: int,
    now_min: float,
    c: int,
    work_min: float,
    argument: int,
) -> float:
    """Python waits for a clock; returns the next number of events."""
    timers = Timers(state, clocks, heaps, shifts)
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    wait(timers, c, work_min, CALL, float(argument))
    return float(state[NEXT_ID])


@compiled
def retime(
    state: Floats,
    clocks: Floats,
    heaps: Floats,
    shifts: Floats,
    next_id: int,
    now_min: float,
    c: int,
    work_min: float,
    base_min: float,
    rate: float,
) -> float:
    """A clock goes at another rate from now on: time everybody anew. The next number of events."""
    timers = Timers(state, clocks, heaps, shifts)
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    clock = clocks[c]
    clock[WORK], clock[BASE], clock[RATE] = work_min, base_min, rate
    clock[ARMED_WORK], clock[ARMED_WALL], clock[ARMED_ID] = np.inf, np.inf, NO_ID
    arm(timers, c)
    return float(state[NEXT_ID])
