"""The least that scheduling could cost in a run without luck, known from its first minute on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agents.exact.clairvoyant import KnownWork, least_cost_usd
from factory_env import Factory, Order, Scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.disruptions import Disruptions
from factory_env.errors import InputError, Problem, wrong
from factory_env.sim.orders.book import Book
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]


def clairvoyant_bound_usd(
    scenario: Scenario, seed: int, *, orders: Sequence[Order] | None = None, buckets: int = 60
) -> float:
    """No policy's run of a deterministic scenario costs less [USD].

    Only lateness is bounded; changes, learning and bound capital are taken to cost nothing.

    Raises
    ------
    InputError
        Naming all that makes the scenario one of luck.
    """
    problems = list(_find_luck(scenario))
    if problems:
        raise InputError(problems)
    return least_cost_usd(_read_work(scenario, seed, orders), buckets)


def _find_luck(scenario: Scenario) -> Iterator[Problem]:
    """What varies, or is decided beside the lines."""
    calm = replace(scenario.disruptions, name=Disruptions().name) == Disruptions()
    varies = {
        "absence": scenario.absence.enabled,
        "noise": scenario.noise.enabled,
        "form": scenario.form.enabled,
        "turnover": scenario.turnover.enabled,
        "disruptions": not calm,
        "overtime": scenario.overtime.mode != "off",
        "energy": scenario.energy is not None,
    }
    for field, is_on in varies.items():
        if is_on:
            right = "scenario.deterministic(), without overtime and energy"
            yield wrong("clairvoyant bound", field, "must be off", "on", right)


def _read_work(scenario: Scenario, seed: int, orders: Sequence[Order] | None) -> KnownWork:
    factory = Factory(scenario, seed, orders=orders)
    book, costs = factory.book, scenario.costs
    shifts = ShiftTable(scenario.calendar, scenario.calendar_days + 1)
    steps = costs.late_steps
    limit_wall = book.due_min[:, None] + np.array([s.after_days for s in steps]) * MIN_PER_DAY
    most_usd = np.full(len(book), np.inf)
    if costs.air_usd_per_kg > 0.0:
        most_usd = book.weight_kg * costs.air_usd_per_kg
    shares = np.array([s.share for s in steps])
    settled_min = factory.horizon_min + costs.settle_days * MIN_PER_DAY
    open_share = [costs.late_share((settled_min - d) / MIN_PER_DAY) for d in book.due_min]
    return KnownWork(
        release_min=book.release_shift,
        busy_min=_count_busy_min(scenario, factory.tables, book),
        limit_min=shifts.shift_at_many(limit_wall),
        late_usd=np.minimum(book.weight_usd[:, None] * shares, most_usd[:, None]),
        open_usd=np.minimum(book.weight_usd * np.array(open_share), most_usd),
        end_min=shifts.shift_at(factory.horizon_min),
    )


def _count_busy_min(scenario: Scenario, tables: PlantTables, book: Book) -> Floats:
    """For how long each line (L) has each order (n) loaded at least; infinite if it can not.

    Bundles are loaded at the pace of the bottleneck, settled; the line asks for the next order when
    its first station is done with the last bundle.
    """
    flow = scenario.flow
    busy = np.full((tables.capable.shape[0], len(book)), np.inf)
    for line, o in zip(*np.nonzero(tables.capable[:, book.style]), strict=True):
        s = int(book.style[o])
        style, pace = tables.styles[s], float(tables.piece_min[line, s]) * flow.pace_slack
        plan = tables.balance(int(line), style.product)
        crew = plan.crew[: plan.crew_start[1]]
        first = float(style.minutes(plan.smv_min)[0]) / float(plan.efficiency[crew].max())
        last = min(float(flow.bundle_pieces), float(book.cut[o]))
        busy[line, o] = (book.cut[o] - last) * pace + last * min(pace, first)
    return busy
