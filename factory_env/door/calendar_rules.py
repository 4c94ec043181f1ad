"""Rules of time: the shift, its breaks and days off, the evenings, the length of the run."""

from __future__ import annotations

from collections.abc import Iterator

from factory_env.domain.scenario import Scenario
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

Finding = tuple[str, str, str, str]  # field, rule, what it is, what would be right


def calendar_problems(scenario: Scenario) -> Iterator[Finding]:
    """A shift, breaks or days off that leave no working time, or none that is clear."""
    calendar = scenario.calendar
    if calendar.shift_end_min <= calendar.shift_start_min:
        yield (
            "calendar.shift_end_min",
            "the shift must not be empty: its end comes after its start",
            f"{calendar.shift_start_min:g} to {calendar.shift_end_min:g}",
            "e.g. 480 to 1020",
        )
    elif calendar.shift_min <= 0:
        yield (
            "calendar.breaks",
            "breaks must leave working time",
            f"{calendar.breaks}",
            "shorten them",
        )
    for start, end in calendar.breaks:
        if not calendar.shift_start_min <= start < end <= calendar.shift_end_min:
            yield (
                "calendar.breaks",
                "a break must lie inside the shift and end after it starts",
                f"[{start:g}, {end:g}]",
                f"times between {calendar.shift_start_min:g} and {calendar.shift_end_min:g}",
            )
    if calendar.shift_end_min + calendar.overtime_min > MIN_PER_DAY:
        yield (
            "calendar.overtime_min",
            "the day must end before midnight",
            f"{calendar.overtime_min:g}",
            "less overtime",
        )
    bad = [d for d in calendar.days_off if not 0 <= d < DAYS_PER_WEEK]
    if bad or len(set(calendar.days_off)) >= DAYS_PER_WEEK:
        yield (
            "calendar.days_off",
            "must be weekdays 0 (Monday) to 6 and leave a working day",
            f"{calendar.days_off}",
            "e.g. [6]",
        )


def moving_problems(scenario: Scenario) -> Iterator[Finding]:
    """Moving people in the morning that takes longer than the day."""
    cost_min, shift_min = scenario.rebalance.cost_min, scenario.calendar.shift_min
    if cost_min >= shift_min > 0.0:
        yield (
            "rebalance.cost_min",
            "moving people must take less than the working minutes of a day",
            f"{cost_min:g}",
            f"less than {shift_min:g}, e.g. 10",
        )


def horizon_problems(scenario: Scenario) -> Iterator[Finding]:
    """Fabric that comes when the run is over."""
    demand = scenario.demand
    if demand.days > scenario.horizon_days:
        yield (
            "demand.days",
            "fabric must stop coming before the run ends",
            f"{demand.days}",
            f"at most horizon_days = {scenario.horizon_days}",
        )


def overtime_problems(scenario: Scenario) -> Iterator[Finding]:
    """Evenings that nobody can work, or that are asked for too early."""
    plan = scenario.overtime
    if len(plan.plan_min) != DAYS_PER_WEEK:
        yield (
            "overtime.plan_min",
            "must have one number per weekday, Monday first",
            f"{list(plan.plan_min)}",
            "7 numbers",
        )
    longest = max((*plan.plan_min, *plan.options_min), default=0.0)
    if longest > plan.max_day_min:
        yield (
            "overtime",
            "no evening may be longer than max_day_min",
            f"{longest:g}",
            f"at most {plan.max_day_min:g}, or raise overtime.max_day_min",
        )
    if (
        not plan.options_min
        or plan.options_min[0] != 0.0
        or list(plan.options_min) != sorted(set(plan.options_min))
    ):
        yield (
            "overtime.options_min",
            "must start with 0 and rise",
            f"{list(plan.options_min)}",
            "e.g. [0, 60, 120]",
        )
    calendar = scenario.calendar
    end_min = calendar.shift_end_min + calendar.overtime_min
    if end_min + longest > MIN_PER_DAY:
        yield ("overtime", "the evening must end before midnight", f"{longest:g}", "fewer minutes")
    day_min = end_min - calendar.shift_start_min
    if plan.mode != "off" and plan.ask_before_end_min > day_min:
        yield (
            "overtime.ask_before_end_min",
            "the evening must be asked for after the shift has begun",
            f"{plan.ask_before_end_min:g}",
            f"at most {day_min:g}, e.g. 60",
        )
