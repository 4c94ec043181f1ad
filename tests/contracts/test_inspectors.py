"""Every inspector: one verdict a piece, no memory, no randomness but the luck it is given."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from factory_env import inspectors
from factory_env.catalogue import load_plug, plug_names
from factory_env.designs.catalogue import Catalogue
from factory_env.domain.ports import Inspector, Pieces
from factory_env.library import load_library
from factory_env.presets import load_scenario

NAMES = plug_names(inspectors)
KINDS = len(load_library().defects)
ARRAYS = ("defect", "severity", "shift_hour", "luck")


def pieces(n: int, seed: int = 0) -> Pieces:
    """Half of them sound; any severity, hour of the shift and luck."""
    rng = np.random.default_rng(seed)
    codes = np.where(rng.random(n) < 0.5, 0, rng.integers(1, KINDS + 1, n)).astype(np.int8)
    return Pieces(
        defect=codes,
        severity=np.where(codes > 0, rng.uniform(0.2, 1.0, n), 0.0),
        shift_hour=rng.uniform(0.0, 8.0, n),
        luck=rng.random(n),
    )


@cache
def inspector_of(name: str) -> Inspector:
    """The plug as a run makes it; cameras with one threshold for all kinds."""
    plug = load_plug(inspectors, name)
    if not hasattr(plug, "of"):
        return plug()
    scenario = load_scenario("small", inspector=name, overrides={"inspection.threshold": 0.1})
    products = scenario.library.products
    return plug.of(scenario, Catalogue().collection(products, np.random.default_rng(0)))


def some(given: Pieces, which: slice) -> Pieces:
    return replace(given, **{name: getattr(given, name)[which] for name in ARRAYS})


def test_the_shipped_inspectors_are_found() -> None:
    assert {"cnn", "cnn_live", "human", "none", "perfect"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_says_what_its_verdict_takes(name) -> None:
    plug = load_plug(inspectors, name)
    assert plug.uses_camera == name.startswith("cnn")
    assert 0.0 <= plug.manual_share <= 2.0


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_gives_one_verdict_a_piece(name) -> None:
    inspector = inspector_of(name)
    for n in (0, 1, 500):
        flagged = inspector.judge(pieces(n))
        assert flagged.shape == (n,)
        assert flagged.dtype == np.bool_


@pytest.mark.parametrize("name", NAMES)
def test_an_inspector_repeats_itself_and_changes_nothing(name) -> None:
    inspector, given = inspector_of(name), pieces(500)
    before = [getattr(given, name).copy() for name in ARRAYS]
    first = inspector.judge(given)
    inspector.judge(pieces(100, seed=1))  # what came between is forgotten
    np.testing.assert_array_equal(inspector.judge(given), first)
    for name, b in zip(ARRAYS, before, strict=True):
        np.testing.assert_array_equal(getattr(given, name), b)


@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_does_not_depend_on_the_other_pieces(name) -> None:
    inspector, given = inspector_of(name), pieces(60)
    together = inspector.judge(given)
    alone = [bool(inspector.judge(some(given, slice(i, i + 1)))[0]) for i in range(60)]
    assert together.tolist() == alone


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"none", "bench_only"}))
def test_a_defective_piece_is_flagged_more_often_than_a_sound_one(name) -> None:
    given = pieces(1000)
    flagged, is_bad = inspector_of(name).judge(given), given.defect > 0
    assert flagged[is_bad].mean() > flagged[~is_bad].mean() + 0.5


def test_no_inspection_flags_nothing_and_perfection_the_defective() -> None:
    given = pieces(500)
    assert not inspector_of("none").judge(given).any()
    np.testing.assert_array_equal(inspector_of("perfect").judge(given), given.defect > 0)


@pytest.mark.parametrize(
    ("hour", "detects"),
    # domain reference, section 8: 0.85, and 0.02 less for every hour after the fourth
    [(0.0, 0.85), (4.0, 0.85), (5.0, 0.83), (8.0, 0.77)],
)
def test_a_person_detects_as_the_reference_says(hour, detects) -> None:
    n = 10_000
    luck = (np.arange(n) + 0.5) / n  # every quantile once: rates are exact
    human = inspector_of("human")
    bad, good = (
        human.judge(
            Pieces(
                defect=np.full(n, code, dtype=np.int8),
                severity=np.full(n, 0.5 * code),
                shift_hour=np.full(n, hour),
                luck=luck,
            )
        )
        for code in (1, 0)
    )
    assert bad.mean() == pytest.approx(detects, abs=1e-3)
    assert good.mean() == pytest.approx(0.02, abs=1e-3)


def test_two_people_find_what_the_reference_says() -> None:
    # the second finds 0.6 of what the first, who finds 0.85, has missed
    n = 10_000
    luck = (np.arange(n) + 0.5) / n
    rate = [
        inspector_of("human_twice")
        .judge(
            Pieces(
                defect=np.full(n, code, dtype=np.int8),
                severity=np.full(n, 0.5 * code),
                shift_hour=np.zeros(n),
                luck=luck,
            )
        )
        .mean()
        for code in (1, 0)
    ]
    assert rate == pytest.approx([1 - 0.15 * 0.4, 1 - 0.98**2], abs=1e-3)


def test_a_flag_that_all_pieces_get_marks_no_defect() -> None:
    scenario = load_scenario("small", inspector="cnn")  # weighs costs, so strictness moves it
    styles = Catalogue().collection(scenario.library.products, np.random.default_rng(0))
    camera = load_plug(inspectors, "cnn").of(scenario, styles)
    share = np.array([camera.marked(0, 0.0, s) for s in (0.5, 1.0, 4.0, 1e6)])
    alarms = [camera.expected(0, 0.0, 0.0, np.array([s]))[0][0] for s in (0.5, 1.0, 4.0, 1e6)]
    assert np.diff(alarms).min() > 0.05
    assert alarms[-1] == 1.0
    assert ((share >= 0.0) & (share <= 1.0)).all()
    assert (np.diff(share, axis=0) <= 1e-9).all()  # who flags more does not know more
    assert share[-1].min() > 0.5  # but no less: what it was sure of it still marks
    assert share[-1].max() < 0.97
    assert not inspector_of("bench_only").marked(0, 0.0, 1.0).any()
