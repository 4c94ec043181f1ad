"""The records replayed: the same teams sew the same spells of styles in the simulation.

Every spell of one style in the records becomes an order of as many standard minutes, of the
catalogue's style of nearest SMV, for that team's line alone. What the simulation then shows is
measured by the functions that measure the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.calibrating.team_days import TeamDays, from_log
from factory_env import Factory, designs, play
from factory_env.catalogue import load_plug
from factory_env.decisions.order_choice import OrderChoice
from factory_env.domain.order import Order
from factory_env.domain.people import People
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_door import build_scenario
from factory_env.presets import read_group

RUN_IN_DAYS = 7  # calendar days until the lines are full; not measured
RESERVE_DAYS = 20  # settled days' work on top of the last spell, so that no line runs out


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A factory that repeats the records."""

    scenario: Scenario
    orders: tuple[Order, ...]
    line_of: tuple[int, ...]  # of each order

    def run(self, seed: int) -> TeamDays:
        """Its line-days under one seed, after the run-in."""
        factory = Factory(self.scenario, seed, orders=self.orders)
        last = self.scenario.calendar.calendar_days(self.scenario.horizon_days)
        return from_log(play(factory, self), RUN_IN_DAYS, last)

    def choose(self, choice: OrderChoice) -> int:
        """The next spell of the asking line, whatever else waits."""
        own = [i for i, o in enumerate(choice.orders.tolist()) if self.line_of[o] == choice.asker]
        return min(own, key=lambda i: int(choice.orders[i])) + 1 if own else 0


def replay(
    days: TeamDays,
    plant: Mapping[str, Any],
    scenario: Mapping[str, Any],
    people: People,
    day_min: float,
) -> Replay:
    """Build the replay of ``days`` on ``plant``, which has one line per team in the same order.

    Parameters
    ----------
    plant, scenario
        Contents of their files. Customers and suppliers change nothing; machines, standstills
        and outages are those of ``disruptions=normal``.
    day_min
        Minutes of a working day, overtime included.
    """
    working_days = int(days.day.max()) + 1
    world = build_scenario(
        _as_recorded(scenario, working_days + RUN_IN_DAYS, day_min),
        {**plant, "people": asdict(people)},
        "calibration",
        machines_only(day_form=True),
    )
    orders: list[Order] = []
    line_of: list[int] = []
    styles = load_plug(designs, "catalogue")().collection(
        world.library.products, np.random.default_rng(0)
    )
    for line, spec in enumerate(world.plant.lines):
        known = [s for s in styles if spec.can_sew(s.product)]
        spells = _spells(days.rows(days.team == line), day_min)
        orders += _orders(spells, known, line)
        line_of += [line] * len(spells)
    return Replay(scenario=world, orders=tuple(orders), line_of=tuple(line_of))


def machines_only(*, day_form: bool) -> dict[str, Any]:
    """``disruptions=normal`` without what customers and suppliers do."""
    disruptions = read_group("disruptions", "normal")
    kept = ("name", "machines", "line_stops", "outages")
    return {key: disruptions[key] for key in kept} | {"day_form": day_form}


def without_customers(scenario: Mapping[str, Any], days: int) -> dict[str, Any]:
    """A scenario file's contents for ``days`` in which nobody but the lines' people matters."""
    flow = {**scenario["flow"], "split_days": 0.0, "wip_limit_days": 0.0, "gate_limit_lots": 0}
    return {
        **scenario,
        "people": "plant",
        "horizon_days": days,
        "demand": {**scenario["demand"], "days": days, "colours": [1, 1]},
        "turnover": {"enabled": False},
        "overtime": {"mode": "off"},
        "quality": {**scenario["quality"], "enabled": False},
        "flow": flow,
    }


def _as_recorded(scenario: Mapping[str, Any], days: int, day_min: float) -> dict[str, Any]:
    calendar = dict(scenario["calendar"])
    shift = calendar["shift_end_min"] - calendar["shift_start_min"]
    shift -= sum(end - start for start, end in calendar["breaks"])
    calendar["overtime_min"] = max(0.0, day_min - shift)
    return {**without_customers(scenario, days), "calendar": calendar}


def _spells(days: TeamDays, day_min: float) -> list[tuple[float, float]]:
    """SMV and standard minutes made of each spell of one team, in order."""
    spell = np.cumsum(days.is_new)
    made = np.bincount(spell, days.productivity * days.workers * day_min)
    first = np.searchsorted(spell, np.arange(made.shape[0]))
    made[-1] += RESERVE_DAYS * float(np.median(days.workers)) * day_min
    return [(float(days.smv_min[i]), float(m)) for i, m in zip(first, made, strict=True)]


def _orders(
    spells: Sequence[tuple[float, float]], styles: Sequence[Style], line: int
) -> list[Order]:
    found: list[Order] = []
    before = ""
    for i, (smv, minutes) in enumerate(spells):
        style = min(
            (s for s in styles if s.style_id != before), key=lambda s: abs(np.log(s.smv_min / smv))
        )
        before = style.style_id
        found.append(
            Order(
                order_id=f"line {line} spell {i}",
                style_id=style.style_id,
                quantity=max(1, round(minutes / style.smv_min)),
                release_min=0.0,
                due_min=1e6,
                price_usd=style.product.price_usd,
                priority=1.0,
                customer="",
            )
        )
    return found
