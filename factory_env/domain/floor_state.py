"""The floor of a factory at one minute: where every order in the house stands, and who is there.

A run that is given one begins with it: until that minute nothing happens. Times that end on
``_wall_min`` are wall minutes since the run's first midnight; the others are working minutes of
line or room from the floor's minute on, so they hold whatever the clocks have done before.
None = not known: the house reckons with what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A style that a line has left and still knows in part."""

    style_id: str
    share: float  # that was learned when it was left
    left_wall_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    """A sewing line."""

    line: int
    style_id: str | None = None  # in hand
    learned: float | None = None  # share of it, at the end of the order that the line sews
    present: float | None = None  # share of the operators, for the rest of the day
    free_shift_min: float | None = None  # until the planner expects it to be free
    remembered: tuple[Remembered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SewnNow:
    """An order that a line has taken and that has not left the house."""

    order_id: str
    line: int
    left: int  # pieces, extra cut included, that have not come off the line
    began_min: float | None = None  # since the line took it
    taken_wall_min: float | None = None
    ready_wall_min: float | None = None  # it was cut
    setup_min: float | None = None  # change before it
    share: float | None = None  # learned when it was begun
    # of each operator, since the line took the order: when set up and free for it
    free_min: tuple[float, ...] | None = None
    end_shift_min: float | None = None  # until its planned end; negative = it is past
    unpacked: int | None = None  # pieces off the line and not packed; None = see ``lots``


@dataclass(frozen=True, slots=True, kw_only=True)
class LotNow:
    """A lot between its line and the carton; all others off a line are packed."""

    order_id: str
    number: int  # within the order
    place: str  # gate, or the name of a room
    # starts and ends: at the gate of check, bench and second check; in a room its own
    times_min: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuttingNow:
    """An order that has been begun in the cutting room and waits for no line yet."""

    order_id: str
    left: int | None = None  # pieces that are not cut
    ends_min: tuple[tuple[int, float], ...] = ()  # table and minutes until it is done


@dataclass(frozen=True, slots=True, kw_only=True)
class CutNow:
    """An order that is cut and waits for a line."""

    order_id: str
    ready_wall_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateNow:
    """An order whose fabric was promised for an earlier minute and has not come."""

    order_id: str
    release_wall_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorState:
    """Orders of the book that are in no list: cut soon if their fabric is there, else to come."""

    at_min: float  # wall minute
    lines: tuple[LineNow, ...] = ()
    sewn: tuple[SewnNow, ...] = ()  # of a line the one first that it took first
    lots: tuple[LotNow, ...] = ()
    cutting: tuple[CuttingNow, ...] = ()  # in the order of beginning
    cut: tuple[CutNow, ...] = ()  # in the order of coming
    late: tuple[LateNow, ...] = ()
    shipped: tuple[str, ...] = ()  # orders that have left the house
