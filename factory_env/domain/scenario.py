"""Everything that defines a run except the policy and the seed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.costs import Costs
from factory_env.domain.demand import Demand, TimeNoise
from factory_env.domain.learning import Changeover, Learning, LearningClass
from factory_env.domain.limits import Count, NonNegative, Positive, Share
from factory_env.domain.people import Absence, Grades
from factory_env.domain.plant import Plant
from factory_env.domain.product import Product
from factory_env.domain.quality import DefectKind, Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How work moves."""

    bundle_pieces: Count = 20
    lot_pieces: Count = 200  # transfer lot after sewing
    extra_cut: Share = 0.03
    pace_slack: NonNegative = 1.0  # loading interval / bottleneck time; 1 = paced by the bottleneck
    cutting_rule: Literal["edd", "fifo", "agent"] = (
        "edd"  # edd, fifo, or agent: the policy is asked
    )
    planned_attendance: Positive = 0.93
    tail_min: NonNegative = 300.0  # planned shift minutes from the last stitch to the lorry


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The reference tables a scenario draws on."""

    products: tuple[Product, ...]
    learning_classes: tuple[LearningClass, ...]
    defects: tuple[DefectKind, ...]

    def product(self, name: str) -> Product:
        return next(p for p in self.products if p.name == name)

    def learning_class(self, name: str) -> LearningClass:
        return next(c for c in self.learning_classes if c.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A run's frozen problem data. ``replace()`` gives the what-if."""

    name: str
    plant: Plant
    library: Library
    demand: Demand
    horizon_days: Count = 60  # working days
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    grades: Grades = field(default_factory=Grades)
    absence: Absence = field(default_factory=Absence)
    learning: Learning = field(default_factory=Learning)
    changeover: Changeover = field(default_factory=Changeover)
    noise: TimeNoise = field(default_factory=TimeNoise)
    quality: Quality = field(default_factory=Quality)
    flow: Flow = field(default_factory=Flow)
    costs: Costs = field(default_factory=Costs)
    inspector: str = "human"
    designs: str = "catalogue"

    def replace(self, **changes: Any) -> Scenario:
        """A copy with some fields changed."""
        return replace(self, **changes)

    def deterministic(self) -> Scenario:
        """The same factory with every source of variation switched off."""
        return replace(
            self,
            absence=replace(self.absence, enabled=False),
            learning=replace(self.learning, enabled=False),
            changeover=replace(self.changeover, enabled=False),
            noise=replace(self.noise, enabled=False),
            quality=replace(self.quality, enabled=False),
            inspector="perfect",  # people also find what is not there
        )
