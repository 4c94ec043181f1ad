"""Transfer lots from the line to the carton, as one compiled agenda of timers.

What `WorkingClock`, `Gate` and `LotStation` do with Python objects and a SimPy event a move, for
all lots of a run at once: a lot falls off its line, is checked and mended, pressed and packed. The
rules, the sums and the order of timers in one minute are those of that path, so that both write the
same log to the last bit (`tests/laws/test_lots_compiled.py`). Everything is kept in tables of
floats; the names of their columns stand at the top. Where somebody in Python has to act, the kernel
stops in the middle of the minute and goes on when it is called again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.sim.work.clock_timers import (
    ARMED_ID,
    ARMED_WALL,
    ARMED_WORK,
    AT,
    CALL,
    LOTS,
    NEXT_ID,
    NEXT_WALL,
    NO_ID,
    NOW,
    PACKED,
    PRESSED,
    RING_WORK,
    RINGING,
    WAITING,
    WHAT,
    Timers,
    arm,
    find_next,
    read_work_min,
    take_first,
    wait,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# kinds of timer beside a call in Python; the argument is a lot, and of the last an order
FALL, LEAVE_GATE, LEAVE_PRESS, LEAVE_PACKING, COMPLETE = range(1, 6)
NOTHING, DONE = -1, -2  # and what else a kernel may answer: nothing is due, the minute is done
# a lot: what it is, what inspection makes of it, where it stands, and when it was where
ORDER, NUMBER, LINE, PIECES, GOOD = range(5)
FOUND, FOUND_COLUMNS = 5, 8  # the first of the columns of `Found`
BENCH_MIN, CHECK_MIN, HAS_FALLEN, IS_VOID, SEWN_MIN = range(13, 18)
(
    CAMERA_START,
    CAMERA_END,
    INSPECT_START,
    INSPECT_END,
    REPAIR_START,
    REPAIR_END,
    AGAIN_START,
    AGAIN_END,
    PRESS_START,
    PRESS_END,
    PACK_START,
    PACK_END,
) = range(18, 30)
LOT_SIZE = 30
# an order
OPEN_LOTS, ORDER_GOOD, PACKED_WORK, ORDER_SEWN, IS_CANCELLED = range(5)
INSPECT_PIECE_MIN, PRESS_PIECE_MIN, PACK_PIECE_MIN, IS_PRESSED = range(5, 9)
ORDER_SIZE = 9
# the end of a line
GATE_CLOCK, PEOPLE, MENDERS, TABLE_FREE, BENCH_FREE = range(5)
GATE_SIZE = 5
# rooms: a row of facts, then working minutes at which servers are free
PRESS, PACK = range(2)
ROOM_CLOCK, CREW, SERVERS, FREE = range(4)
SIMPY_NORMAL = 1  # priority of a timer among SimPy's events


class Moves(NamedTuple):
    """All that the kernels read and write."""

    timers: Timers
    lots: Floats  # (capacity, LOT_SIZE)
    orders: Floats  # (O, ORDER_SIZE)
    gates: Floats  # (L, GATE_SIZE)
    rooms: Floats  # (2, FREE + servers)
    came: Ints  # (2, capacity) lots in the order in which they came to each room


@compiled
def _fall(house: Moves, i: int) -> None:
    """A lot falls off its line, and the gate knows when it will have checked and mended it."""
    lot = house.lots[i]
    order, gate = house.orders[int(lot[ORDER])], house.gates[int(lot[LINE])]
    clock = int(gate[GATE_CLOCK])
    lot[HAS_FALLEN] = 1.0
    lot[SEWN_MIN] = order[ORDER_SEWN] = house.timers.state[NOW]
    start = max(read_work_min(house.timers, clock), gate[TABLE_FREE])
    lot[CHECK_MIN] = lot[PIECES] * order[INSPECT_PIECE_MIN]
    checked = start + lot[CHECK_MIN] / gate[PEOPLE]
    gate[TABLE_FREE] = checked
    lot[CAMERA_START] = lot[CAMERA_END] = lot[INSPECT_START] = start
    lot[INSPECT_END] = checked
    begin = done = checked
    if lot[BENCH_MIN] > 0.0:
        begin = max(checked, gate[BENCH_FREE])
        done = begin + lot[BENCH_MIN] / gate[MENDERS]
        gate[BENCH_FREE] = done
    lot[REPAIR_START] = begin
    lot[REPAIR_END] = lot[AGAIN_START] = lot[AGAIN_END] = done
    wait(house.timers, clock, done, LEAVE_GATE, float(i))


@compiled
def _serve(house: Moves, r: int, minutes: float) -> tuple[float, float]:
    """First come, first served: start and end of a service by the earliest free crew of a room."""
    room = house.rooms[r]
    free = room[FREE : FREE + int(room[SERVERS])]
    crew = np.argmin(free)
    start = max(read_work_min(house.timers, int(room[ROOM_CLOCK])), free[crew])
    free[crew] = start + minutes
    return start, start + minutes


@compiled
def _press(house: Moves, i: int) -> None:
    """A lot comes to the press room."""
    lot = house.lots[i]
    order, room = house.orders[int(lot[ORDER])], house.rooms[PRESS]
    minutes = lot[GOOD] * order[PRESS_PIECE_MIN] / room[CREW]
    lot[PRESS_START], lot[PRESS_END] = _serve(house, PRESS, minutes)
    house.came[PRESS, int(house.timers.state[PRESSED])] = i
    house.timers.state[PRESSED] += 1.0
    wait(house.timers, int(room[ROOM_CLOCK]), lot[PRESS_END], LEAVE_PRESS, float(i))


@compiled
def _pack(house: Moves, i: int, is_watched: bool) -> None:
    """A lot comes to packing; its order is complete when its last lot is packed."""
    lot = house.lots[i]
    order, room = house.orders[int(lot[ORDER])], house.rooms[PACK]
    clock = int(room[ROOM_CLOCK])
    minutes = lot[GOOD] * order[PACK_PIECE_MIN] / room[CREW]
    lot[PACK_START], lot[PACK_END] = _serve(house, PACK, minutes)
    if is_watched:
        wait(house.timers, clock, lot[PACK_END], LEAVE_PACKING, float(i))
    house.came[PACK, int(house.timers.state[PACKED])] = i
    house.timers.state[PACKED] += 1.0
    order[ORDER_GOOD] += lot[GOOD]
    order[PACKED_WORK] = max(order[PACKED_WORK], lot[PACK_END])
    order[OPEN_LOTS] -= 1.0
    if order[OPEN_LOTS] == 0.0 and order[IS_CANCELLED] == 0.0:
        wait(house.timers, clock, order[PACKED_WORK], COMPLETE, lot[ORDER])


@compiled
def _ring(house: Moves, c: int, is_watched: bool) -> int:
    """Ring everybody whose work is done; a kind of timer if Python has to act, else `DONE`."""
    state, clock = house.timers.state, house.timers.clocks[c]
    while clock[WAITING] > 0.0 and house.timers.heaps[c, 0, AT] <= state[RING_WORK]:
        kind, argument = take_first(house.timers, c)
        i = int(argument)
        if kind == FALL:
            if house.lots[i, IS_VOID] > 0.0:
                continue
            _fall(house, i)
        elif kind == LEAVE_GATE and house.orders[int(house.lots[i, ORDER]), IS_PRESSED] > 0.0:
            _press(house, i)
        elif kind in (LEAVE_GATE, LEAVE_PRESS):
            _pack(house, i, is_watched)
        if is_watched or kind in (CALL, COMPLETE):
            state[RINGING], state[WHAT] = float(c), argument
            return kind
    state[RINGING] = NO_ID
    if clock[WAITING] > 0.0 and house.timers.heaps[c, 0, AT] < clock[ARMED_WORK]:
        arm(house.timers, c)
    return DONE


@compiled
def ring_due(
    state: Floats,
    clocks: Floats,
    heaps: Floats,
    shifts: Floats,
    lots: Floats,
    orders: Floats,
    gates: Floats,
    rooms: Floats,
    came: Ints,
    next_id: int,
    wall_min: float,
    priority: int,
    event: int,
    is_watched: bool,
) -> int:
    """Ring what is due before a SimPy event of a wall minute, a priority and a number.

    Returns `NOTHING` if no more is, `DONE` if a minute in which Python had to act is over, else the
    kind of timer for which Python has to act now; its argument is ``state[WHAT]``.
    """
    timers = Timers(state, clocks, heaps, shifts)
    house = Moves(timers, lots, orders, gates, rooms, came)
    state[NEXT_ID] = float(next_id)
    if state[RINGING] >= 0.0:
        return _ring(house, int(state[RINGING]), is_watched)
    while True:
        c = find_next(timers)
        clock = clocks[c]
        wall = clock[ARMED_WALL]
        is_later = wall == wall_min and (
            priority < SIMPY_NORMAL or (priority == SIMPY_NORMAL and event < clock[ARMED_ID])
        )
        if wall > wall_min or wall == np.inf or is_later:
            state[NEXT_WALL] = wall
            return NOTHING
        state[NOW], state[RING_WORK] = wall, clock[ARMED_WORK]
        clock[ARMED_WORK], clock[ARMED_WALL], clock[ARMED_ID] = np.inf, np.inf, NO_ID
        kind = _ring(house, c, is_watched)
        if kind != DONE:
            return kind


@compiled
def add_lots(
    state: Floats,
    clocks: Floats,
    heaps: Floats,
    shifts: Floats,
    lots: Floats,
    next_id: int,
    now_min: float,
    c: int,
    order: int,
    line: int,
    first: int,
    rows: Floats,
    sewn_min: Floats,
) -> float:
    """Lots from number ``first`` on will fall off a line at working minutes of its clock.

    ``rows``: as in `Lots.rows`: pieces, what inspection finds, minutes at the bench, (lots, 10).
    Returns the next number of events.
    """
    timers = Timers(state, clocks, heaps, shifts)
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    for number in range(first, sewn_min.shape[0]):
        i = int(state[LOTS])
        state[LOTS] += 1.0
        lots[i, ORDER], lots[i, NUMBER], lots[i, LINE] = float(order), float(number), float(line)
        write_fate(lots[i], rows[number])
        wait(timers, c, sewn_min[number], FALL, float(i))
    return float(state[NEXT_ID])


@compiled
def write_fate(lot: Floats, row: Floats) -> None:
    """What will come of a lot at the line's end: pieces, what is found, minutes at the bench."""
    lot[PIECES] = row[0]
    for k in range(FOUND_COLUMNS):
        lot[FOUND + k] = row[1 + k]
    lot[GOOD] = row[0] - row[7]  # without the seconds
    lot[BENCH_MIN] = row[1 + FOUND_COLUMNS]
