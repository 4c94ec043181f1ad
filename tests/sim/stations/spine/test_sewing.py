"""A line takes an order, runs it through, and can be cut short, kept longer, or given new luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import load_scenario
from tests.laws.tiny_plant import line, scenario
from tests.sim.stations.one_line import TEE, Bench, one_operator, orders


def test_pieces_leave_one_a_minute_and_the_order_knows_its_line() -> None:
    bench = Bench(one_operator(), orders(400))
    bench.cut(0)
    bench.take(0)
    bench.world.env.run(until=1000.0)
    lots = [(lot.pieces, lot.sewn_min) for lot in bench.through]
    lot_pieces = bench.world.scenario.flow.lot_pieces
    assert lots == [(lot_pieces, float(lot_pieces)), (400 - lot_pieces, 400.0)]
    run = bench.runs[0]
    assert (run.sewn_min, run.work_min, run.setup_min) == (400.0, 400.0, 0.0)
    assert run.strictness == 1.0


def test_the_second_order_follows_the_first_on_every_operator() -> None:
    bench = Bench(one_operator(), orders(100, 50))
    bench.cut(0, 1)
    bench.take(0)
    bench.world.env.run(until=99.0)
    bench.take(1)
    bench.world.env.run(until=1000.0)
    assert bench.runs[0].sewn_min == 100.0
    assert bench.runs[1].sewn_min == 150.0
    first, second = bench.floor.lines[0].passes
    assert second.before is first
    assert first.before is None


def test_an_order_that_is_cut_short_finishes_what_is_on_the_line() -> None:
    bench = Bench(one_operator(), orders(400))
    bench.cut(0)
    bench.take(0)
    bench.world.env.run(until=101.0)
    only = bench.floor.lines[0]
    part = only.passes[-1]
    loaded = int(part.job.pieces[: part.loaded_bundles(101.0)].sum())
    assert only.cut(bench.runs[0]) == 400 - loaded
    bench.world.env.run(until=1000.0)
    assert sum(lot.pieces for lot in bench.through) == loaded
    assert bench.runs[0].sewn_min == pytest.approx(float(loaded))
    assert bench.runs[0].work_min == pytest.approx(float(loaded))
    assert only.is_idle


def test_an_order_that_is_on_the_line_already_is_not_cut_short() -> None:
    bench = Bench(one_operator(), orders(100, 50))
    bench.cut(0, 1)
    bench.take(0)
    bench.world.env.run(until=99.0)
    bench.take(1)
    assert bench.floor.lines[0].cut(bench.runs[0]) == 0
    bench.world.env.run(until=1000.0)
    assert sum(lot.pieces for lot in bench.through) == 150


def test_a_change_of_product_stops_everybody() -> None:
    toy = one_operator()
    rules = replace(load_scenario("small").changeover, enabled=True)
    bench = Bench(toy.replace(changeover=rules), orders(100))
    bench.world.setups.current[:] = -1  # set up for nothing it knows
    bench.cut(0)
    bench.take(0)
    setup = bench.runs[0].setup_min
    assert setup > 0.0
    bench.world.env.run(until=3000.0)
    assert bench.runs[0].sewn_min == pytest.approx(100.0 + setup)
    rate = toy.costs.labour_usd_per_min
    assert bench.world.ledger.changeover == pytest.approx(setup * rate)


def test_new_luck_leaves_alone_what_is_done() -> None:
    noisy = one_operator()
    noisy = noisy.replace(noise=replace(noisy.noise, enabled=True, cv=0.5))
    bench, twin = Bench(noisy, orders(400)), Bench(noisy, orders(400))
    for each in (bench, twin):
        each.cut(0)
        each.take(0)
        each.world.env.run(until=200.0)
    bench.world.streams.renew(99)
    bench.floor.lines[0].renew_luck()
    done = [each.floor.lines[0].passes[0].result.done for each in (bench, twin)]
    past = done[1] <= 200.0
    assert past.any()
    np.testing.assert_array_equal(done[0][past], done[1][past])
    assert not np.array_equal(done[0][~past], done[1][~past])


def test_only_a_scenario_with_overtime_gives_lines_a_duty_of_their_own() -> None:
    bench = Bench(one_operator(), orders(10))
    only = bench.floor.lines[0]
    assert only.overtime_min(0) == 0.0
    with pytest.raises(TypeError, match="line only works no overtime"):
        only.stay(0, 60.0)


def test_an_evening_is_added_to_the_day() -> None:
    base = load_scenario("small", overrides={"overtime.mode": "plan"})
    toy = scenario([line("only", 1, tee=1.0)], [TEE], 20)
    toy = toy.replace(calendar=base.calendar, overtime=base.overtime)
    bench = Bench(toy, orders(3000))
    bench.cut(0)
    bench.take(0)
    only, shift = bench.floor.lines[0], base.calendar.shift_min
    bench.world.env.run(until=600.0)
    only.stay(0, 90.0)
    assert only.overtime_min(0) == 90.0
    bench.world.env.run(until=1440.0)
    assert only.clock.now == pytest.approx(shift + 90.0)
    assert only.gate.clock.now == pytest.approx(shift + 90.0)
