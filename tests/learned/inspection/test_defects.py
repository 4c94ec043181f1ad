"""The defect renderer: its laws on pictures of plain garments and on drawn noise."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.learned.inspection.defects import KINDS, UNSEEN, render
from factory_env.library import load_library
from tests.learned.small_garments import tees

NUMBERS = range(1, len(KINDS))


def rendered(number: int, severity: float, seed: int = 5, lighting: float = 0.0):
    pictures = tees()
    kind = np.full(len(pictures), number)
    strength = np.full(len(pictures), severity, np.float32)
    return render(pictures, kind, strength, np.random.default_rng(seed), lighting)


@pytest.mark.parametrize("number", NUMBERS)
def test_severity_zero_changes_nothing(number) -> None:
    found = rendered(number, 0.0)
    assert np.array_equal(found.pictures, tees())
    assert not found.mask.any()
    assert not found.kind.any(), "a defect that is not there is no label"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("severity", [0.1, 0.5, 1.0])
def test_the_mask_covers_exactly_the_changed_pixels(number, severity) -> None:
    found = rendered(number, severity)
    assert np.array_equal(found.mask, found.pictures != tees())


@pytest.mark.parametrize("number", NUMBERS)
def test_lighting_does_not_move_the_mask(number) -> None:
    assert np.array_equal(rendered(number, 0.6).mask, rendered(number, 0.6, lighting=0.2).mask)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_larger_severity_changes_more(number) -> None:
    levels = np.array([0.1, 0.3, 0.5, 0.7, 1.0])
    shown = [rendered(number, s).pictures for s in levels]
    change = np.array([np.abs(p - tees()).sum((1, 2)) for p in shown])
    assert (np.diff(change.mean(1)) > 0).all()
    assert (change[-1] >= change[0]).all(), "on every single picture"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_gross_defect_shows_on_every_picture(number) -> None:
    found = rendered(number, 1.0)
    assert (np.abs(found.pictures - tees()).max((1, 2)) > 0.05).mean() >= 0.95


def test_equal_generators_give_equal_pictures() -> None:
    rng = np.random.default_rng(1)
    kind = rng.integers(0, len(KINDS), 60)
    severity = rng.random(60, dtype=np.float32)
    first, second, other = (
        render(tees(), kind, severity, np.random.default_rng(seed), 0.1) for seed in (7, 7, 8)
    )
    assert np.array_equal(first.pictures, second.pictures)
    assert not np.array_equal(first.pictures, other.pictures)


def test_a_picture_does_not_feel_what_is_done_to_its_neighbours() -> None:
    severity = np.full(60, 0.7, np.float32)
    kind = np.full(60, 1)
    mixed = np.where(np.arange(60) == 30, 1, 4)
    one, two = (render(tees(), k, severity, np.random.default_rng(2)) for k in (kind, mixed))
    assert np.array_equal(one.pictures[30], two.pictures[30])


@pytest.mark.parametrize("number", NUMBERS)
def test_pictures_stay_grey_values_in_steps_of_a_255th(number) -> None:
    shown = rendered(number, 0.8, lighting=0.3).pictures
    assert shown.dtype == np.float32
    assert shown.min() >= 0
    assert shown.max() <= 1
    assert np.allclose(shown * 255, np.rint(shown * 255), atol=1e-4)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_black_picture_stays_black(number) -> None:
    black = np.zeros((4, 28, 28), np.float32)
    found = render(black, np.full(4, number), np.ones(4, np.float32), np.random.default_rng(1))
    assert not found.pictures.any()


def test_lighting_alone_changes_brightness_by_no_more_than_it_says() -> None:
    found = rendered(0, 0.0, lighting=0.1)
    body = tees() > 0
    ratio = found.pictures[body] / tees()[body]
    assert not found.mask.any()
    assert not found.pictures[~body].any()
    assert 0.68 < ratio.min() < 0.95  # level and two slopes, 0.1 each
    assert 1.05 < ratio.max() < 1.32


def test_kinds_and_unseen_kinds_together_are_the_factorys_table() -> None:
    assert {*KINDS[1:], *UNSEEN} == {kind.name for kind in load_library().defects}


@pytest.mark.parametrize(
    ("kind", "severity", "word"),
    [(8, 0.5, "kinds"), (-1, 0.5, "kinds"), (1, 1.5, "severities"), (1, -0.1, "severities")],
)
def test_a_number_out_of_range_is_refused(kind, severity, word) -> None:
    one = tees(1)
    with pytest.raises(ValueError, match=word):
        render(one, np.array([kind]), np.array([severity], np.float32), np.random.default_rng(0))


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        render(tees(3), np.zeros(2, int), np.zeros(3, np.float32), np.random.default_rng(0))
