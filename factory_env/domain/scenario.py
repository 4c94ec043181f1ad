"""Everything that defines a run except the policy and the seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from annotated_types import Interval

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.costs import Costs
from factory_env.domain.demand import Demand, TimeNoise
from factory_env.domain.disruptions import Disruptions
from factory_env.domain.energy import EnergySetup
from factory_env.domain.inspection import Inspection
from factory_env.domain.learning import Changeover, Learning, LearningClass
from factory_env.domain.limits import (
    CountOrNone,
    Days,
    NonNegative,
    Pieces,
    Ratio,
    Share,
    Staff,
    Times,
    WorkingDays,
)
from factory_env.domain.market import Market
from factory_env.domain.overtime import Overtime
from factory_env.domain.people import (
    Absence,
    DayForm,
    Grades,
    Rebalance,
    Skills,
    Turnover,
)
from factory_env.domain.plant import USUAL_ROUTE, Plant
from factory_env.domain.product import Bulletin, Product, Style
from factory_env.domain.quality import DefectKind, Quality
from factory_env.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How work moves."""

    bundle_pieces: Pieces = 20
    lot_pieces: Pieces = 200  # transfer lot after sewing
    extra_cut: Share = 0.03
    pace_slack: Annotated[float, Interval(ge=0, le=100)] = (
        1.0  # loading interval / bottleneck time; 1 = paced by the bottleneck
    )
    cutting_rule: Literal["edd", "fifo", "agent"] = (
        "edd"  # edd, fifo, or agent: the policy is asked
    )
    planned_attendance: Ratio = 0.93
    tail_min: NonNegative = 300.0  # planned shift minutes from the last stitch to the lorry
    split_days: Days = 0.0  # orders above so many line days come in parts; 0 = never
    wip_limit_days: Days = 0.0  # cut work waiting per line above which cutting stops; 0 = no
    gate_limit_lots: CountOrNone = 0  # lots at the gate above which the line is blocked; 0 = no


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How fabric is laid and cut (domain reference, sections 1 and 11).

    ``lays`` off = one table cuts an order as a whole, in standard minutes alone.
    """

    lays: bool = False
    plies: tuple[tuple[str, Pieces], ...] = (("knit", 60), ("woven", 80))
    pieces_per_ply: Pieces = 4  # garments of a marker
    lay_min: NonNegative = 25.0  # spreading set-up of one lay, crew minutes on the table
    lead_min: NonNegative = 0.0  # shift minutes for numbering and bundling after the last lay


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """AQL audit of packed orders (domain reference, section 9)."""

    enabled: bool = False
    aql: Literal["1.0", "1.5", "2.5", "4.0", "6.5"] = "2.5"
    recheck_crew: Staff = 8  # people who check a failed order piece by piece
    audit_min: NonNegative = 60.0  # shift minutes of an audit
    max_rechecks: Times = 2  # then the order ships under a concession


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The reference tables a scenario draws on."""

    products: tuple[Product, ...]
    learning_classes: tuple[LearningClass, ...]
    defects: tuple[DefectKind, ...]
    styles: tuple[Style, ...] = ()  # a user's own, beside those of the design source
    new_products: tuple[str, ...] = ()  # a user's own, for which no source designs
    bulletins: tuple[Bulletin, ...] = ()  # a user's own, by name, for styles of that name

    @property
    def house_products(self) -> tuple[Product, ...]:
        """Products for which a design source draws."""
        return tuple(p for p in self.products if p.name not in self.new_products)

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
    horizon_days: WorkingDays = 60  # working days
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
    # whose grades, absence, learning, form; auto = the plant's, if it has some of its own
    people: Literal["auto", "scenario", "plant"] = "auto"
    skills: Skills = field(default_factory=Skills)
    turnover: Turnover = field(default_factory=Turnover)
    rebalance: Rebalance = field(default_factory=Rebalance)
    form: DayForm = field(default_factory=DayForm)
    overtime: Overtime = field(default_factory=Overtime)
    cutting: Cutting = field(default_factory=Cutting)
    audit: Audit = field(default_factory=Audit)
    disruptions: Disruptions = field(default_factory=Disruptions)
    market: Market = field(default_factory=Market)  # a file of conf/demand
    inspection: Inspection = field(default_factory=Inspection)  # a file of conf/inspector
    energy: EnergySetup | None = None  # None = energy is not accounted for
    # rooms after the gate by product, in order; products not named take the usual route
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # how rooms that not every plant has are run; what stands in them is the plant's
    stations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, Any]) -> Scenario:
        return self  # it is never changed

    @property
    def calendar_days(self) -> int:
        """Days of a run, off days included."""
        return self.calendar.calendar_days(self.horizon_days)

    @property
    def unsewn(self) -> tuple[Product, ...]:
        """Products with a share of the demand that no line can sew: they are not ordered."""
        mix, plant = self.demand.mix, self.plant
        return tuple(
            p for p in self.library.products if mix.get(p.name, 0.0) > 0 and not plant.lines_for(p)
        )

    def route(self, product: str) -> tuple[str, ...]:
        """Rooms that a product passes after the gate, the last of them packing."""
        return self.routes.get(product, USUAL_ROUTE)

    def station(self, name: str) -> dict[str, Any]:
        """What scenario and plant say of a room that not every plant has."""
        return {**self.stations.get(name, {}), **self.plant.stations.get(name, {})}

    @property
    def asks(self) -> tuple[str, ...]:
        """Questions that a policy is asked; the house answers the others."""
        control = "always_on" if self.energy is None else self.energy.control.mode
        says = {
            "evening": self.overtime.mode,
            "inspection": self.inspection.lever,
            "cutting": self.flow.cutting_rule,
            "site": control,
        }
        return ("lines", *(question for question, word in says.items() if word == "agent"))

    def replace(self, **changes: Any) -> Scenario:
        """A copy with some fields changed."""
        return replace(self, **changes)

    def with_styles(self, styles: Iterable[Style]) -> Scenario:
        """The same factory, which also knows these styles; a known style's id takes its place."""
        new = tuple(styles)
        if not new:
            return self
        ids = {style.style_id.casefold() for style in new}
        kept = tuple(s for s in self.library.styles if s.style_id.casefold() not in ids)
        return replace(self, library=replace(self.library, styles=(*kept, *new)))

    def with_control(self, mode: Literal["always_on", "agent"]) -> Scenario:
        """The same factory with its site left alone, or run by a policy that is asked.

        Raises
        ------
        InputError
            If it has no site.
        """
        if self.energy is None:
            raise InputError.of(
                "env",
                "scenario",
                "must have an energy side",
                f"scenario {self.name!r} without one",
                "load_scenario(..., site='pv_battery', tariff='us_demand')",
            )
        control = self.energy.control
        if control.mode == mode:
            return self
        return replace(self, energy=replace(self.energy, control=replace(control, mode=mode)))

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
