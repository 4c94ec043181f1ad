"""The planner's kernels on a floor of two lines, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.decisions.candidates import N_COLUMNS, NEVER_MIN, CandidateTable
from factory_env.sim.planning.estimate import (
    best_line,
    booked_work,
    expected_late_usd,
    fill_candidates,
    late_share,
    stay_min,
)
from factory_env.sim.plant.learning import learning_extra
from tests.sim.planning.small_floor import DAY_MIN, book, floats, ints, lines, terms, times


def candidates(orders, askers, now_shift=0.0, **facts) -> CandidateTable:
    data = np.empty((len(orders), N_COLUMNS))
    parts = {"book": book(), "times": times(), "lines": lines(), "terms": terms(), **facts}
    fill_candidates(data, ints(*orders), ints(*askers), now_shift, *parts.values())
    return CandidateTable(data)


@pytest.mark.parametrize(
    ("late_days", "share"),
    # from 3 days before the first step the share rises in straight lines to the steps
    [(-2.0, 0.0), (-0.5, 0.025), (1.0, 0.05), (2.5, 0.125), (4.0, 0.2), (9.0, 0.2)],
)
def test_the_expected_share_joins_the_steps(late_days, share) -> None:
    assert late_share(late_days, terms()) == pytest.approx(share)


def test_times_of_the_asking_line_and_of_the_best_one() -> None:
    table = candidates([0, 2], [0, 0])
    # 100 x 2 + 20 and 50 x 4 + 20 minutes on line 0; line 1 ends at 300 + 90 + 100 + 10
    assert table.sewing_min.tolist() == [220.0, 220.0]
    assert table.setup_min.tolist() == [10.0, 180.0]
    assert table.here_min.tolist() == [230.0, 400.0]
    assert table.elsewhere_min.tolist() == [500.0, NEVER_MIN]
    assert table.fastest_min.tolist() == [200.0, 400.0]  # 90 + 110 on line 1
    # 30 people x 10 minutes x 0.1 here, 40 x 90 x 0.1 on line 1
    assert table.loss_usd.tolist() == pytest.approx([30.0, 540.0])
    assert table.least_loss_usd.tolist() == pytest.approx([30.0, 540.0])


def test_slack_and_lateness_count_from_the_end_on_the_asking_line() -> None:
    tail = 70.0
    late = terms(tail_min=tail)
    table = candidates([0], [0], now_shift=1000.0, terms=late)
    finish = 230.0 + tail  # due now
    assert table.due_in_min.tolist() == [0.0]
    assert table.slack_min.tolist() == [-finish]
    assert table.waiting_min.tolist() == [1000.0]
    days = finish / DAY_MIN
    now_usd = 1000.0 * late_share(days, late)
    assert table.late_now_usd.tolist() == [now_usd]
    for name, more in (("late_day_usd", 1.0), ("late_3days_usd", 3.0), ("late_week_usd", 6.0)):
        later = 1000.0 * late_share(days + more, late) - now_usd
        assert getattr(table, name).tolist() == pytest.approx([later]), name


def test_a_table_knows_what_else_waits_and_runs_of_style_and_product() -> None:
    table = candidates([0, 1, 2], [0, 0, 0], book=book(style=ints(0, 0, 1)))
    assert table.same_style.tolist() == [1.0, 1.0, 0.0]
    assert table.same_product.tolist() == [1.0, 1.0, 1.0]
    assert table.is_rush.tolist() == [0.0, 1.0, 0.0]
    assert table.sewing_min.tolist() == [220.0, 420.0, 120.0]
    assert table.style_waiting_min.tolist() == [420.0, 220.0, 0.0]
    assert table.product_waiting_min.tolist() == [540.0, 340.0, 640.0]
    assert table.lines_on_style.tolist() == [0.0, 0.0, 1.0]  # line 1 sews style 1
    assert table.lines_on_product.tolist() == [1.0, 1.0, 1.0]


def test_learning_and_missing_people_make_an_order_longer() -> None:
    slow = lines(loss=np.full((2, 3), 0.4))
    table = candidates([0], [0], lines=slow, terms=terms(attendance=0.5))
    assert table.sewing_min.tolist() == [440.0]
    assert table.learning_min.tolist() == [learning_extra(440.0, 0.4, 960.0)]
    whole = stay_min(100.0, 2.0, 20.0, 0.5, 10.0, 0.4, 960.0)
    assert whole == table.setup_min[0] + table.sewing_min[0] + table.learning_min[0]


NEVER = np.full(3, np.inf)
NOTHING = np.zeros(3)


def expected(now_shift, planned=NEVER, shipped=NEVER, paid=NOTHING, *, on_lines=False, **book_):
    facts = book(**book_), times(), lines(), terms()
    return float(expected_late_usd(planned, shipped, paid, on_lines, now_shift, *facts))


def test_waiting_orders_are_given_their_earliest_end() -> None:
    # seen at 2000: order 0 on line 0, order 1 on either line, order 2 on line 0
    ends = {0: 2000.0 + 10.0 + 220.0, 1: 2000.0 + min(90.0 + 420.0, 300.0 + 10.0 + 210.0)}
    usd = 1000.0 * late_share((ends[0] - 1000.0) / DAY_MIN, terms())
    usd += 500.0 * late_share((ends[1] - 2000.0) / DAY_MIN, terms())
    usd += 100.0 * late_share((2000.0 + 400.0 - 3000.0) / DAY_MIN, terms())
    assert expected(2000.0) == pytest.approx(usd)


def test_orders_on_a_line_end_as_planned_and_what_is_paid_or_shipped_is_over() -> None:
    planned = floats(1480.0, np.inf, np.inf)  # a day late: 5 % of 1,000
    assert expected(1000.0, planned, on_lines=True) == pytest.approx(50.0)
    paid = floats(20.0, 0.0, 0.0)
    assert expected(1000.0, planned, paid=paid, on_lines=True) == pytest.approx(30.0)
    shipped = floats(700.0, np.inf, np.inf)
    assert expected(1000.0, planned, shipped, on_lines=True) == 0.0
    assert expected(9000.0, release_shift=floats(9e9, 9e9, 9e9)) == 0.0


def test_booked_work_comes_within_the_span_and_is_of_the_group() -> None:
    arrivals = (
        floats(900.0, 2000.0, 5000.0, 2000.0),  # of the fabric, wall minutes
        floats(100.0, 500.0, 900.0, 500.0),  # and shift minutes
        floats(0.0, 0.0, 0.0, 1500.0),  # when the order is known
        floats(1.0, 2.0, 4.0, 8.0),  # its work
    )
    within = floats(400.0, 1000.0)
    everything = np.ones(4, dtype=np.bool_)
    # the first has come, the last is not known yet
    assert booked_work(*arrivals, everything, 1000.0, 200.0, within).tolist() == [2.0, 6.0]
    mine = np.array([True, False, True, True])
    assert booked_work(*arrivals, mine, 1000.0, 200.0, within).tolist() == [0.0, 4.0]
    assert booked_work(*arrivals, everything, 1500.0, 200.0, within).tolist() == [10.0, 14.0]


def test_the_best_line_ends_an_order_first() -> None:
    facts = book(), times(), lines(), 1.0
    assert best_line(ints(0, 1, 2), *facts).tolist() == [0, 0, 0]  # 230, 510 against 520, 400
    soon = lines(free_in_min=floats(0.0, 280.0))
    assert best_line(ints(1, 2), book(), times(), soon, 1.0).tolist() == [1, 0]
