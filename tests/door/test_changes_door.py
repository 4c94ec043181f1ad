"""The door for dated changes: what a person writes becomes what the run knows, or a fault."""

from __future__ import annotations

from datetime import date, datetime
from math import inf

import pytest

from factory_env.domain import changes as what
from factory_env.domain.changes import Change
from factory_env.domain.order import Order
from factory_env.door.changes_door import read_changes
from factory_env.door.changes_schema import changes_schema
from factory_env.door.changing.kinds import KINDS
from factory_env.errors import InputError

DAY = 1440.0
MONDAY = date(2026, 12, 7)
BOOK = (
    Order(
        order_id="PO-1",
        style_id="polo-02",
        quantity=500,
        release_min=5 * DAY,
        due_min=20 * DAY,
        price_usd=4.0,
        priority=1.0,
        customer="Marlowe",
    ),
)


def read(*rows, scenario, first_day=MONDAY, orders=BOOK) -> tuple[Change, ...]:
    return read_changes(rows, scenario, first_day, orders, "q.yaml")


def faults(*rows, scenario, **beside) -> list[str]:
    with pytest.raises(InputError) as error:
        read(*rows, scenario=scenario, **beside)
    return [f"{p.field}: {p.rule}" for p in error.value.problems]


def test_a_date_is_the_begin_of_its_day_and_as_an_end_the_end_of_it(small) -> None:
    row = {"line_down": "polo-1", "from": "2026-12-08", "to": date(2026, 12, 9)}
    assert read(row, scenario=small) == (
        what.LineDown(from_min=DAY, to_min=3 * DAY, line="polo-1"),
    )


def test_every_way_of_writing_a_moment_means_the_same(small) -> None:
    ways = ("2026-12-10 10:00", datetime(2026, 12, 10, 10), "day 3 10:00", "3 10:00")
    changes = {read({"cancel_order": "PO-1", "on": way}, scenario=small) for way in ways}
    assert changes == {(what.CancelOrder(at_min=3 * DAY + 600.0, order_id="PO-1"),)}


def test_an_added_order_takes_price_and_id_from_the_factory(small) -> None:
    row = {"add_order": {"style": "polo-02", "quantity": 2000, "due": "2026-12-18"}, "on": 3}
    (added,) = read(row, scenario=small)
    assert added.at_min == 3 * DAY
    assert added.order.order_id == "NEW-1"
    assert added.order.price_usd > 0.0
    assert added.order.due_min == 12 * DAY


def test_another_change_may_name_an_order_that_is_added_further_down(small) -> None:
    new = {"order": "RUSH", "style": "polo-02", "quantity": 2000, "due": "day 18"}
    rows = ({"cancel_order": "RUSH", "on": 5}, {"add_order": new, "on": 3})
    cancelled, added = read(*rows, scenario=small)
    assert cancelled.order_id == added.order.order_id == "RUSH"


def test_people_are_counted_by_head_or_by_share(small) -> None:
    heads, share = read(
        {"heads": -3, "line": "polo-1", "from": 2, "to": 4},
        {"heads": "-10 %", "from": 10},
        scenario=small,
    )
    assert heads == what.Heads(from_min=2 * DAY, line="polo-1", heads=-3, to_min=5 * DAY)
    assert share == what.Heads(from_min=10 * DAY, share=-0.1, to_min=inf)


def test_all_faults_are_told_at_once(small) -> None:
    rows = (
        {"line_down": "polo1", "from": 3},
        {"cancel_order": "PO-2", "on": "2027-12-10"},
        {"add_order": {"style": "pollo", "quantity": 0}, "on": 3},
        {"line_downe": "polo-1"},
        "down",
        {"line_speed": -0.5, "line": "polo-1", "from": 3},
    )
    assert faults(*rows, scenario=small) == [
        "changes[2].add_order.quantity: must be at least 1 and at most 1e+07",
        "changes[2].add_order.due: must be given",
        "changes[2].add_order.style: must be a style of the scenario",
        "changes[0].line_down: must be a line of plant small",
        "changes[1].cancel_order: must be an order of the book",
        "changes[1].on: must lie within the run",
        "changes[3]: must name a change",
        "changes[4]: must be a mapping",
        "changes[5].line_speed: must be at least 0.01 and at most 100",
    ]


WRONG = {
    "windows overlap": (
        [{"line_down": "polo-1", "from": 3, "to": 9}, {"line_down": "polo-1", "from": 9}],
        "changes[1].from: must not overlap another window of its kind",
    ),
    "all lines and one line overlap": (
        [{"overtime": 2, "from": 3}, {"overtime": 1, "from": 9, "line": "polo-1"}],
        "changes[1].from: must not overlap another window of its kind",
    ),
    "an end before the begin": (
        [{"line_down": "polo-1", "from": 9, "to": 3}],
        "changes[0].to: must be after from",
    ),
    "a working day is opened": ([{"work_day": 1}], "changes[0].work_day: must be a day off"),
    "a day off is closed": ([{"closed_day": 6}], "changes[0].closed_day: must be a working day"),
    "nothing is amended": (
        [{"amend_order": "PO-1", "on": 3}],
        "changes[0].amend_order: must change something",
    ),
    "fabric comes earlier": (
        [{"late_fabric": "PO-1", "on": 3, "until": 4}],
        "changes[0].until: must be later than it would come",
    ),
    "fabric is there": (
        [{"late_fabric": "PO-1", "on": 9, "until": 14}],
        "changes[0].on: must be before the fabric comes",
    ),
    "an order is cancelled twice": (
        [{"cancel_order": "PO-1", "on": 3}, {"amend_order": "PO-1", "priority": 2, "on": 4}],
        "changes[1].amend_order: must not come after changes[0] cancels it",
    ),
    "a line cannot sew it": (
        [{"force_order": "PO-1", "line": "shirt-1", "on": 3}],
        "changes[0].line: must be a line that can sew polo",
    ),
    "energy is not accounted for": (
        [{"energy_price": 2.0, "from": 3}],
        "changes[0].energy_price: must be of a run with an energy side",
    ),
    "more demand of a given book": (
        [{"more_demand": 2.0, "from": 3}],
        "changes[0].more_demand: must be of a run that draws its orders",
    ),
    "two changes in one row": (
        [{"work_day": 6, "closed_day": 1}],
        "changes[0]: must be one change",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_contradicts_itself_is_refused(case, small) -> None:
    rows, fault = WRONG[case]
    assert faults(*rows, scenario=small) == [fault]


def test_a_run_without_dates_wants_day_numbers(small) -> None:
    (fault,) = faults({"closed_day": "2026-12-08"}, scenario=small, first_day=None)
    assert fault == "changes[0].closed_day: must be a day number: the run has no dates"


def test_a_run_that_draws_its_orders_knows_them_by_their_numbers(small) -> None:
    (change,) = read({"cancel_order": "O0003", "on": 2}, scenario=small, orders=None)
    assert change.order_id == "O0003"
    (fault,) = faults({"cancel_order": "PO-9", "on": 2}, scenario=small, orders=None)
    assert fault == "changes[0].cancel_order: must be an order: this run draws its own"


def test_every_kind_of_change_can_be_written_and_has_a_schema() -> None:
    assert {kind.of for kind in KINDS.values()} == set(Change.__args__)
    titles = [kind["title"] for kind in changes_schema()["items"]["oneOf"]]
    assert titles == list(KINDS)
