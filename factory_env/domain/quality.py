"""What can go wrong with a piece, and who judges it."""

from __future__ import annotations

from dataclasses import dataclass

from factory_env.domain.limits import CountOrNone, NonNegative, Positive, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectKind:
    """A kind of defect (domain reference, section 8)."""

    name: str
    share: Share  # share of all defects
    repairable: Share  # probability that it can be repaired
    repair_op_smv_factor: NonNegative  # repair minutes = factor x mean operation SMV + fixed
    repair_fixed_min: NonNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Switch and levels of defects."""

    enabled: bool = True
    # probability per piece and operation, grade-B operator, settled style
    by_operation_grade: tuple[tuple[str, Share], ...] = (
        ("A", 0.0045),
        ("B", 0.0030),
        ("C", 0.0022),
        ("D", 0.0015),
        ("E", 0.0006),
    )
    first_day_factor: Positive = 2.0  # falls to 1 in step with learning
    seconds_price_share: Share = 0.30  # a piece that cannot be repaired sells at this share


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """What spoils more pieces than grades and learning do (domain reference, section 8 [assumed]).

    Acts with the inspection station. Factors are on the defect probability; nothing here is
    drawn: each follows from how much a line has sewn, and when.
    """

    overtime_factor: Positive = 1.15  # on bundles that leave the line in overtime
    service_due_h: Positive = 60.0  # running hours of a line's machines [assumed]
    # the mechanics see to all lines every so many weeks, before Monday [assumed]; 0 = never
    service_weeks: CountOrNone = 2
    overdue_factor: Positive = 1.3  # at the hour at which service is due
    overdue_most: Positive = 2.0  # reached at twice the hours
    needle_old_h: NonNegative = 8.0
    needle_factor: Positive = 1.2  # while needles are older
    # running hours after which a line's needles are changed, besides at a new style [assumed]
    needle_change_h: Positive = 12.0
