"""What a rule would make of the whole book, orders still to come included."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.planning.cost_to_go import MatchRule, cost_to_go_usd
from factory_env.sim.planning.whole_book import whole_cost_usd
from tests.sim.planning.small_floor import book, floats, ints, lines, terms, times
from tests.sim.planning.test_cost_to_go import styles

RULE = MatchRule(k1=1.0, k2=1.0, k3=1.0, grace_min=0.0, hold_beyond=np.inf)
NOTHING_BEGUN = np.full(3, np.inf)
ALONE = np.array([[True, True, True], [False, False, False]])


def cost(kernel=whole_cost_usd, now_shift=0.0, begun=NOTHING_BEGUN, rule=RULE, **facts) -> float:
    parts = {"paid": np.zeros(3), "book": book(), "times": times(), "lines": lines(), **facts}
    past = (begun, np.full(3, np.inf), parts.pop("paid"), np.ones(2))
    return float(kernel(*past, now_shift, *parts.values(), styles(), terms(), rule))


def test_where_all_fabric_is_here_it_is_the_cost_to_go() -> None:
    for now_shift in (0.0, 900.0, 2900.0):
        assert cost(now_shift=now_shift) == pytest.approx(cost(cost_to_go_usd, now_shift))


def test_an_order_to_come_is_sewn_when_its_fabric_has_come() -> None:
    now = lines(free_in_min=floats(60.0, 0.0), current=ints(0, 0))
    begun = floats(100.0, 100.0, np.inf)  # only order 2 is left, and line 0 alone sews it
    to_come = book(release_shift=floats(0.0, 0.0, 2500.0))
    # another product: 180 minutes for 30 people at 0.1; ends 2500 + 180 + 220 minutes from now
    usd = cost(begun=begun, book=to_come, lines=now, times=times(capable=ALONE))
    late_usd = cost(begun=floats(100.0, 100.0, 2900.0))  # of three orders that are taken
    assert usd == pytest.approx(late_usd + 30 * 180 * 0.1)


def test_that_an_order_comes_as_expected_changes_nothing() -> None:
    # line 0 sews orders 0 and 1 until 800 whatever is known of order 2, which is to come at 200
    busy = lines(free_in_min=floats(800.0, 0.0), current=ints(1, 1))
    begun = floats(500.0, 800.0, np.inf)
    expected = book(release_shift=floats(0.0, 0.0, 200.0))
    facts = {"times": times(capable=ALONE), "book": expected}
    before = cost(now_shift=100.0, begun=begun, lines=busy, **facts)
    later = busy._replace(free_in_min=floats(500.0, 0.0))
    assert cost(now_shift=400.0, begun=begun, lines=later, **facts) == pytest.approx(before)


def test_a_line_that_stands_while_work_waits_pays_for_it_at_once() -> None:
    late = book(due_shift=floats(0.0, 0.0, 0.0))
    now, waits = (cost(now_shift=t, book=late, times=times(capable=ALONE)) for t in (0.0, 480.0))
    assert waits > now


def test_orders_that_nobody_can_sew_cost_nothing() -> None:
    assert cost(times=times(capable=np.zeros((2, 3), dtype=np.bool_))) == 0.0


def test_a_line_that_waits_for_better_work_takes_some_in_the_end() -> None:
    patient = RULE._replace(hold_beyond=-1.0)  # nothing is ever good enough
    assert cost(rule=patient) > 0.0


def test_lateness_that_is_paid_is_not_counted_again() -> None:
    late = book(due_shift=floats(-9000.0, -9000.0, -9000.0))
    paid = floats(10.0, 20.0, 3.0)  # of 1000, 500 and 100, of which more is lost by then
    assert cost(book=late, paid=paid) == pytest.approx(cost(book=late) - 33.0)
