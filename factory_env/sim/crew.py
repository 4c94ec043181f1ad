"""The crews of one run as they change: people leave, trainees replace them and rise in grade.

The places of a line stay as planned; who fills them changes, and with that the efficiency at
each station, the speed of the line and its defects. Without turnover everything is the plan's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.people import GRADES
from factory_env.domain.product import Product
from factory_env.sim.balance_steps import station_rates
from factory_env.sim.crew_today import Mode, absent_people, both_capacities
from factory_env.sim.line_balance import NO_MASTERY, Balance, standing
from factory_env.sim.skill_matrix import SkillMatrix, operator_grades
from factory_env.sim.streams import Streams, hash64
from factory_env.sim.tables import PlantTables
from factory_env.units import DAYS_PER_WEEK

__all__ = ["Crews", "absent_people"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS_PER_MONTH = 26  # working days, as in the wage and turnover of the domain reference
B, C, TRAINEE = GRADES.index("B"), GRADES.index("C"), GRADES.index("T")


class Crews:
    """Who works on each line, and how well, in one run."""

    def __init__(self, tables: PlantTables, streams: Streams) -> None:
        scenario = tables.scenario
        self._tables = tables
        self._streams = streams
        turnover = scenario.turnover
        self._leave_chance = (  # a day's, so that a month's is share_per_month
            1.0 - (1.0 - turnover.share_per_month) ** (1.0 / DAYS_PER_MONTH)
            if turnover.enabled
            else 0.0
        )
        self._rise_days = (
            turnover.to_c_weeks * DAYS_PER_WEEK,
            turnover.to_b_weeks * DAYS_PER_WEEK,
        )
        lines = range(len(scenario.plant.lines))
        self.grades = [operator_grades(scenario, line) for line in lines]
        # calendar day on which those who rise began to work; the others stay what they are
        self.joined = [_joined(grades, self._rise_days[0]) for grades in self.grades]
        self._rises = [grades == TRAINEE for grades in self.grades]
        self._order = [None if m is None else m.order.copy() for m in tables.skills]
        self._places: dict[int, Ints] = {}
        self._changed = [False for _ in lines]
        self._plans: dict[tuple[int, str], Balance] = {}
        self._mastery: dict[int, Floats] = {}
        self._defect_factors = np.asarray(scenario.grades.defect_factors)
        self._planned_defects = [self._mean_defects(line) for line in lines]
        self._keys: dict[tuple[int, int, str], np.uint64] = {}

    def morning(self, day_number: int, calendar_day: int) -> list[int]:
        """A working day begins: who leaves, who comes, who rises. Lines whose crew changed.

        ``day_number`` counts working days.
        """
        if self._leave_chance <= 0.0:
            return []
        changed = []
        for line, grades in enumerate(self.grades):
            new = np.zeros(grades.shape[0], dtype=np.bool_)
            if _turn_over(
                self._key(line, "turnover"),
                (day_number, calendar_day),
                (self._leave_chance, *self._rise_days),
                grades,
                self.joined[line],
                self._rises[line],
                new,
            ):
                self._begin(line, new)
                changed.append(line)
        return changed

    def plan(self, line: int, product: Product) -> Balance:
        """The line's balance with today's efficiencies and bottleneck; the places are planned."""
        if not self._changed[line]:
            return self._tables.balance(line, product)
        key = (line, product.name)
        if key not in self._plans:
            plan = self._tables.balance(line, product)
            factors = self.mastery(line)
            rates = station_rates(
                self.general_efficiency(line, product),
                NO_MASTERY if factors is None else factors,
                plan.machine_type,
            )
            efficiency = standing(plan.crew, plan.crew_start, rates)
            power = np.add.reduceat(efficiency[plan.crew], plan.crew_start[:-1])
            self._plans[key] = replace(
                plan, efficiency=efficiency, bottleneck_min=float((plan.smv_min / power).max())
            )
        return self._plans[key]

    def efficiency(self, line: int, product: Product) -> Floats:
        """Efficiency of each operator where it stands, shape (operators,)."""
        return self.plan(line, product).efficiency

    def general_efficiency(self, line: int, product: Product) -> Floats:
        """Efficiency of each operator at a machine that it masters, shape (operators,)."""
        if not self._changed[line]:
            return self._tables.general_efficiency(line, product)
        scenario = self._tables.scenario
        base = np.asarray(scenario.grades.efficiencies)[self.grades[line]]
        return np.asarray(base * scenario.plant.lines[line].skills[product.name])

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
        self._plans = {key: plan for key, plan in self._plans.items() if key[0] != line}
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

    def _key(self, line: int, name: str) -> np.uint64:
        found = (self._streams.seed, line, name)
        if found not in self._keys:
            self._keys[found] = self._streams.key("line", line, name)
        return self._keys[found]


def _joined(grades: Ints, to_c_days: float) -> Ints:
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


@njit(cache=True)  # type: ignore[untyped-decorator]
def _turn_over(  # type: ignore[no-untyped-def]
    key, when, rates, grades, joined, rises, new
):
    """One morning of one line, in place; has anything changed? ``new`` marks newcomers."""
    day_number, calendar_day = when
    leave_chance, to_c_days, to_b_days = rates
    people = grades.shape[0]
    changed = False
    for o in range(people):
        bits = hash64(key, day_number * people + o)
        if np.float64(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0) < leave_chance:
            grades[o], joined[o], rises[o], new[o] = TRAINEE, calendar_day, True, True
            changed = True
        elif rises[o] and grades[o] > B:
            days = calendar_day - joined[o]
            grade = B if days >= to_b_days else C if days >= to_c_days else TRAINEE
            if grade != grades[o]:
                grades[o] = grade
                changed = True
    return changed
