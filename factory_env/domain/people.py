"""Who sews: operator grades, their efficiency, and daily absence."""

from __future__ import annotations

from dataclasses import dataclass

from factory_env.domain.limits import NonNegative, Positive, Share

# Grades in falling order of skill; T is the trainee.
GRADES = ("A", "B", "C", "T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """Shares and efficiencies by operator grade (domain reference, section 5)."""

    shares: tuple[Share, ...] = (0.25, 0.40, 0.25, 0.10)
    efficiencies: tuple[Positive, ...] = (0.92, 0.78, 0.62, 0.40)
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
    after_day_off_factor: NonNegative = 2.0
