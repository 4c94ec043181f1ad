"""The repair loop: pieces at the bench, worked out by hand, and what they cost on average."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.domain.inspection import Inspection, Station
from factory_env.domain.inspection_costs import (
    escape_usd,
    inspection_usd,
    mender_time_factor,
    minute_usd,
    repair_usd,
    second_usd,
)
from factory_env.domain.ports import Pieces
from factory_env.domain.product import Style
from factory_env.sim.work.repair_loop import Fates, Finished, beyond_repair, run_loop

BASE = load_scenario("small")
KINDS = len(BASE.library.defects)


class Sharp:
    """Flags defective pieces with a given probability, and no sound ones."""

    def __init__(self, detects: float) -> None:
        self.detects = detects

    def judge(self, pieces: Pieces) -> np.ndarray:
        return (pieces.defect > 0) & (pieces.luck < self.detects)


@pytest.mark.parametrize("kind", ["skipped_stitch", "shade_variation"])
def test_what_flagged_defects_cost_in_the_loop_is_what_the_price_list_says(kind) -> None:
    station = Station(enabled=True, repair_fails=0.3, max_repairs=3, mender_grade="C")
    scenario = BASE.replace(inspection=Inspection(station=station))
    tee, n = scenario.library.product("tee"), 200_000
    plain = Style(style_id="tee", name="tee", product=tee, smv_factor=1.0, popularity=1.0)
    code = next(i for i, k in enumerate(scenario.library.defects) if k.name == kind)
    rng = np.random.default_rng(3)
    kinds = scenario.library.defects
    op_min = tee.smv_min / len(tee.operations)
    fates = run_loop(
        SimpleNamespace(scenario=scenario, inspector=Sharp(0.8)),
        Finished(
            pieces=Pieces(
                defect=np.full(n, code + 1, dtype=np.int8),
                severity=0.2 + 0.8 * rng.random(n),
                shift_hour=np.zeros(n),
                luck=np.zeros(n),
            ),
            flagged=np.ones(n, dtype=np.bool_),
            lot=np.zeros(n, dtype=np.int64),
            keys=np.full(n, 17, dtype=np.uint64),
            is_beyond=rng.random(n) >= kinds[code].repairable,
            repair_min=np.array(
                [k.repair_op_smv_factor * op_min + k.repair_fixed_min for k in kinds]
            ),
            inspect_min=tee.inspect_min,
        ),
        1,
    )
    usd = float(fates.bench_min[0]) * minute_usd(scenario)
    usd += float(fates.repairs[0]) * inspection_usd(scenario, tee)
    usd += float(fates.seconds[0]) * second_usd(scenario, 2.6)
    usd += float(fates.let_go[0]) * escape_usd(scenario, 2.6)
    expected = repair_usd(scenario, plain, kinds[code], 2.6, detects=0.8)
    assert usd / n == pytest.approx(expected, rel=0.01)
    # returns follow severity, which the loop does not look at
    assert float(fates.returns[0]) / float(fates.let_go[0]) == pytest.approx(0.5, abs=0.01)


def loop(
    defect: list[int], *, lot: list[int] | None = None, beyond: tuple[int, ...] = (), **rules
) -> Fates:
    """Flagged pieces at a bench that sees everything: a look takes 1 minute, a repair 5."""
    plain = {"repair_fails": 0.0, "bench_detects": 1.0, "max_repairs": 2, "mender_grade": "B"}
    station = Station(enabled=True, **plain | rules)
    scenario = BASE.replace(inspection=Inspection(station=station))
    n = len(defect)
    is_beyond = np.zeros(n, dtype=np.bool_)
    is_beyond[list(beyond)] = True
    return run_loop(
        SimpleNamespace(scenario=scenario, inspector=Sharp(1.0)),
        Finished(
            pieces=Pieces(
                defect=np.array(defect, dtype=np.int8),
                severity=np.where(np.array(defect) > 0, 0.5, 0.0),
                shift_hour=np.zeros(n),
                luck=np.zeros(n),
            ),
            flagged=np.ones(n, dtype=np.bool_),
            lot=np.array(lot or [0] * n),
            keys=np.full(n, 17, dtype=np.uint64),
            is_beyond=is_beyond,
            repair_min=np.full(KINDS, 5.0 / mender_time_factor(scenario)),
            inspect_min=1.0,
        ),
        2,
    )


def test_a_sound_piece_costs_a_look_and_is_let_go() -> None:
    fates = loop([0, 0, 0], lot=[0, 0, 1])
    assert fates.bench_min.tolist() == [2.0, 1.0]
    assert fates.repairs.tolist() == fates.seconds.tolist() == fates.let_go.tolist() == [0, 0]
    assert fates.returns.tolist() == [0.0, 0.0]


def test_a_defective_piece_is_mended_once_where_no_repair_fails() -> None:
    fates = loop([1, 2, 0], lot=[0, 1, 1])
    assert fates.repaired.tolist() == fates.repairs.tolist() == fates.rounds.tolist() == [1, 1]
    assert fates.bench_min.tolist() == pytest.approx([6.0, 7.0])
    assert fates.seconds.sum() == fates.let_go.sum() == 0


def test_a_piece_beyond_repair_is_a_second_without_an_attempt() -> None:
    fates = loop([1, 1], beyond=(0,))
    assert fates.seconds.tolist() == [1, 0]
    assert fates.repairs.tolist() == [1, 0]
    assert fates.bench_min[0] == pytest.approx(1.0 + 6.0)


def test_where_every_repair_fails_a_piece_is_a_second_after_the_last_allowed_one() -> None:
    # looked at three times, mended twice
    fates = loop([1], repair_fails=1.0)
    assert (fates.repaired[0], fates.repairs[0], fates.rounds[0]) == (1, 2, 2)
    assert fates.seconds[0] == 1
    assert fates.bench_min[0] == pytest.approx(3 * 1.0 + 2 * 5.0)


def test_a_bench_that_sees_nothing_lets_everything_go() -> None:
    fates = loop([1, 1, 0], bench_detects=0.0, return_share=0.4)
    assert fates.let_go.tolist() == [2, 0]
    assert fates.bench_min[0] == 3.0
    assert fates.returns[0] > 0.0


def test_some_defects_cannot_be_mended_each_piece_by_its_own_luck() -> None:
    codes = np.array([0, 1, 1, 2] * 1000, dtype=np.int8)
    keys = np.arange(4000, dtype=np.uint64)
    out = beyond_repair(codes, keys, np.array([0.75, 1.0]))
    assert not out[codes == 0].any()
    assert not out[codes == 2].any()  # always repairable
    # a quarter of 2,000: standard error 0.0097
    assert out[codes == 1].mean() == pytest.approx(0.25, abs=4 * 0.0097)
    assert (beyond_repair(codes, keys, np.array([0.75, 1.0])) == out).all()
