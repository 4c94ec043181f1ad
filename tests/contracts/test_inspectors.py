"""Every inspector: one verdict a piece, no memory, no randomness but the luck it is given."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import inspectors
from factory_env.catalogue import load_plug, plug_names
from factory_env.library import load_library

NAMES = plug_names(inspectors)
KINDS = len(load_library().defects)


def pieces(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Defect codes (half of them sound), hours of the shift, luck."""
    rng = np.random.default_rng(seed)
    codes = np.where(rng.random(n) < 0.5, 0, rng.integers(1, KINDS + 1, n)).astype(np.int8)
    return codes, rng.uniform(0.0, 8.0, n), rng.random(n)


def test_the_shipped_inspectors_are_found() -> None:
    assert {"human", "none", "perfect"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_gives_one_verdict_a_piece(name) -> None:
    inspector = load_plug(inspectors, name)()
    for n in (0, 1, 500):
        flagged = inspector.judge(*pieces(n))
        assert flagged.shape == (n,)
        assert flagged.dtype == np.bool_


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_repeats_itself_and_changes_nothing(name) -> None:
    inspector, given = load_plug(inspectors, name)(), pieces(500)
    before = [a.copy() for a in given]
    first = inspector.judge(*given)
    inspector.judge(*pieces(100, seed=1))  # what came between is forgotten
    np.testing.assert_array_equal(inspector.judge(*given), first)
    for a, b in zip(given, before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_does_not_depend_on_the_other_pieces(name) -> None:
    inspector, (codes, hours, luck) = load_plug(inspectors, name)(), pieces(200)
    together = inspector.judge(codes, hours, luck)
    alone = [
        bool(inspector.judge(codes[i : i + 1], hours[i : i + 1], luck[i : i + 1])[0])
        for i in range(200)
    ]
    assert together.tolist() == alone


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"none"}))
def test_a_defective_piece_is_flagged_more_often_than_a_sound_one(name) -> None:
    codes, hours, luck = pieces(5000)
    flagged = load_plug(inspectors, name)().judge(codes, hours, luck)
    assert flagged[codes > 0].mean() > flagged[codes == 0].mean() + 0.5


def test_no_inspection_flags_nothing_and_perfection_the_defective() -> None:
    codes, hours, luck = pieces(500)
    assert not load_plug(inspectors, "none")().judge(codes, hours, luck).any()
    np.testing.assert_array_equal(
        load_plug(inspectors, "perfect")().judge(codes, hours, luck), codes > 0
    )


@pytest.mark.parametrize(
    ("hour", "detects"),
    # domain reference, section 8: 0.85, and 0.02 less for every hour after the fourth
    [(0.0, 0.85), (4.0, 0.85), (5.0, 0.83), (8.0, 0.77)],
)
def test_a_person_detects_as_the_reference_says(hour, detects) -> None:
    n = 10_000
    luck = (np.arange(n) + 0.5) / n  # every quantile once: rates are exact
    human = load_plug(inspectors, "human")()
    bad = human.judge(np.ones(n, dtype=np.int8), np.full(n, hour), luck)
    good = human.judge(np.zeros(n, dtype=np.int8), np.full(n, hour), luck)
    assert bad.mean() == pytest.approx(detects, abs=1e-3)
    assert good.mean() == pytest.approx(0.02, abs=1e-3)
