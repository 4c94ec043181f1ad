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

from factory_env.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# the agenda: one row
NOW, NEXT_WALL, NEXT_ID, RINGING, RING_WORK, WHAT, LOTS, PRESSED, PACKED = range(9)
STATE_SIZE = 9
# a clock
(
    WORK,
    BASE,
    RATE,
    ARMED_WORK,
    ARMED_WALL,
    ARMED_ID,
    WAITING,
    SERIAL,
    TABLE,
    KNOTS,
) = range(10)
CLOCK_SIZE = 10
# somebody who waits for a clock
AT, TICKET, KIND, ARGUMENT = range(4)
WAITER_SIZE = 4
# what kind of timer it is; for all but the first the argument is a lot or an order
CALL, FALL, LEAVE_GATE, LEAVE_PRESS, LEAVE_PACKING, COMPLETE = range(6)
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
NO_ID = -1.0
SIMPY_NORMAL = 1  # priority of a timer among SimPy's events


class Agenda(NamedTuple):
    """All that the kernels read and write."""

    state: Floats  # (STATE_SIZE,)
    clocks: Floats  # (C, CLOCK_SIZE)
    heaps: Floats  # (C, capacity, WAITER_SIZE) who waits for each clock
    shifts: Floats  # (T, 2, knots) wall and shift minutes of each table of duty
    lots: Floats  # (capacity, LOT_SIZE)
    orders: Floats  # (O, ORDER_SIZE)
    gates: Floats  # (L, GATE_SIZE)
    rooms: Floats  # (2, FREE + servers)
    came: Ints  # (2, capacity) lots in the order in which they came to each room


@compiled
def _shift_at(house: Agenda, c: int, wall_min: float) -> float:
    """Minutes of duty until a wall minute; as `ShiftTable.shift_at`."""
    clock = house.clocks[c]
    walls, duty = house.shifts[int(clock[TABLE]), 0], house.shifts[int(clock[TABLE]), 1]
    n = int(clock[KNOTS])
    i = np.searchsorted(walls[:n], wall_min, side="right") - 1
    if i + 1 >= n:
        return float(duty[n - 1])
    shift = duty[i]
    if duty[i + 1] > shift:
        shift += wall_min - walls[i]
    return float(shift)


@compiled
def _wall_at(house: Agenda, c: int, work_min: float) -> float:
    """When so much work will be done; as `WorkingClock.wall_at`."""
    clock = house.clocks[c]
    if clock[RATE] == 0.0:
        return np.inf
    walls, duty = house.shifts[int(clock[TABLE]), 0], house.shifts[int(clock[TABLE]), 1]
    n = int(clock[KNOTS])
    target = clock[BASE] + (work_min - clock[WORK]) / clock[RATE]
    if target > duty[n - 1]:
        return np.inf
    i = np.searchsorted(duty[:n], target, side="left")
    return float(walls[i] - (duty[i] - target))


@compiled
def _work_now(house: Agenda, c: int) -> float:
    """Working minutes that a clock has done."""
    clock = house.clocks[c]
    shift = _shift_at(house, c, house.state[NOW])
    return float(clock[WORK] + (shift - clock[BASE]) * clock[RATE])


@compiled
def _arm(house: Agenda, c: int) -> None:
    """Set the timer of a clock for who waits first; it takes the next number of events."""
    state, clock = house.state, house.clocks[c]
    if clock[WAITING] == 0.0:
        return
    work = house.heaps[c, 0, AT]
    wall = _wall_at(house, c, work)
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
def _call_at(house: Agenda, c: int, work_min: float, kind: int, argument: float) -> None:
    """Somebody waits until so much work is done; as `WorkingClock.call_at`."""
    clock, heap = house.clocks[c], house.heaps[c]
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
        _arm(house, c)


@compiled
def _take_first(house: Agenda, c: int) -> tuple[int, float]:
    """Kind and argument of who waits first, who is taken off the heap."""
    clock, heap = house.clocks[c], house.heaps[c]
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
def _fall(house: Agenda, i: int) -> None:
    """A lot falls off its line, and the gate knows when it will have checked and mended it."""
    lot = house.lots[i]
    order, gate = house.orders[int(lot[ORDER])], house.gates[int(lot[LINE])]
    clock = int(gate[GATE_CLOCK])
    lot[HAS_FALLEN] = 1.0
    lot[SEWN_MIN] = order[ORDER_SEWN] = house.state[NOW]
    start = max(_work_now(house, clock), gate[TABLE_FREE])
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
    _call_at(house, clock, done, LEAVE_GATE, float(i))


@compiled
def _serve(house: Agenda, r: int, minutes: float) -> tuple[float, float]:
    """First come, first served: start and end of a service by the earliest free crew of a room."""
    room = house.rooms[r]
    free = room[FREE : FREE + int(room[SERVERS])]
    crew = np.argmin(free)
    start = max(_work_now(house, int(room[ROOM_CLOCK])), free[crew])
    free[crew] = start + minutes
    return start, start + minutes


@compiled
def _press(house: Agenda, i: int) -> None:
    """A lot comes to the press room."""
    lot = house.lots[i]
    order, room = house.orders[int(lot[ORDER])], house.rooms[PRESS]
    minutes = lot[GOOD] * order[PRESS_PIECE_MIN] / room[CREW]
    lot[PRESS_START], lot[PRESS_END] = _serve(house, PRESS, minutes)
    house.came[PRESS, int(house.state[PRESSED])] = i
    house.state[PRESSED] += 1.0
    _call_at(house, int(room[ROOM_CLOCK]), lot[PRESS_END], LEAVE_PRESS, float(i))


@compiled
def _pack(house: Agenda, i: int, is_watched: bool) -> None:
    """A lot comes to packing; its order is complete when its last lot is packed."""
    lot = house.lots[i]
    order, room = house.orders[int(lot[ORDER])], house.rooms[PACK]
    clock = int(room[ROOM_CLOCK])
    minutes = lot[GOOD] * order[PACK_PIECE_MIN] / room[CREW]
    lot[PACK_START], lot[PACK_END] = _serve(house, PACK, minutes)
    if is_watched:
        _call_at(house, clock, lot[PACK_END], LEAVE_PACKING, float(i))
    house.came[PACK, int(house.state[PACKED])] = i
    house.state[PACKED] += 1.0
    order[ORDER_GOOD] += lot[GOOD]
    order[PACKED_WORK] = max(order[PACKED_WORK], lot[PACK_END])
    order[OPEN_LOTS] -= 1.0
    if order[OPEN_LOTS] == 0.0 and order[IS_CANCELLED] == 0.0:
        _call_at(house, clock, order[PACKED_WORK], COMPLETE, lot[ORDER])


@compiled
def _ring(house: Agenda, c: int, is_watched: bool) -> int:
    """Ring everybody whose work is done; a kind of timer if Python has to act, else `DONE`."""
    state, clock = house.state, house.clocks[c]
    while clock[WAITING] > 0.0 and house.heaps[c, 0, AT] <= state[RING_WORK]:
        kind, argument = _take_first(house, c)
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
    if clock[WAITING] > 0.0 and house.heaps[c, 0, AT] < clock[ARMED_WORK]:
        _arm(house, c)
    return DONE


@compiled
def _find_next(house: Agenda) -> int:
    """The clock whose timer is due first."""
    clocks, first = house.clocks, 0
    for c in range(1, clocks.shape[0]):
        wall, best = clocks[c, ARMED_WALL], clocks[first, ARMED_WALL]
        if wall < best or (wall == best and clocks[c, ARMED_ID] < clocks[first, ARMED_ID]):
            first = c
    return first


@compiled
def ring_before(
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
    house = Agenda(state, clocks, heaps, shifts, lots, orders, gates, rooms, came)
    state[NEXT_ID] = float(next_id)
    if state[RINGING] >= 0.0:
        return _ring(house, int(state[RINGING]), is_watched)
    while True:
        c = _find_next(house)
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
def call_at(
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
    none = np.empty((0, 0))
    house = Agenda(state, clocks, heaps, shifts, none, none, none, none, np.empty((0, 0), np.int64))
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    _call_at(house, c, work_min, CALL, float(argument))
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
    none = np.empty((0, 0))
    house = Agenda(state, clocks, heaps, shifts, none, none, none, none, np.empty((0, 0), np.int64))
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    clock = clocks[c]
    clock[WORK], clock[BASE], clock[RATE] = work_min, base_min, rate
    clock[ARMED_WORK], clock[ARMED_WALL], clock[ARMED_ID] = np.inf, np.inf, NO_ID
    _arm(house, c)
    return float(state[NEXT_ID])


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

    ``rows``: pieces, what inspection finds and minutes at the bench of each lot, (lots, 10).
    Returns the next number of events.
    """
    none = np.empty((0, 0))
    house = Agenda(state, clocks, heaps, shifts, lots, none, none, none, np.empty((0, 0), np.int64))
    state[NEXT_ID], state[NOW] = float(next_id), now_min
    for number in range(first, sewn_min.shape[0]):
        i = int(state[LOTS])
        state[LOTS] += 1.0
        lots[i, ORDER], lots[i, NUMBER], lots[i, LINE] = float(order), float(number), float(line)
        write_fate(lots[i], rows[number])
        _call_at(house, c, sewn_min[number], FALL, float(i))
    return float(state[NEXT_ID])


@compiled
def write_fate(lot: Floats, row: Floats) -> None:
    """What will come of a lot at the line's end: pieces, what is found, minutes at the bench."""
    lot[PIECES] = row[0]
    for k in range(FOUND_COLUMNS):
        lot[FOUND + k] = row[1 + k]
    lot[GOOD] = row[0] - row[7]  # without the seconds
    lot[BENCH_MIN] = row[1 + FOUND_COLUMNS]
