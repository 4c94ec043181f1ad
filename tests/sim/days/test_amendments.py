"""A cancelled order stops where it is: in the book, on the table, in the queue, on a line."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.sim.work.line_flow import run_pass
from tests.play import play


def factory_at(minute: float, seed: int = 2, **overrides) -> Factory:
    """The small plant under EDD until some minute."""
    scenario = load_scenario("small", overrides={"costs.cancel_share": 0.6, **overrides})
    factory = Factory(scenario, seed)
    rule = Edd()
    while (question := factory.advance()) is not None and question.now_min < minute:
        factory.answer(rule.choose(question))
    return factory


def on_a_line(factory: Factory) -> int:
    """An order of which bundles are still to be loaded."""
    for line in factory.lines:
        part = line.passes[-1]
        if part.loaded_bundles(line.clock.now) + 5 < part.job.pieces.shape[0]:
            return part.run.order
    raise AssertionError("no line is in the middle of an order")


def test_on_a_line_bundles_inside_are_finished_and_the_rest_given_back() -> None:
    factory = factory_at(3 * 1440 + 600)
    order = on_a_line(factory)
    run = factory.house.runs[order]
    line = factory.lines[run.line]
    part = line.passes[-1]
    before = part.recorded(run_pass)
    now, loaded = line.clock.now, part.loaded_bundles(line.clock.now)
    loaded_end = part.result.loaded_min
    factory.cancel(order)
    assert run.scrapped == run.cut - int(part.job.pieces[:loaded].sum())
    assert part.job.pieces.shape[0] == loaded
    after = part.recorded(run_pass)
    # nothing that began before the cancellation has changed
    past = after.start <= now
    np.testing.assert_array_equal(after.start[past], before.start[:loaded][past])
    np.testing.assert_array_equal(after.end[past], before.end[:loaded][past])
    assert part.result.loaded_min < loaded_end  # the line is free sooner
    log = play(factory, Edd())
    orders = log.tables["orders"]
    assert np.isnan(orders["shipped_min"][order])
    assert not np.isnan(orders["cancelled_min"][order])
    lots = log.tables["lots"]
    assert lots["pieces"][lots["order"] == order].sum() == run.cut - run.scrapped
    usd = run.cut * orders["price_usd"][order] * 0.6
    assert log.cost_usd["cancelled"] == pytest.approx(usd)


def test_a_waiting_order_is_never_offered_again() -> None:
    factory = factory_at(3 * 1440 + 600)
    floor = factory.house.floor
    waiting = sorted({o for x in floor.lines for o in floor.waiting_for(x.number).tolist()})
    assert waiting
    factory.cancel(waiting[0])
    factory.ask_again()
    rule = Edd()
    while (question := factory.advance()) is not None:
        assert waiting[0] not in question.orders.tolist()
        factory.answer(rule.choose(question))
    run = factory.house.runs[waiting[0]]
    assert run.scrapped == run.cut > 0


def test_an_order_whose_fabric_has_not_come_never_comes() -> None:
    factory = factory_at(3 * 1440)
    later = int(np.flatnonzero(factory.book.release_min > factory.now_min + 1440)[0])
    factory.cancel(later)
    log = play(factory, Edd())
    assert log.tables["orders"]["cut"][later] == 0
    assert np.isnan(log.tables["orders"]["ready_min"][later])
    assert log.finished == (np.isnan(log.tables["orders"]["shipped_min"]).sum() == 1)


def test_cancelling_twice_or_after_shipment_changes_nothing() -> None:
    factory = factory_at(15 * 1440)
    shipped = next(run.order for run in factory.house.runs if run.shipped_min == run.shipped_min)
    cost = factory.cost_usd
    factory.cancel(shipped)
    assert factory.cost_usd == cost
    order = on_a_line(factory)
    factory.cancel(order)
    once = factory.cost_parts_usd["cancelled"]
    factory.cancel(order)
    assert factory.cost_parts_usd["cancelled"] == once


def test_no_lateness_is_charged_after_the_cancellation() -> None:
    factory = factory_at(6 * 1440)
    book, ledger = factory.book, factory.world.ledger
    still_open = [r.order for r in factory.house.runs if r.shipped_min != r.shipped_min]
    order = min(still_open, key=lambda o: book.due_min[o])
    factory.cancel(order)
    paid = float(ledger.late_usd[order])
    log = play(factory, Edd())
    assert book.due_min[order] + 4 * 1440 < log.end_min  # its first step would have come
    assert float(ledger.late_usd[order]) == paid


@pytest.mark.parametrize("lays", [False, True])
def test_an_order_on_the_cutting_table_is_counted_as_cut(lays) -> None:
    scenario = load_scenario("small", overrides={"cutting.lays": lays, "costs.cancel_share": 0.6})
    factory = Factory(scenario, 2)
    rule = Edd()
    order = None
    while (question := factory.advance()) is not None:
        cutting = [
            r.order
            for r in factory.house.runs
            if r.ready_min != r.ready_min and r.cut > 0 and not r.is_cancelled
        ]
        if cutting and order is None:
            order = cutting[0]
            factory.cancel(order)
            factory.ask_again()
            continue
        factory.answer(rule.choose(question))
    assert order is not None, "a question must fall into the cutting of an order under this seed"
    run = factory.house.runs[order]
    assert run.scrapped == run.cut > 0
    assert run.ready_min != run.ready_min
