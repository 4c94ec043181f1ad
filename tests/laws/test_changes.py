"""Dated changes: nobody notices one before its minute, and a run with changes forks like any."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory, Order, RunLog, Scenario, load_scenario
from factory_env.catalogue import load_plugs
from factory_env.decision import ask
from factory_env.domain import changes as what
from factory_env.domain.changes import Change
from factory_env.errors import BranchError
from factory_env.sim.days import changes as kinds
from factory_env.sim.kernel.halt import StopSimulation
from tests.play import fingerprint, play

DAY = 1440.0
AT = 4 * DAY + 600.0  # Friday of the first week, 10:00
UNTIL = 8 * DAY
MATCH = AtcsMatch(k1=2.0, k2=0.5, k3=0.5, grace_min=0.0, hold_beyond=1000.0)
NEW = Order(
    order_id="RUSH",
    style_id="polo-02",
    quantity=1500,
    release_min=0.0,
    due_min=11 * DAY,
    price_usd=8.0,
    priority=2.0,
    customer="Marlowe",
)


def sample(kind: type[Change], scenario: Scenario, book) -> Change:
    """One change of a kind in the middle of the run; a new kind needs its own here."""
    line = scenario.plant.lines[0].name
    later = next(o for o in book if o.release_min > AT + DAY).order_id
    early = next(o for o in book if o.release_min < AT - 2 * DAY).order_id
    values = {
        what.AddOrder: {"at_min": AT, "order": NEW},
        what.CancelOrder: {"at_min": AT, "order_id": early},
        what.AmendOrder: {"at_min": AT, "order_id": later, "quantity": 900, "priority": 3.0},
        what.LateFabric: {"at_min": AT, "order_id": later, "release_min": 13 * DAY},
        what.LineDown: {"from_min": AT, "to_min": UNTIL, "line": line},
        what.LineSpeed: {"from_min": AT, "to_min": UNTIL, "line": line, "factor": 0.7},
        what.Heads: {"from_min": AT, "share": -0.3, "to_min": UNTIL},
        what.AbsenceWave: {"from_min": AT, "to_min": UNTIL, "share": 0.3},
        what.MachinesOut: {"from_min": AT, "to_min": UNTIL, "machine": "OL4", "count": 3},
        what.Overtime: {"from_min": AT, "to_min": UNTIL, "hours": 2.0},
        what.WorkDay: {"day": 6},
        what.ClosedDay: {"day": 4},
        what.EnergyPrice: {"from_min": AT, "to_min": UNTIL, "factor": 2.0},
        what.Outage: {"from_min": AT, "to_min": AT + 120.0},
        what.ForceOrder: {"at_min": AT, "order_id": later, "line": line},
        what.MoreDemand: {"from_min": AT, "factor": 2.0},
    }
    return kind(**values[kind])


KINDS = [cause.kind for cause in load_plugs(kinds).values()]
named = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def busy() -> Scenario:
    """Twelve working days of many small orders, with luck of every kind."""
    return load_scenario(
        "small",
        disruptions="normal",
        overrides={
            "horizon_days": 12,
            "demand.days": 10,
            "demand.load": 1.3,
            "demand.size_median": 400,
            "demand.booking_lead_days": [0.0, 4.0],
        },
    )


@pytest.fixture(scope="module")
def base(busy) -> Factory:
    return Factory(busy, 3)


@pytest.fixture
def scene(kind, busy, base) -> tuple[Scenario, Factory]:
    """The scenario of a kind of change, and a run of it; prices need an energy side."""
    if kind is not what.EnergyPrice:
        return busy, base
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the site is made for a larger plant
        energy = load_scenario("small", site="pv_battery", tariff="us_demand").energy
    lit = busy.replace(energy=energy)
    return lit, Factory(lit, 3)


def log_at(factory: Factory, minute: float) -> RunLog:
    """The log of a run under a rule at the first instant of a minute."""
    factory.halt_at(minute)
    try:
        while (question := factory.advance()) is not None:
            factory.answer(ask(MATCH, question))
    except StopSimulation:
        pass
    return factory.log()


def own_part(log: RunLog, orders: int) -> RunLog:
    """The log without the rows of orders that a change has added."""
    kept = {name: column[:orders] for name, column in log.tables["orders"].items()}
    return replace(log, tables={**log.tables, "orders": kept})


@named
def test_until_its_minute_nobody_notices_a_change(kind, scene) -> None:
    busy, base = scene
    change = sample(kind, busy, base.book.orders)
    minute = what.begin_min(change) - 1.0 / 64.0  # the change comes first in its minute
    tables = base.tables
    straight = log_at(Factory(busy, 3, tables=tables), minute)
    changed = log_at(Factory(busy, 3, tables=tables, changes=(change,)), minute)
    assert fingerprint(own_part(changed, len(base.book))) == fingerprint(straight)


@named
def test_a_change_does_something(kind, scene) -> None:
    busy, base = scene
    change = sample(kind, busy, base.book.orders)
    straight = play(Factory(busy, 3, tables=base.tables), MATCH)
    changed = play(Factory(busy, 3, tables=base.tables, changes=(change,)), MATCH)
    assert fingerprint(changed) != fingerprint(straight)


@named
def test_a_fork_with_a_change_equals_the_run_that_had_it_from_the_start(kind, scene) -> None:
    busy, base = scene
    change = sample(kind, busy, base.book.orders)
    straight = play(Factory(busy, 3, tables=base.tables, changes=(change,)), MATCH)
    run = Factory(busy, 3, tables=base.tables)
    log_at(run, 9 * DAY)
    fork = run.fork(what.begin_min(change), changes=(change,))
    assert fingerprint(play(fork, MATCH)) == fingerprint(straight)
    late = fork.fork(7 * DAY)
    assert late.past.changes == (change,)
    assert fingerprint(play(late, MATCH)) == fingerprint(straight)


@named
def test_a_run_with_a_change_is_copied_and_pickled_whole(kind, scene) -> None:
    busy, base = scene
    change = sample(kind, busy, base.book.orders)
    run = Factory(busy, 3, tables=base.tables, changes=(change,))
    while (question := run.advance()) is not None and question.now_min < 6 * DAY:
        run.answer(ask(MATCH, question))
    again = pickle.loads(pickle.dumps(run))
    assert fingerprint(play(again, MATCH)) == fingerprint(play(run, MATCH))


@named
def test_under_fresh_luck_a_change_that_has_begun_stays_and_one_to_come_is_forgotten(
    kind, scene
) -> None:
    busy, base = scene
    change = sample(kind, busy, base.book.orders)
    run = Factory(busy, 3, tables=base.tables, changes=(change,))
    log_at(run, 7 * DAY)
    assert run.fork(what.begin_min(change) - 60.0, fresh_seed=9).past.changes == ()
    fork = run.fork(6 * DAY + 700.0, fresh_seed=9)
    assert fork.past.changes == (change,)
    assert play(fork, MATCH).finished in (True, False)


def test_a_run_without_changes_is_what_it_was(busy, base) -> None:
    one = play(Factory(busy, 3, tables=base.tables), MATCH)
    other = play(Factory(busy, 3, tables=base.tables, changes=()), MATCH)
    assert fingerprint(one) == fingerprint(other)


def test_a_fork_refuses_a_change_in_the_past(busy, base) -> None:
    run = Factory(busy, 3, tables=base.tables)
    log_at(run, AT)
    with pytest.raises(BranchError, match="must begin at or after minute"):
        run.fork(DAY, changes=(what.ClosedDay(day=0),))


@pytest.fixture(scope="module")
def sure(busy) -> Scenario:
    """Long enough for every order to be shipped."""
    return busy.replace(horizon_days=30)


def ship_minutes(log: RunLog) -> dict[str, float]:
    orders = log.tables["orders"]
    return dict(zip(orders["order_id"].tolist(), orders["shipped_min"].tolist(), strict=True))


def test_an_order_cancelled_before_anything_was_begun_is_as_if_it_had_never_come(sure) -> None:
    late = replace(NEW, release_min=10 * DAY)
    changes = (
        what.AddOrder(at_min=AT, order=late),
        what.CancelOrder(at_min=AT + 60.0, order_id="RUSH"),
    )
    straight = ship_minutes(play(Factory(sure, 3), Edd()))
    changed = ship_minutes(play(Factory(sure, 3, changes=changes), Edd()))
    assert np.isnan(changed.pop("RUSH"))
    assert changed == pytest.approx(straight, rel=0.0, abs=0.0, nan_ok=True)


def test_a_line_that_is_down_for_the_whole_run_makes_nothing(sure) -> None:
    down = what.LineDown(from_min=0.0, to_min=1e9, line=sure.plant.lines[1].name)
    days = play(Factory(sure, 3, changes=(down,)), Edd()).tables["line_days"]
    made = np.bincount(days["line"], weights=days["earned_min"])
    assert made[1] == 0.0
    assert made[0] > 0.0


def test_late_fabric_comes_no_sooner_than_said(sure) -> None:
    book = Factory(sure, 3).book.orders
    late = next(o for o in book if o.release_min > AT + DAY)
    change = what.LateFabric(at_min=AT, order_id=late.order_id, release_min=12 * DAY)
    log = play(Factory(sure, 3, changes=(change,)), Edd())
    row = log.tables["orders"]["order_id"].tolist().index(late.order_id)
    assert log.tables["orders"]["release_min"][row] >= 12 * DAY
    assert log.tables["orders"]["ready_min"][row] > 12 * DAY


def test_an_amended_order_is_shipped_in_its_new_quantity(sure) -> None:
    book = Factory(sure, 3).book.orders
    later = next(o for o in book if o.release_min > AT + DAY).order_id
    change = what.AmendOrder(at_min=AT, order_id=later, quantity=210, due_min=15 * DAY)
    orders = play(Factory(sure, 3, changes=(change,)), Edd()).tables["orders"]
    row = orders["order_id"].tolist().index(later)
    assert orders["quantity"][row] == 210
    assert orders["due_min"][row] == 15 * DAY
    assert 150 < orders["good"][row] + orders["seconds"][row] + orders["scrapped"][row] < 260
