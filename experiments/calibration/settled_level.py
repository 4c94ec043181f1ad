"""What a settled line delivers in the simulation: one style for weeks, on days of mean form.

Balance, skills, machine failures and time noise all take their part of the operators'
efficiency; so the level is simulated, not computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.calibration.absence import AbsenceFit
from experiments.calibration.team_days import from_log
from factory_env import Factory
from factory_env.decision import Decision
from factory_env.domain.order import Order
from factory_env.domain.people import Grades
from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_door import build_scenario
from factory_env.presets import read_group

DAYS = 26  # working days of the run
WARM_UP_DAYS = 7  # calendar days until the lines are full
SEED = 0
FASTEST = 2.0  # share of standard that no line reaches: the order lasts longer than the run


def settled_productivity(
    plant: Mapping[str, Any], scenario: Mapping[str, Any], grades: Grades, absence: AbsenceFit
) -> float:
    """Mean productivity of a plant's line-days when every line sews one home product.

    Parameters
    ----------
    plant, scenario
        Contents of their files. Learning, changeovers, form of the day and everything that
        customers and suppliers do are switched off; absence, machines, standstills and outages
        are those of ``disruptions=normal``.
    """
    world = build_scenario(
        steady(scenario, grades, absence), plant, "calibration", _machines_only()
    )
    orders = tuple(_order(world, i) for i in range(len(world.plant.lines)))
    factory = Factory(world, SEED, orders=orders)
    policy = _OwnOrder()
    while (question := factory.advance()) is not None:
        factory.answer(policy.choose(question))
    last = world.calendar.calendar_days(DAYS)
    days = from_log(factory.log(), WARM_UP_DAYS, last)
    return float(days.productivity.mean())


def steady(
    scenario: Mapping[str, Any], grades: Grades, absence: AbsenceFit
) -> dict[str, Any]:
    """A scenario file's contents without change, with given people."""
    flow = {**scenario.get("flow", {}), "split_days": 0.0, "wip_limit_days": 0.0,
            "gate_limit_lots": 0}  # fmt: skip
    return {
        **scenario,
        "horizon_days": DAYS,
        "people": "scenario",
        "grades": asdict(grades),
        "absence": {
            "enabled": True,
            "mean": absence.mean.value,
            "concentration": absence.concentration.value,
            "after_day_off_factor": absence.after_day_off_factor.value,
            "correlation": absence.correlation.value,
        },
        "demand": {**scenario["demand"], "days": DAYS},
        "learning": {**scenario["learning"], "enabled": False},
        "changeover": {**scenario["changeover"], "enabled": False},
        "form": {"enabled": False},
        "overtime": {**scenario.get("overtime", {}), "mode": "off"},
        "turnover": {"enabled": False},
        "quality": {**scenario["quality"], "enabled": False},
        "flow": flow,
    }


def _machines_only() -> dict[str, Any]:
    disruptions = read_group("disruptions", "normal")
    kept = ("name", "machines", "line_stops", "outages")
    return {key: disruptions[key] for key in kept} | {"day_form": False}


def _order(scenario: Scenario, line: int) -> Order:
    """An order of a line's first home product that lasts longer than the run."""
    spec = scenario.plant.lines[line]
    names = spec.home or tuple(spec.skills)
    product = scenario.library.product(names[0])
    minutes = spec.operators * scenario.calendar.shift_min * DAYS * FASTEST
    return Order(
        order_id=f"line {line}",
        style_id=f"{product.name}-01",
        quantity=int(minutes / product.smv_min),
        release_min=0.0,
        due_min=1e6,
        price_usd=product.price_usd,
        priority=1.0,
        customer="",
    )


@dataclass(frozen=True, slots=True)
class _OwnOrder:
    """Line i takes order i, whatever else waits."""

    def choose(self, decision: Decision) -> int:
        at = np.flatnonzero(decision.orders == decision.asker)
        return int(at[0]) + 1 if at.shape[0] else 0
