"""What a settled line delivers in the simulation: one style for weeks, on days of mean form.

Balance, skills, machine failures and time noise all take their part of the operators'
efficiency; so the level is simulated, not computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from experiments.calibrating.replay import Replay, machines_only, without_customers
from factory_env.domain.order import Order
from factory_env.domain.people import DayForm, People
from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_door import build_scenario

DAYS = 26  # working days of the run
SEED = 0
FASTEST = 2.0  # share of standard that no line reaches: the order lasts longer than the run


def settled_productivity(
    plant: Mapping[str, Any], scenario: Mapping[str, Any], people: People
) -> float:
    """Mean productivity of a plant's line-days when every line sews one home product.

    Parameters
    ----------
    plant, scenario
        Contents of their files. Learning, changeovers, form of the day and everything that
        customers and suppliers do are switched off; absence, machines, standstills and outages
        are those of ``disruptions=normal``.
    """
    steady = {
        **without_customers(scenario, DAYS),
        "learning": {**scenario["learning"], "enabled": False},
        "changeover": {**scenario["changeover"], "enabled": False},
    }
    settled = replace(people, form=DayForm())
    world = build_scenario(
        steady, {**plant, "people": asdict(settled)}, "calibration", machines_only(day_form=False)
    )
    lines = range(len(world.plant.lines))
    order_of_line = Replay(
        scenario=world, orders=tuple(_order(world, i) for i in lines), line_of=tuple(lines)
    )
    return float(order_of_line.run(SEED).productivity.mean())


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
