"""Costs minute by minute, on orders of 100 pieces at 10 USD, due on day 20."""

from __future__ import annotations

import pytest

from factory_env.domain.costs import Costs
from factory_env.sim.orders.ledger import Ledger
from tests.sim.orders.small_book import small_book

DAY = 1440.0
DUE = 20 * DAY


def ledger(small, *orders, **costs) -> Ledger:
    one = Ledger(Costs(**costs), small_book(small, *(orders or ({},))))
    for number in range(len(orders or ({},))):
        one.watch(number, 0.0)
    return one


def test_lateness_is_charged_in_steps_as_they_fall_due(small) -> None:
    # 2 % of 1,000 USD after 3 days, 5 % in all after 7
    one = ledger(small)
    assert one.total(DUE + 3 * DAY - 1) == 0.0
    assert one.total(DUE + 3 * DAY) == pytest.approx(20.0)
    assert one.total(DUE + 8 * DAY) == pytest.approx(50.0)


def test_what_is_shipped_in_time_never_costs_lateness(small) -> None:
    one = ledger(small)
    one.ship(0, 100.0, DUE)
    assert one.total(DUE + 50 * DAY) == 0.0


def test_a_date_that_was_moved_leaves_its_old_steps_without_effect(small) -> None:
    book = small_book(small, {})
    one = Ledger(Costs(), book)
    one.watch(0, 0.0)
    book.set_due(0, DUE + 10 * DAY)
    one.watch(0, 0.0)
    assert one.total(DUE + 9 * DAY) == 0.0
    assert one.total(DUE + 13 * DAY) == pytest.approx(20.0)


def test_missing_pieces_cost_their_price(small) -> None:
    one = ledger(small)
    one.ship(0, 97.0, DUE)
    assert one.parts(0.0)["short"] == pytest.approx(30.0)


def test_an_important_customer_costs_more(small) -> None:
    assert ledger(small, {"priority": 3.0}).total(DUE + 3 * DAY) == pytest.approx(60.0)


def test_lateness_grows_to_the_price_of_air_freight_and_then_flies(small) -> None:
    book = small_book(small, {})
    kg = book.weight_kg[0]
    one = Ledger(Costs(air_usd_per_kg=35.0 / kg), book)  # 35 USD for the order
    one.watch(0, 0.0)
    assert one.total(DUE + 8 * DAY) == pytest.approx(35.0)  # not 50
    assert one.by_air(0)
    one.ship(0, 100.0, DUE + 8 * DAY)
    assert one.parts(DUE + 8 * DAY)["air"] == pytest.approx(35.0)
    assert one.parts(DUE + 8 * DAY)["lateness"] == pytest.approx(0.0)


def test_an_order_flies_also_if_nobody_has_asked_what_it_costs(small) -> None:
    book = small_book(small, {})
    one = Ledger(Costs(air_usd_per_kg=35.0 / book.weight_kg[0]), book)  # 35 USD for the order
    one.watch(0, 0.0)
    one.ship(0, 100.0, DUE + 8 * DAY)  # lateness would cost 50 USD
    assert one.parts(DUE + 8 * DAY)["air"] == pytest.approx(35.0)
    assert one.parts(DUE + 8 * DAY)["lateness"] == pytest.approx(0.0)


def test_capital_in_the_works_costs_interest_while_it_is_bound(small) -> None:
    # 60 % of 1,000 USD at 12 % a year: 72 USD for 365 days
    one = ledger(small)
    one.bind(1000.0, 0.0)
    assert one.parts(0.0)["holding"] == 0.0
    assert one.parts(365 * DAY)["holding"] == pytest.approx(72.0)
    assert one.parts(0.0)["holding"] == pytest.approx(0.0)  # reading has booked nothing
    one.bind(-1000.0, 365 * DAY)
    assert one.parts(365 * DAY)["holding"] == pytest.approx(72.0)
    one.bind(0.0, 400 * DAY)
    assert one.parts(400 * DAY)["holding"] == pytest.approx(72.0)


def test_labour_is_lost_by_changeover_and_learning(small) -> None:
    one = ledger(small)
    one.lose_labour(operators=10.0, setup_min=20.0, learning_min=50.0)
    assert one.parts(0.0)["changeover"] == pytest.approx(10 * 20 * 0.012)
    assert one.parts(0.0)["learning"] == pytest.approx(50 * 0.012)


def test_overtime_is_paid_at_its_factor(small) -> None:
    one = ledger(small)
    one.work_overtime(100.0, 2.0)
    assert one.parts(0.0)["overtime"] == pytest.approx(100 * 0.012 * 2)


def test_a_cancelled_order_costs_what_was_cut_and_no_more_lateness(small) -> None:
    one = ledger(small, cancel_share=0.5)
    one.cancel(0, 40.0, DUE)
    assert one.parts(0.0)["cancelled"] == pytest.approx(40 * 10.0 * 0.5)
    assert one.total(DUE + 50 * DAY) == pytest.approx(200.0)


def test_what_is_open_at_the_horizon_is_charged_as_if_shipped_later(small) -> None:
    # due 10 days before the end, settled 15 days after it: 25 days late, 7.5 %
    one = ledger(small)
    one.settle(DUE + 10 * DAY)
    assert one.parts(0.0)["lateness"] == pytest.approx(75.0)


def test_the_total_is_the_sum_of_the_parts(small) -> None:
    one = ledger(small, recheck_usd_per_min=0.02, seconds_loss_share=0.4)
    one.lose_seconds(0, 3.0, 0.4)
    one.inspect(100.0, 2.5)
    one.take_back(0.5, 30.0)
    one.recheck(60.0)
    one.recheck_at(10.0, 2, 1.5)
    one.use_energy(11.0, 7.0, 3.0, 2.0)
    parts = one.parts(0.0)
    assert parts["seconds"] == pytest.approx(12.0)
    assert parts["inspection"] == pytest.approx(100 * (0.012 + 0.03) + 2.5)
    assert parts["returns"] == pytest.approx(15.0)
    assert parts["recheck"] == pytest.approx(60 * 0.02 + 10 * 0.03 + 3.0)
    assert (parts["energy"], parts["fuel"], parts["wear"], parts["carbon"]) == (11.0, 7.0, 3.0, 2.0)
    assert one.total(0.0) == pytest.approx(sum(parts.values()))
    assert parts.keys() == set(Ledger.PARTS)
