"""A pass of an order through a line: its bundles, and doing it again from some minute on."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.line_flow import run_pass
from factory_env.sim.work.line_pass import LinePass, Shift, bundles_of, colour_changes
from factory_env.sim.work.piece_luck import PieceLuck
from tests.laws.tiny_plant import product
from tests.sim.work.one_pass import one_pass

LUCK = np.array([7], dtype=np.uint64)


def passed(job, setup_min: float = 0.0) -> LinePass:
    """A pass that has been computed when the line took it."""
    before = job.free.copy()
    return LinePass(
        run=OrderRun(0, product("toy", [1.0])),
        style=0,
        share=1.0,
        setup_min=setup_min,
        taken_work=0.0,
        at=Shift(now_shift=0.0, now_work=0.0, rate=1.0, day_min=480.0),
        job=job,
        free=before,
        result=run_pass(job),
        luck=PieceLuck(since=np.array([-np.inf]), defects=LUCK, inspection=LUCK),
        people=1.0,
    )


def test_bundles_do_not_mix_colours() -> None:
    # 105 pieces in two colours: 52 and 53; bundles of 20: 20 20 12 | 20 20 13
    sizes, begins = bundles_of(105, 2, 20)
    assert sizes.tolist() == [20.0, 20.0, 12.0, 20.0, 20.0, 13.0]
    assert begins == [3]


def test_everybody_changes_thread_once_for_each_new_colour() -> None:
    # stations of 1 and 2 people; the second colour begins with bundle 3
    change = colour_changes(6, [3], np.array([0, 1, 3]), 10.0)
    assert change[:, 0].tolist() == [0, 0, 0, 10, 0, 0]
    assert change[:, 1].tolist() == [0, 0, 0, 10, 10, 0]


def test_a_bundle_is_loaded_in_its_minute() -> None:
    # ten pieces every 15 minutes
    part = passed(one_pass([10.0] * 3, [1.0], pace_min=1.5))
    assert [part.loaded_bundles(t) for t in (-1.0, 0.0, 14.9, 15.0, 99.0)] == [0, 1, 1, 2, 3]


def test_a_pass_that_is_cut_short_is_what_a_shorter_one_would_have_been() -> None:
    free = np.zeros(2)
    part = passed(one_pass([10.0, 20.0, 30.0], [1.0, 2.0], free=free))
    part.cut_after(2)
    part.run_again(run_pass, False)
    short = run_pass(one_pass([10.0, 20.0], [1.0, 2.0]))
    assert part.result.done.tolist() == short.done.tolist() == [30.0, 70.0]
    assert free.tolist() == [30.0, 70.0]  # the line's own people are free sooner
    assert part.version == 1


def test_recording_leaves_the_line_alone() -> None:
    free, load = np.zeros(1), np.zeros((1, 8))
    job = one_pass([10.0], [1.0], free=free, load=load, load_weight=np.ones((1, 1)))
    part = passed(job)
    full = part.recorded(run_pass)
    assert (full.start.tolist(), full.end.tolist()) == ([[0.0]], [[10.0]])
    assert free.tolist() == [10.0]
    assert load.sum() == 10.0


def test_what_a_pass_has_added_to_the_load_can_be_taken_back() -> None:
    load = np.zeros((1, 8))
    part = passed(one_pass([40.0], [1.0], load=load, load_weight=np.full((1, 1), 3.0)))
    assert load.tolist() == [[45.0, 45.0, 30.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    part.take_back_load(run_pass)
    assert load.tolist() == [[0.0] * 8]


def test_minutes_until_now_are_parts_of_what_is_being_done() -> None:
    # bundle 0: 10 of work and 5 of stop, 0-15; bundle 1: 10 of work and 3 of change, 15-28
    stop, change = np.array([[5.0], [0.0]]), np.array([[0.0], [3.0]])
    part = passed(one_pass([10.0, 10.0], [1.0], stop=stop, change=change))
    assert part.by_operator(run_pass, 28.0).tolist() == [[20.0], [0.0], [5.0], [3.0]]
    # at minute 21.5 half of the second operation is done
    until = part.by_operator(run_pass, 21.5).ravel()
    assert until.tolist() == pytest.approx([15.0, 0.0, 5.0, 1.5])
    assert until[[0, 2, 3]].sum() == pytest.approx(21.5)
    assert part.by_operator(run_pass, 0.0).tolist() == [[0.0]] * 4


def test_changing_over_is_counted_while_it_lasts() -> None:
    # both are set up and free at 30, after 20 minutes each
    part = passed(one_pass([10.0], [1.0, 1.0], free=np.full(2, 30.0)), setup_min=20.0)
    assert [part.setup_by_operator(t).tolist() for t in (5.0, 15.0, 99.0)] == [
        [0.0, 0.0],
        [5.0, 5.0],
        [20.0, 20.0],
    ]
