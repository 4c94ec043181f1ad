"""Every measure of a picture, on pictures small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.styling.measures import (
    MEASURES,
    area,
    asymmetry,
    brightness,
    collar,
    edge_density,
    fragmentation,
    length,
    measure,
    pattern,
    texture_entropy,
    width,
)


def block(top: int, bottom: int, left: int, right: int, grey: float = 0.5) -> np.ndarray:
    """One picture with a grey rectangle, as a batch."""
    picture = np.zeros((1, 28, 28))
    picture[0, top:bottom, left:right] = grey
    return picture


def test_area_counts_the_pixels_with_cloth() -> None:
    assert area(block(4, 18, 7, 21))[0] == pytest.approx(14 * 14 / 784)


def test_length_is_rows_over_columns_and_width_a_mean_share_of_a_row() -> None:
    tall = block(0, 28, 10, 17)  # 28 rows, 7 columns
    assert length(tall)[0] == pytest.approx(4.0)
    assert width(tall)[0] == pytest.approx(7 / 28)


def test_width_spans_from_the_outermost_cloth_of_a_row() -> None:
    two_legs = block(0, 28, 8, 12) + block(0, 28, 16, 20)
    assert width(two_legs)[0] == pytest.approx(12 / 28)


def test_one_tone_has_no_texture_and_two_tones_one_bit_of_four() -> None:
    one = block(4, 24, 4, 24)
    two = one.copy()
    two[0, 4:14, 4:24] = 0.9
    assert texture_entropy(one)[0] == pytest.approx(0.0)
    assert texture_entropy(two)[0] == pytest.approx(0.25)


def test_a_mirror_image_has_no_asymmetry_and_one_half_all_of_it() -> None:
    assert asymmetry(block(4, 24, 6, 22))[0] == pytest.approx(0.0)
    assert asymmetry(block(4, 24, 6, 14))[0] == pytest.approx(1.0)


def test_fragmentation_counts_patches_of_both_tones() -> None:
    picture = block(0, 10, 0, 10, 0.3)  # 100 pixels
    picture[0, 2, 2] = picture[0, 7, 7] = 0.9  # two light patches on one dark one
    assert fragmentation(picture)[0] == pytest.approx(3.0)


def test_stripes_have_more_edges_and_more_pattern_than_plain_cloth() -> None:
    plain = block(2, 26, 6, 22)
    striped = plain.copy()
    striped[0, 2:26:2, 6:22] = 0.9
    assert edge_density(striped)[0] > edge_density(plain)[0]
    assert pattern(striped)[0] > pattern(plain)[0] == pytest.approx(0.0)
    assert brightness(plain)[0] == pytest.approx(0.5)


def test_something_at_the_neck_is_seen_as_a_collar() -> None:
    plain, with_collar = block(2, 26, 6, 22), block(2, 26, 6, 22)
    with_collar[0, 3:5, 10:18] = 0.95
    assert collar(with_collar)[0] > collar(plain)[0]


def test_pictures_of_a_batch_do_not_see_each_other() -> None:
    rng = np.random.default_rng(4)
    batch = rng.random((5, 28, 28)) * (rng.random((5, 28, 28)) > 0.4)
    together = measure(batch)
    for i in range(5):
        alone = measure(batch[i : i + 1])
        for name in MEASURES:
            assert together[name][i] == pytest.approx(alone[name][0]), name


def test_an_empty_picture_measures_zero_and_not_nan() -> None:
    for name, values in measure(np.zeros((2, 28, 28))).items():
        assert values.tolist() == [0.0, 0.0], name
