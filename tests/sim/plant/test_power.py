"""Powers of the machines of a plan, against the data file."""

from __future__ import annotations

import numpy as np
import pytest
from simpy import Environment

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.plant import LineSpec
from factory_env.domain.product import MANUAL_MACHINE
from factory_env.library import load_library, machine_powers
from factory_env.presets import load_scenario
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.plant.line_balance import Balance, balance
from factory_env.sim.plant.power import (
    FUSING,
    IRONING,
    LOAD_BIN_MIN,
    ROWS,
    RUN_IDLE_KW,
    RUN_KW,
    RUNNING,
    PowerTable,
    Waiting,
    load_curve,
)
from tests.laws.tiny_plant import ALWAYS

POWERS = {power.machine: power for power in machine_powers()}


@pytest.fixture(scope="module")
def plan() -> Balance:
    """The dress on the small plant's woven line: it irons, fuses and works by hand too."""
    spec: LineSpec = load_scenario("small").plant.lines[2]
    return balance(spec, load_library().product("dress"), np.ones(spec.operators))


def test_an_operation_uses_what_its_machine_runs_at(plan: Balance) -> None:
    weights = PowerTable(machine_powers()).weights(plan)
    assert weights.shape == (ROWS, plan.stations)
    assert {"IRON", "FUS", "SNLS"} <= set(plan.machines)
    for k, machine in enumerate(plan.machines):
        sews, power = machine not in ("IRON", "FUS"), POWERS[machine]
        assert weights[RUN_KW, k] == (power.run_kw if sews else 0.0)
        assert weights[RUN_IDLE_KW, k] == (power.idle_kw if sews else 0.0)
        assert weights[RUNNING, k] == sews
        assert weights[FUSING, k] == (machine == "FUS")
        assert weights[IRONING, k] == (machine == "IRON")


def test_what_waits_is_every_manned_machine_once(plan: Balance) -> None:
    people = dict.fromkeys(plan.machines, 0)
    for machine, crew in zip(plan.machines, np.diff(plan.crew_start).tolist(), strict=True):
        people[machine] += crew
    sewing = {m: n for m, n in people.items() if m not in ("IRON", "FUS", MANUAL_MACHINE)}
    waiting = PowerTable(machine_powers()).waiting(plan)
    assert waiting.irons == people["IRON"] > 0
    assert waiting.idle_kw == pytest.approx(sum(n * POWERS[m].idle_kw for m, n in sewing.items()))
    expected = sum(n * POWERS[m].standby_kw for m, n in sewing.items())
    assert waiting.standby_kw == pytest.approx(expected)
    assert waiting.standby_kw < waiting.idle_kw


def test_nothing_waits_where_nothing_is_manned() -> None:
    assert Waiting() == (0.0, 0.0, 0.0)


def test_a_load_curve_is_empty_and_longer_than_all_duty() -> None:
    clock = WorkingClock(Environment(), ShiftTable(ALWAYS, 10), "line")
    curve = load_curve(clock)
    assert curve.shape[0] == ROWS
    assert not curve.any()
    assert curve.shape[1] * LOAD_BIN_MIN > 2.0 * 10 * 1440.0
