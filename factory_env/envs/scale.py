"""How much reward a dollar is: numbers that a network can learn from."""

from __future__ import annotations

from factory_env.domain.scenario import Scenario


def line_day_scale(scenario: Scenario) -> float:
    """One over what the people of a mean line earn in a shift [1 / USD].

    A decision costs about that much, whatever the plant: so a reward is near 1.
    """
    lines = scenario.plant.lines
    people = sum(line.operators for line in lines) / len(lines)
    day_usd = people * scenario.calendar.shift_min * scenario.costs.labour_usd_per_min
    return 1.0 / day_usd if day_usd > 0.0 else 1.0
