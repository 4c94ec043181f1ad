"""What a line reports to the meter: people on duty, machines that run, machines that wait."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, step_through
from factory_env.sim.work.line_use import LineUse

SLOT = 15.0
DAY = 1440.0
OVERRIDES = {"horizon_days": 4, "demand.days": 3}


def begin(**changes) -> Factory:
    overrides = {**OVERRIDES, **changes}
    scenario = load_scenario("small", overrides=overrides, site="grid_only", tariff="us_demand")
    return Factory(scenario, 1)


def reporter(factory: Factory, line: int = 0) -> LineUse:
    one = factory.lines[line]
    world = factory.world
    assert world.power is not None
    return LineUse(world, world.power, one.number, one.clock, one.passes, one.load)


@pytest.fixture(scope="module")
def played() -> Factory:
    factory = begin()
    for _ in step_through(factory, Edd()):
        pass
    return factory


def walls(factory: Factory, days: int = 2) -> np.ndarray:
    return np.arange(0.0, days * DAY + 1.0, SLOT)


def test_nothing_is_used_before_the_house_opens() -> None:
    factory = begin()
    start = factory.scenario.calendar.shift_start_min
    use = reporter(factory).used(np.arange(0.0, start + 1.0, SLOT))
    for name in ("open_share", "people", "run_kw", "idle_kw", "rest_idle_kw"):
        assert not np.any(getattr(use, name)), name


def test_people_are_those_of_the_line_while_it_is_on_duty(played) -> None:
    spec = played.scenario.plant.lines[0]
    use = reporter(played).used(walls(played))
    everybody = spec.operators + spec.inspectors + spec.repairers
    duty = np.asarray(use.open_share)
    present = {day: share for day, line, share in played.world.recorder.attendance if line == 0}
    first = duty[: int(DAY / SLOT)]
    at_work = np.asarray(use.people)[: int(DAY / SLOT)][first == 1.0]
    expected = spec.operators * present[0] + spec.inspectors + spec.repairers
    assert at_work.tolist() == pytest.approx([expected] * at_work.shape[0])
    assert expected <= everybody
    shift_min = played.scenario.calendar.shift_min
    assert first.sum() * SLOT == pytest.approx(shift_min)


def test_machine_minutes_are_those_of_the_operations(played) -> None:
    line = played.lines[0]
    use = reporter(played).used(np.arange(0.0, played.now_min + SLOT, SLOT))
    running = float(np.sum(use.machines_running)) * SLOT
    # minutes of work at machines other than irons and fusing presses, up to the end of the run
    done = sum(part.by_operator(line.engine, line.clock.now)[0].sum() for part in line.passes)
    assert 0.0 < running <= done + 1e-6


def test_ready_machines_wait_at_idle_while_others_run_and_rest_while_none_does() -> None:
    factory = begin()
    nobody = reporter(factory)
    start = factory.scenario.calendar.shift_start_min
    factory.world.env.run(until=start + 60.0)  # nobody has taken an order
    use = nobody.used(np.array([start, start + SLOT, start + 2 * SLOT]))
    assert not np.any(use.machines_running)
    assert not np.any(use.idle_kw)
    assert (np.asarray(use.rest_idle_kw) > np.asarray(use.rest_standby_kw)).all()
    assert (np.asarray(use.rest_standby_kw) > 0.0).all()


def test_slot_by_slot_it_reports_what_it_reports_afterwards() -> None:
    factory = begin()
    live = reporter(factory)
    edge, slots = SLOT, []
    while edge <= DAY:
        factory.world.env.run(until=edge)
        slots.append(live.used_now())
        edge += SLOT
    later = live.used(walls(factory, 1))
    for name in ("open_share", "people", "machines_running", "run_kw", "rest_idle_kw"):
        values = [float(getattr(slot, name)) for slot in slots]
        assert values == pytest.approx(np.asarray(getattr(later, name)).tolist()), name
