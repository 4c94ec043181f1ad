"""Where it is sewn: lines with operators, machines and skills; the rooms before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.limits import CountOrNone, Ratio, Staff
from factory_env.domain.people import People
from factory_env.domain.product import MANUAL_MACHINE, Product

LAST_ROOM: Final = "packing"  # of every route
USUAL_ROUTE: Final = ("pressing", LAST_ROOM)  # rooms that every plant has


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSpec:
    """A sewing line."""

    name: str
    fabric_group: str
    home: tuple[str, ...]  # products the line was built for
    operators: Staff
    skills: Mapping[str, Ratio]  # product -> factor on operator efficiency
    machines: Mapping[str, CountOrNone]  # machine code -> machines at hand (manned and swing)
    inspectors: Staff = 2
    repairers: Staff = 2

    def can_sew(self, product: Product) -> bool:
        """Same fabric group, a skill for it, and a machine for every operation."""
        return self.why_not(product) == ""

    def why_not(self, product: Product) -> str:
        """Why this line cannot sew ``product``; empty if it can."""
        if product.fabric_group != self.fabric_group:
            return f"sews {self.fabric_group}, not {product.fabric_group}"
        if product.name not in self.skills:
            return f"has no skill for {product.name}"
        needed = {op.machine for op in product.operations} - {MANUAL_MACHINE}
        missing = sorted(m for m in needed if self.machines.get(m, 0) < 1)
        return f"has no machine of type {', '.join(missing)}" if missing else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Shared rooms: servers and the people at one server."""

    cutting_tables: Staff
    cutting_crew: Staff  # people at one table; the standard minutes are shared among them
    presses: Staff
    press_crew: Staff  # pressers who share one lot
    packers: Staff
    pack_crew: Staff  # packers who share one lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A whole factory."""

    name: str
    lines: tuple[LineSpec, ...]
    rooms: Rooms
    # rooms that not every plant has: name -> what stands in it; see factory_env/sim/stations
    stations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: People | None = None  # calibrated; used by scenarios that say ``people: plant``
    calendar: WorkCalendar | None = None  # hours of its own, in place of the scenario's

    @property
    def workers(self) -> int:
        """Sewing operators on all lines."""
        return sum(line.operators for line in self.lines)

    @property
    def room_names(self) -> tuple[str, ...]:
        """Rooms that a route may name."""
        return (*USUAL_ROUTE, *self.stations)

    def lines_for(self, product: Product) -> tuple[int, ...]:
        """Indices of the lines that can sew ``product``."""
        return tuple(i for i, line in enumerate(self.lines) if line.can_sew(product))
