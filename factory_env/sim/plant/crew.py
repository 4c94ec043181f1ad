"""The crews of one run as they change: people leave, trainees replace them and rise in grade.

A line whose crew has changed is balanced for the people it now has; its speed and its defects
follow. Without turnover everything is as in the tables.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.people import GRADES
from factory_env.domain.product import Product
from factory_env.sim.kernel.streams import Streams, uniform_at
from factory_env.sim.plant.crew_today import Mode, absent_people, both_capacities
from factory_env.sim.plant.line_balance import Balance, balance_again
from factory_env.sim.plant.skill_matrix import SkillMatrix, operator_grades
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import DAYS_PER_WEEK

__all__ = ["Crews", "absent_people"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS_PER_MONTH = 26  # working days, as in the wage and turnover of the domain reference
B, C, TRAINEE = GRADES.index("B"), GRADES.index("C"), GRADES.index("T")


class Pace(NamedTuple):
    """How fast crews change."""

    leave_chance: float  # of a place, a day
    to_c_days: float  # calendar days from joining to grade C
    to_b_days: float


class Staff(NamedTuple):
    """The people of all lines, line after line, shape (people,) each; changed in place."""

    grade: Ints
    joined: Ints  # calendar day on which somebody who rises began to work
    rises: Bools  # the others stay what they are
    is_new: Bools  # came this morning


class Crews:
    """Who works on each line, and how well, in one run."""

    def __init__(self, tables: PlantTables, streams: Streams) -> None:
        scenario = tables.scenario
        self._tables = tables
        self._streams = streams
        turnover = scenario.turnover
        self._is_on = turnover.enabled
        self._pace = Pace(
            # a day's, so that a month's is share_per_month
            leave_chance=1.0 - (1.0 - turnover.share_per_month) ** (1.0 / DAYS_PER_MONTH),
            to_c_days=turnover.to_c_weeks * DAYS_PER_WEEK,
            to_b_days=turnover.to_b_weeks * DAYS_PER_WEEK,
        )
        lines = range(len(scenario.plant.lines))
        grades = [operator_grades(scenario, line) for line in lines]
        self._start = np.cumsum([0] + [g.shape[0] for g in grades])  # of each line's people
        grade_of = np.concatenate(grades)
        self._people = Staff(
            grade=grade_of,
            joined=np.concatenate([_first_days(g, self._pace.to_c_days) for g in grades]),
            rises=grade_of == TRAINEE,
            is_new=np.zeros(grade_of.shape[0], dtype=np.bool_),
        )
        cuts = self._start[1:-1]
        self.grades = np.split(self._people.grade, cuts)  # views, one per line
        self.joined = np.split(self._people.joined, cuts)
        self._order = [None if m is None else m.order.copy() for m in tables.skills]
        self._places: dict[int, Ints] = {}
        self._changed = [False for _ in lines]
        self._plans: dict[tuple[int, str, str], Balance] = {}  # line, product, bulletin
        self._general: dict[tuple[int, str], Floats] = {}
        self._mastery: dict[int, Floats] = {}
        self._defect_factors = np.asarray(scenario.grades.defect_factors)
        self._planned_defects = [self._mean_defects(line) for line in lines]
        self._keys = self._turnover_keys()

    def morning(self, day_number: int, calendar_day: int) -> list[int]:
        """A working day begins: who leaves, who comes, who rises. Lines whose crew changed.

        ``day_number`` counts working days.
        """
        if not self._is_on:
            return []
        if self._streams.seed != self._seed:
            self._keys = self._turnover_keys()
        changed = _renew_crews(
            self._keys, self._start, day_number, calendar_day, self._pace, self._people
        )
        lines: list[int] = np.flatnonzero(changed).tolist()
        for line in lines:
            self._begin(line, self._people.is_new[self._start[line] : self._start[line + 1]])
        return lines

    def plan(self, line: int, product: Product) -> Balance:
        """The line's balance: that of the tables, or one for the crew as it is now."""
        if not self._changed[line]:
            return self._tables.balance(line, product)
        key = (line, product.name, product.bulletin)
        if key not in self._plans:
            self._plans[key] = balance_again(
                self._tables.balance(line, product),
                self.general_efficiency(line, product),
                self.mastery(line),
            )
        return self._plans[key]

    def efficiency(self, line: int, product: Product) -> Floats:
        """Efficiency of each operator where it stands, shape (operators,)."""
        return self.plan(line, product).efficiency

    def general_efficiency(self, line: int, product: Product) -> Floats:
        """Efficiency of each operator at a machine that it masters, shape (operators,)."""
        if not self._changed[line]:
            return self._tables.general_efficiency(line, product)
        key = (line, product.name)
        if key not in self._general:
            scenario = self._tables.scenario
            base = np.asarray(scenario.grades.efficiencies)[self.grades[line]]
            self._general[key] = base * scenario.plant.lines[line].skills[product.name]
        return self._general[key]

    def mastery(self, line: int) -> Floats | None:
        """Factor on efficiency by operator and machine type; None without a skill matrix."""
        matrix = self._tables.skills[line]
        if matrix is None or not self._changed[line]:
            return self._tables.mastery(line)
        if line not in self._mastery:
            self._mastery[line] = matrix.factors(self.grades[line], self._order[line])
        return self._mastery[line]

    def defect_factor(self, line: int) -> float:
        """Mean defect factor of the line's people over that of the plan."""
        if not self._changed[line]:
            return 1.0
        return self._mean_defects(line) / self._planned_defects[line]

    def capacity(self, line: int, product: Product, present: Bools, mode: Mode) -> float:
        """Speed of the line with these people over that of its full crew; see `capacities`."""
        keep, shift = self.capacities(line, product, present)
        return shift if mode == "shift" else keep

    def capacities(self, line: int, product: Product, present: Bools) -> tuple[float, float]:
        """Speed with these people over that of the full crew: kept in place, balanced again."""
        return both_capacities(
            self.plan(line, product),
            self.general_efficiency(line, product),
            self.mastery(line),
            present,
        )

    def _begin(self, line: int, new: Bools) -> None:
        """The crew has changed; newcomers learn the machine of their place first."""
        self._changed[line] = True
        self._mastery.pop(line, None)
        for plan in [key for key in self._plans if key[0] == line]:
            del self._plans[plan]
        for key in [key for key in self._general if key[0] == line]:
            del self._general[key]
        order = self._order[line]
        if order is None or not new.any():
            return
        if line not in self._places:
            self._places[line] = _machine_of_place(self._tables, line)
        for operator in np.flatnonzero(new).tolist():
            first = self._places[line][operator]
            if first >= 0:
                known = order[operator]
                order[operator] = np.concatenate(([first], known[known != first]))

    def _mean_defects(self, line: int) -> float:
        return float(self._defect_factors[self.grades[line]].mean())

    def _turnover_keys(self) -> NDArray[np.uint64]:
        self._seed = self._streams.seed
        lines = range(len(self._changed))
        return np.array([self._streams.key("line", line, "turnover") for line in lines])


def _first_days(grades: Ints, to_c_days: float) -> Ints:
    """When the first trainees came: at even spaces over the time it takes to rise.

    So the trainees who rise in the first weeks make up for the people who leave.
    """
    joined = np.zeros(grades.shape[0], dtype=np.int64)
    trainees = np.flatnonzero(grades == TRAINEE)
    joined[trainees] = -(np.arange(trainees.shape[0]) * to_c_days // max(1, trainees.shape[0]))
    return joined


def _machine_of_place(tables: PlantTables, line: int) -> Ints:
    """Machine type at which each operator stands on the first product of the line, or -1.

    That is its first home product, if styles of it are sewn.
    """
    home = tables.scenario.plant.lines[line].home
    capable = tables.capable[line]
    names = dict.fromkeys(
        [*home, *(s.product.name for i, s in enumerate(tables.styles) if capable[i])]
    )
    matrix: SkillMatrix | None = tables.skills[line]
    people = int(tables.operators[line])
    place = np.full(people, -1, dtype=np.int64)
    for name in names:
        styles = [s for i, s in enumerate(tables.styles) if capable[i] and s.product.name == name]
        if styles and matrix is not None:
            plan = tables.balance(line, styles[0].product)
            place[plan.crew] = np.repeat(plan.machine_type, np.diff(plan.crew_start))
            break
    return place


@compiled
def _renew_crews(
    keys: NDArray[np.uint64],
    start: Ints,
    day_number: int,
    calendar_day: int,
    pace: Pace,
    people: Staff,
) -> Bools:
    """One morning of all lines, in place; which have changed?

    The luck of a place belongs to its line, its number and the day.
    """
    grades, joined, rises, new = people.grade, people.joined, people.rises, people.is_new
    new[:] = False
    n_lines = start.shape[0] - 1
    changed = np.zeros(n_lines, dtype=np.bool_)
    for line in range(n_lines):
        first, n = start[line], start[line + 1] - start[line]
        for i in range(n):
            o = first + i
            if uniform_at(keys[line], day_number * n + i) < pace.leave_chance:
                grades[o], joined[o], rises[o], new[o] = TRAINEE, calendar_day, True, True
                changed[line] = True
            elif rises[o] and grades[o] > B:
                days = calendar_day - joined[o]
                grade = C if days >= pace.to_c_days else TRAINEE
                if days >= pace.to_b_days:
                    grade = B
                changed[line] = changed[line] or grade != grades[o]
                grades[o] = grade
    return changed
