"""What follows from plant and styles alone, computed once and shared by all runs of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import FABRIC_GROUPS, Product, Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.kernel.streams import lognormal_table
from factory_env.sim.plant.line_balance import Balance, balance
from factory_env.sim.plant.skill_matrix import operator_grades, skill_matrix
from factory_env.styling.distance import change_factors, change_kinds

Floats = NDArray[np.float64]
Derived = TypeVar("Derived")


class PlantTables:
    """Line balances and standard times of every line (L) for every style (S).

    Parameters
    ----------
    earlier
        Tables of the same scenario with other styles: their line balances are used again.
    """

    def __init__(
        self, scenario: Scenario, styles: Sequence[Style], earlier: PlantTables | None = None
    ) -> None:
        plant, library = scenario.plant, scenario.library
        self.scenario = scenario
        self.styles = tuple(styles)
        self.smv_min = [style.smv_min for style in styles]  # standard minutes per piece
        self.products = tuple(dict.fromkeys(s.product.name for s in styles))
        n_lines, n_styles = len(plant.lines), len(styles)
        shape = (n_lines, n_styles)
        classes = [library.learning_class(s.product.learning_class) for s in styles]
        learn = 1.0 if scenario.learning.enabled else 0.0
        self.product_of = np.array([self.products.index(s.product.name) for s in styles])
        self.group_of = np.array([_group(s.product.fabric_group) for s in styles], dtype=np.int64)
        self.learn_loss = learn * np.array([c.first_day_loss for c in classes])
        self.learn_tau_min = np.array([c.tau_days * scenario.calendar.shift_min for c in classes])
        self.capable = np.zeros(shape, dtype=np.bool_)
        self.home = np.zeros(shape, dtype=np.bool_)
        self.piece_min = np.full(shape, np.inf)  # bottleneck minutes per piece, settled
        self.fill_min = np.zeros(shape)  # first bundle from first to last station
        self.defect_probability = np.zeros(shape)  # per piece, settled
        self.operators = np.array([float(line.operators) for line in plant.lines])
        self.group_lines = np.array([_group(line.fabric_group) for line in plant.lines])
        self.noise_table = lognormal_table(scenario.noise.cv if scenario.noise.enabled else 0.0)
        self._derived: dict[Callable[[PlantTables], Any], Any] = {}
        is_known = earlier is not None and earlier.scenario is scenario
        self._known: _Balances = earlier._known if earlier and is_known else _Balances()
        # factors of the distance of two designs on a change, (K, K): from a kind to a kind of style
        first, self.kind_of = change_kinds(styles)
        self.setup_factor, self.kept_factor = change_factors(
            [styles[i] for i in first], scenario.market.distance_effect
        )
        self.skills = [skill_matrix(scenario, line) for line in range(n_lines)]
        self._mastery = [
            None if matrix is None else matrix.factors(operator_grades(scenario, line))
            for line, matrix in enumerate(self.skills)
        ]
        for line in range(n_lines):
            for s, style in enumerate(styles):
                self._fill(line, s, style)
        self.ideal_piece_days = self._ideal_piece_days()

    def _ideal_piece_days(self) -> Floats:
        """Working days a home line needs per piece, at planned attendance; shape (styles,)."""
        home = np.where(self.home, self.piece_min, np.nan)
        anywhere = np.where(self.capable, self.piece_min, np.nan)
        rows = np.where(self.home.any(axis=0), home, anywhere)
        count = np.maximum(np.isfinite(rows).sum(axis=0), 1)
        mean = np.nansum(np.where(np.isfinite(rows), rows, 0.0), axis=0) / count
        scenario = self.scenario
        shift = scenario.calendar.shift_min * scenario.flow.planned_attendance
        return np.asarray(mean / shift)

    def derive(self, make: Callable[[PlantTables], Derived]) -> Derived:
        """What ``make`` derives from these tables; made once, then shared by all runs."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return cast(Derived, self._derived[make])

    def balance(self, line: int, product: Product) -> Balance:
        """The line's balance for a product, which it must be able to sew."""
        plan = self._known.plans.get((line, product.name, product.bulletin))
        return self._plan(line, product) if plan is None else plan

    def efficiency(self, line: int, product: Product) -> Floats:
        """Settled efficiency of each operator where the balance puts it, shape (operators,)."""
        return self.balance(line, product).efficiency

    def general_efficiency(self, line: int, product: Product) -> Floats:
        """The same at a machine the operator masters: grade x skill of the line, (operators,)."""
        key = (line, product.name)
        if key not in self._known.general:
            grades = operator_grades(self.scenario, line)
            base = np.asarray(self.scenario.grades.efficiencies)[grades]
            skill = self.scenario.plant.lines[line].skills[product.name]
            self._known.general[key] = base * skill
        return self._known.general[key]

    def mastery(self, line: int) -> Floats | None:
        """Factor on efficiency by operator and machine type; None without a skill matrix."""
        return self._mastery[line]

    def _plan(self, line: int, product: Product) -> Balance:
        spec = self.scenario.plant.lines[line]
        general = self.general_efficiency(line, product)
        plan = balance(spec, product, general, self._mastery[line])
        self._known.plans[line, product.name, product.bulletin] = plan
        return plan

    def _fill(self, line: int, s: int, style: Style) -> None:
        spec, product = self.scenario.plant.lines[line], style.product
        key = (line, product.name, product.bulletin)
        if key in self._known.unable:
            return
        if key not in self._known.plans and not spec.can_sew(product):
            self._known.unable.add(key)
            return
        plan = self.balance(line, product)
        self.capable[line, s] = True
        self.home[line, s] = product.name in spec.home
        self.piece_min[line, s] = style.minutes(plan.bottleneck_min)
        bundle = self.scenario.flow.bundle_pieces
        if key not in self._known.defects:
            self._known.defects[key] = self._defect_probability(line, product)
            mean_efficiency = np.add.reduceat(plan.efficiency[plan.crew], plan.crew_start[:-1])
            mean_efficiency /= np.diff(plan.crew_start)
            self._known.passes[key] = (plan.smv_min / mean_efficiency).sum()
        self.fill_min[line, s] = bundle * style.smv_factor * self._known.passes[key]
        proneness = 1.0 if style.design is None else style.design.defect_factor
        self.defect_probability[line, s] = min(1.0, self._known.defects[key] * proneness)

    def _defect_probability(self, line: int, product: Product) -> float:
        """Probability that a settled line spoils a piece: operation grade x operator grade."""
        quality = self.scenario.quality
        if not quality.enabled:
            return 0.0
        by_grade = dict(quality.by_operation_grade)
        grades = operator_grades(self.scenario, line)
        people = float(np.asarray(self.scenario.grades.defect_factors)[grades].mean())
        sound = 1.0
        for operation in product.operations:
            sound *= 1.0 - by_grade[operation.grade] * people
        return 1.0 - sound


def _group(name: str) -> int:
    return FABRIC_GROUPS.index(name)


class _Balances:
    """What depends on line and bulletin alone, filled as it is asked for."""

    def __init__(self) -> None:
        self.plans: dict[tuple[int, str, str], Balance] = {}  # line, product, bulletin
        self.general: dict[tuple[int, str], Floats] = {}
        self.defects: dict[tuple[int, str, str], float] = {}
        self.passes: dict[tuple[int, str, str], float] = {}  # minutes of a piece
        self.unable: set[tuple[int, str, str]] = set()
