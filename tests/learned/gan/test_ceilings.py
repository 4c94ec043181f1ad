"""Bad pictures on purpose are bad in the way they say; the table tells reached from missed."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.fitting.generator.table import quality_table
from factory_env.learned.gan.quality.ceilings import NOISE_SD, autoencoded, blurred, noisy
from factory_env.learned.gan.quality.measure import Quality, Row
from factory_env.learned.pictures.images import unit
from tests.learned.small_garments import small_garments


def test_noise_has_its_sd_on_grey_and_stays_in_the_unit_range() -> None:
    grey = np.full((50, 28, 28), 0.5, np.float32)
    found = noisy(grey, np.random.default_rng(0))
    assert found.std() == pytest.approx(NOISE_SD, rel=0.03)  # clipping cuts 2.5 sd off
    assert 0 <= found.min() <= found.max() <= 1


def test_blur_spreads_a_dot_within_its_picture_and_loses_nothing() -> None:
    dots = np.zeros((2, 28, 28), np.float32)
    dots[0, 14, 14] = 1
    found = blurred(dots)
    assert found[0].sum() == pytest.approx(1, abs=1e-4)
    # the peak of a Gaussian of sd 1.5 pixels is 1 / (2 pi 1.5^2)
    assert found[0, 14, 14] == pytest.approx(0.0707, abs=0.002)
    assert not found[1].any()


def test_an_autoencoder_keeps_more_than_the_mean_picture() -> None:
    small = small_garments()
    train, test = unit(small.train_pictures), unit(small.test_pictures)
    found = autoencoded(train, test, seed=0, epochs=30, batch=40)
    assert found.shape == test.shape
    assert ((found - test) ** 2).mean() < 0.5 * ((train.mean(0) - test) ** 2).mean()


CARD = {"train_minutes": 75.0, "designs_200_s": 0.3, "warnings": ["epoch 2: collapse"]}


def test_the_table_says_what_was_reached_and_what_was_not() -> None:
    row = Row(name="generator", fid=0.5, kid=0.001, density=0.9, coverage=0.6, accuracy=0.9)
    figures = {"coverage": 0.6999, "density": 0.85, "memorised_share": 0.03, "fid_floor": 0.1}
    quality = Quality(rows=(row,), figures=figures, diversity={"tee": 0.9})
    text = quality_table(quality, CARD)
    assert "| train_minutes | 75.0000 | <= 75 | yes |" in text
    assert "| coverage | 0.6999 | >= 0.7 | no |" in text
    assert "| density | 0.8500 | >= 0.85 | yes |" in text
    assert "| memorised_share | 0.0300 | <= 0.02 | no |" in text
    assert "| generator | 5.0 | 1.000 | 0.900 | 0.600 | 0.900 |" in text
    assert "Warning from training: epoch 2: collapse" in text
