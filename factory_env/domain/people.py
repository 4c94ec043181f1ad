"""Who sews: grades, skills, absence, turnover, and what daily records show of a line's form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Interval

from factory_env.domain.limits import NonNegative, Positive, Ratio, Share, Times

# Grades in falling order of skill; T is the trainee.
GRADES = ("A", "B", "C", "T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """Shares and efficiencies by operator grade (domain reference, section 5)."""

    shares: tuple[Share, ...] = (0.25, 0.40, 0.25, 0.10)
    efficiencies: tuple[Ratio, ...] = (0.92, 0.78, 0.62, 0.40)
    defect_factors: tuple[NonNegative, ...] = (0.6, 1.0, 1.5, 2.2)

    def head_count(self, operators: int) -> tuple[int, ...]:
        """Operators per grade, by largest remainder; sums to ``operators``."""
        exact = [share * operators for share in self.shares]
        counts = [int(x) for x in exact]
        order = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
        for i in order[: operators - sum(counts)]:
            counts[i] += 1
        return tuple(counts)

    def mean_efficiency(self) -> float:
        return sum(s * e for s, e in zip(self.shares, self.efficiencies, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Daily absence of a line's operators: beta distributed, higher after a day off."""

    enabled: bool = True
    mean: Share = 0.07
    concentration: Positive = 70.0  # a + b of the beta distribution; sd about 0.03
    after_day_off_factor: Annotated[float, Interval(ge=0, le=100)] = 2.0
    correlation: Share = 0.0  # of one working day with the next, on the normal scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """The skill matrix: which machine types an operator masters (domain reference, section 5).

    Off = everybody sews every operation at the efficiency of the grade.
    """

    enabled: bool = False
    mastered: tuple[Times, ...] = (5, 3, 2, 1)  # machine types by grade
    elsewhere_factor: Ratio = 0.75  # on efficiency at a machine type that is not mastered


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """Operators leave; trainees replace them and rise in grade (domain reference, section 5)."""

    enabled: bool = False
    share_per_month: Share = 0.04
    to_c_weeks: Positive = 6.0
    to_b_weeks: Positive = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebalance:
    """What a line does about absent operators at the start of a shift.

    ``even``: absence slows the whole line in proportion, as if it were perfectly re-balanced.
    ``keep``: nobody moves, except to stations that would be empty; the thinnest station limits.
    ``shift``: people are moved if that gains at least ``min_gain`` of output; it costs minutes.
    """

    mode: Literal["even", "keep", "shift"] = "even"
    min_gain: Share = 0.02
    cost_min: NonNegative = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayForm:
    """A line's form of the day: what records show beyond learning, absence and stops.

    The factor on the line's speed is the ``quantiles`` curve (equal probabilities, linear
    between) at the normal probability of a first-order autoregressive state; ``line_sd`` is the
    spread between lines, part of the state. Mean 1 by calibration.
    """

    enabled: bool = False
    quantiles: tuple[Annotated[float, Interval(ge=0, le=100)], ...] = (1.0, 1.0)
    correlation: Share = 0.0  # of one working day with the next, on the normal scale
    line_sd: Share = 0.0  # standard deviation between lines, of a state of variance 1
    after_change: Share = 1.0  # correlation kept over a style change


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One learning curve for all products, fitted to daily records."""

    first_day_loss: Share  # share of settled efficiency missing at the first minute
    tau_days: Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people of one plant, as `experiments/calibrate.py` writes them into a plant file.

    They take the place of the scenario's own, unless it says ``people: scenario``.
    """

    source: str = ""  # where the numbers come from
    on_request: bool = False  # only where the scenario says ``people: plant``, as shipped plants do
    grades: Grades = field(default_factory=Grades)
    absence: Absence = field(default_factory=Absence)
    form: DayForm = field(default_factory=DayForm)
    learning: Curve | None = None  # None = the product's learning class
