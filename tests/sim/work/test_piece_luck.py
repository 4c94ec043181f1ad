"""Luck by piece: repeatable, in the unit range, and another one after it has been renewed."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import Factory
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.work.line_flow import run_pass
from factory_env.sim.work.piece_luck import (
    PieceLuck,
    by_bundle,
    find_key,
    inspection_luck,
    piece_keys,
    round_luck,
)
from tests.sim.work.one_pass import one_pass

NOISE = np.array([[1.0, 3.0], [1.0, 1.0]])  # bundle 1 overtakes bundle 0: done at 40 and 70


@pytest.fixture
def luck() -> PieceLuck:
    """Renewed at minute 50."""
    return PieceLuck(
        since=np.array([-np.inf, 50.0]),
        defects=np.array([11, 12], dtype=np.uint64),
        inspection=np.array([21, 22], dtype=np.uint64),
    )


@pytest.fixture
def crossed():
    job = one_pass([10.0, 10.0], [1.0, 2.0], [1, 2], noise=NOISE)
    return job, run_pass(job)


def test_completion_is_told_by_bundle_not_in_order_of_leaving(crossed) -> None:
    _, result = crossed
    assert result.done.tolist() == [40.0, 70.0]
    assert by_bundle(result).tolist() == [70.0, 40.0]


def test_a_piece_has_the_key_of_the_time_at_which_its_bundle_is_done(luck, crossed) -> None:
    keys = piece_keys(luck, luck.defects, *crossed)
    assert keys.tolist() == [12] * 10 + [11] * 10
    alone = [find_key(luck.defect_keys, done) for done in (70.0, 40.0)]
    assert alone == [12, 11]


def test_what_is_done_in_the_minute_of_the_renewal_keeps_its_old_key(luck) -> None:
    assert [find_key(luck.defect_keys, t) for t in (49.0, 50.0, 50.1)] == [11, 11, 12]


def test_the_inspector_meets_new_luck_only_on_what_is_done_later(luck, crossed) -> None:
    before = PieceLuck(
        since=luck.since[:1], defects=luck.defects[:1], inspection=luck.inspection[:1]
    )
    renewed, kept = (inspection_luck(one, *crossed, 20) for one in (luck, before))
    assert (renewed[10:] == kept[10:]).all()
    assert (renewed[:10] != kept[:10]).all()
    assert ((renewed >= 0.0) & (renewed < 1.0)).all()


def test_a_turn_of_the_repair_loop_has_luck_of_its_own_by_piece() -> None:
    keys = np.full(6, 21, dtype=np.uint64)
    pieces = np.array([1, 4])
    first = round_luck(keys, pieces, 0, 1)
    assert first.tolist() == round_luck(keys, pieces, 0, 1).tolist()
    assert round_luck(keys, np.array([4]), 0, 1)[0] == first[1]  # by number, not by place
    assert not set(first) & set(round_luck(keys, pieces, 1, 1))
    assert not set(first) & set(round_luck(keys, pieces, 0, 2))


def test_numbers_drawn_by_a_key_fill_the_unit_range_evenly() -> None:
    drawn = np.array([uniform_at(np.uint64(5), n) for n in range(4000)])
    assert 0.0 <= drawn.min() < drawn.max() < 1.0
    # mean of 4,000: 0.5 with a standard error of 0.289 / 63.2 = 0.0046
    assert drawn.mean() == pytest.approx(0.5, abs=4 * 0.0046)


def test_an_order_keeps_its_luck_by_seed(small) -> None:
    one, same, other = (Factory(small, seed).world for seed in (3, 3, 4))
    keys = [int(PieceLuck.of(world, 2).defects[0]) for world in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    assert int(PieceLuck.of(one, 2).inspection[0]) != keys[0]
