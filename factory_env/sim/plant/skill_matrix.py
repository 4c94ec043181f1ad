"""The skill matrix: which operator of a line masters which machine types.

Every operator has an order of machine types, best known first; the grade says how many of
them are mastered. The types are dealt out so that each is covered in proportion to the sewing
minutes it has on the line's home products; types that only other products need get a little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.people import GRADES
from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE, Product
from factory_env.domain.scenario import Scenario
from factory_env.sim.plant.line_balance import machine_types

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AWAY_WEIGHT = 0.1  # of the work of products that are not at home, beside 1 for those that are
LEAST_COVER = 1.5  # places in the matrix that the smallest type in use is worth, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillMatrix:
    """Who knows what on one line. Arrays are read-only by convention."""

    machines: tuple[str, ...]  # machine types, the columns
    order: Ints  # (operators, types) each operator's types, best known first
    mastered: Ints  # (grades,) how many types a grade masters
    elsewhere_factor: float  # on efficiency at a type that is not mastered

    def masters(self, grades: Ints, order: Ints | None = None) -> NDArray[np.bool_]:
        """Who masters which type when the operators have these grades, (operators, types)."""
        known = self.order if order is None else order
        place = np.argsort(known, axis=1)  # of each type in the operator's order
        return np.asarray(place < self.mastered[grades][:, None])

    def factors(self, grades: Ints, order: Ints | None = None) -> Floats:
        """Factor on efficiency by machine type, shape (operators, types)."""
        return np.where(self.masters(grades, order), 1.0, self.elsewhere_factor)


def operator_grades(scenario: Scenario, line: int) -> Ints:
    """Grade number (0 = A) of each operator of a line, best first, shape (operators,)."""
    counts = scenario.grades.head_count(scenario.plant.lines[line].operators)
    return np.repeat(np.arange(len(GRADES)), counts)


def skill_matrix(scenario: Scenario, line: int) -> SkillMatrix | None:
    """The skill matrix of a line; None if the scenario has none."""
    skills = scenario.skills
    if not skills.enabled:
        return None
    spec = scenario.plant.lines[line]
    mastered = np.array(skills.mastered, dtype=np.int64)
    count = mastered[operator_grades(scenario, line)]
    return SkillMatrix(
        machines=machine_types(spec),
        order=_dealt(_weights(spec, scenario.library.products), count),
        mastered=mastered,
        elsewhere_factor=skills.elsewhere_factor,
    )


def _weights(spec: LineSpec, products: Sequence[Product]) -> Floats:
    """Share of each machine type in the work to be covered, shape (types,); sums to 1."""
    home: dict[str, float] = defaultdict(float)
    away: dict[str, float] = defaultdict(float)
    for product in products:
        if not spec.can_sew(product):
            continue
        sewn = [op for op in product.operations if op.machine != MANUAL_MACHINE]
        total = sum(op.smv_min for op in sewn)
        for op in sewn:
            (home if product.name in spec.home else away)[op.machine] += op.smv_min / total
    types = machine_types(spec)
    weight = _shares([home[m] for m in types]) + AWAY_WEIGHT * _shares([away[m] for m in types])
    return _shares(weight.tolist())


def _shares(parts: Sequence[float]) -> Floats:
    total = sum(parts)
    return np.asarray(parts, dtype=np.float64) / (total or 1.0)


def _dealt(weight: Floats, count: Ints) -> Ints:
    """Every operator's order of types, shape (operators, types).

    In round j everybody gets a j-th type, the one that lags most behind its share of the places
    dealt. Places beyond ``count`` (operators,), what somebody masters, are no cover.
    """
    people, types = count.shape[0], weight.shape[0]
    places = int(np.minimum(count, types).sum())
    share = np.where(weight > 0.0, np.maximum(weight, LEAST_COVER / max(places, 1)), 0.0)
    share /= share.sum() or 1.0
    order = np.zeros((people, types), dtype=np.int64)
    known = np.zeros((people, types), dtype=np.bool_)
    given, dealt = np.zeros(types), 0
    for j in range(types):
        for o in range(people):
            lag = share * (dealt + 1) - given
            lag[known[o]] = -np.inf
            machine = int(np.argmax(lag))
            order[o, j], known[o, machine] = machine, True
            if j < count[o]:
                given[machine] += 1.0
                dealt += 1
    return order
