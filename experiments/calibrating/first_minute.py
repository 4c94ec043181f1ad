"""From a curve in days, as records show it, to the curve in minutes, as the simulation uses it.

The day of a change holds the line stop for the change, and a line does not forget everything:
it begins a style at a learned share g. The simulation has both of its own. What is carried over
is the work lost by one change in all, in settled days:

    days_lost = stop / day + (1 - g) x first_day_loss x tau
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.calibrating.learning_curve import LearningFit
from factory_env.domain.people import Curve

MOST_LOSS = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualChange:
    """A style change as the scenario has it: mean of another style and another product."""

    stop_min: float
    learned_share: float  # with which the line begins


def usual_change(scenario: Mapping[str, Any]) -> UsualChange:
    """The usual change of a scenario file's contents."""
    table = scenario["changeover"]
    home = float(scenario["learning"]["home_share"])
    rows = [table["same_product"], table["same_fabric"]]
    return UsualChange(
        stop_min=sum(float(r["setup_min"]) for r in rows) / len(rows),
        learned_share=sum(max(home, float(r["kept"])) for r in rows) / len(rows),
    )


def curve_in_minutes(fit: LearningFit, change: UsualChange, day_min: float) -> Curve:
    """The simulation's curve that loses as much work by a change as the records show."""
    tau = fit.tau_days.value
    learning_days = max(0.0, fit.days_lost.value - change.stop_min / day_min)
    loss = learning_days / (tau * (1.0 - change.learned_share))
    return Curve(first_day_loss=min(MOST_LOSS, loss), tau_days=tau)
