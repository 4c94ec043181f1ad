"""Bundles and colours of an order, and a pass that can be asked, cut short and done again."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.work.line_flow import run_pass
from factory_env.sim.work.line_pass import LinePass, bundles_of, colour_changes
from tests.sim.stations.one_line import Bench, one_operator, orders


@pytest.fixture
def part() -> LinePass:
    """400 pieces through a line of one, a minute each."""
    bench = Bench(one_operator(), orders(400))
    bench.cut(0)
    bench.take(0)
    return bench.floor.lines[0].passes[0]


@pytest.mark.parametrize(
    ("pieces", "colours", "sizes", "begins"),
    [
        (50, 1, [20, 20, 10], []),
        (40, 1, [20, 20], []),
        (50, 2, [20, 5, 20, 5], [2]),
        (61, 3, [20, 20, 20, 1], [1, 2]),
        (3, 0, [3], []),
    ],
)
def test_bundles_hold_one_colour(pieces, colours, sizes, begins) -> None:
    found, first = bundles_of(pieces, colours, 20)
    assert found.tolist() == sizes
    assert first == begins


def test_everybody_at_a_station_changes_thread_at_a_bundle_of_his_own() -> None:
    # two people at the first station, one at the second; the second colour begins with bundle 2
    change = colour_changes(5, [2], np.array([0, 2, 3]), 4.0)
    assert change.tolist() == [[0, 0], [0, 0], [4, 4], [4, 0], [0, 0]]


def test_a_colour_that_ends_early_does_not_change_for_two() -> None:
    change = colour_changes(3, [1, 2], np.array([0, 2]), 4.0)
    assert change[:, 0].tolist() == [0.0, 4.0, 4.0]


def test_bundles_are_loaded_one_after_the_other(part) -> None:
    counts = [part.loaded_bundles(minute) for minute in (0.0, 50.0, 200.0, 1e6)]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] == part.job.pieces.shape[0]


def test_done_again_it_comes_out_the_same(part) -> None:
    before, free = part.result, part.job.free.copy()
    part.run_again(run_pass, False)
    assert part.version == 1
    np.testing.assert_array_equal(part.result.done, before.done)
    np.testing.assert_array_equal(part.job.free, free)


def test_cut_after_some_bundles_those_are_done_at_the_same_minutes(part) -> None:
    before = part.result.done.copy()
    part.cut_after(3)
    part.run_again(run_pass, False)
    assert part.job.pieces.shape[0] == 3
    np.testing.assert_array_equal(part.result.done, before[:3])


def test_a_record_leaves_the_line_alone(part) -> None:
    free = part.job.free.copy()
    full = part.recorded(run_pass)
    assert full.start.shape == (part.job.pieces.shape[0], 1)
    np.testing.assert_array_equal(part.job.free, free)
    np.testing.assert_array_equal(full.done, part.result.done)


@pytest.mark.parametrize(("minute", "work"), [(0.0, 0.0), (150.0, 150.0), (500.0, 400.0)])
def test_minutes_of_an_operator_until_now(part, minute, work) -> None:
    assert part.by_operator(run_pass, minute)[0].tolist() == [pytest.approx(work)]
    assert part.setup_by_operator(minute).tolist() == [0.0]
