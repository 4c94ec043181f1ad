"""The door to the networks: NumPy in, NumPy out, wrong calls refused."""

from __future__ import annotations

import shutil
import time

import numpy as np
import pytest

from factory_env.errors import InputError
from factory_env.learned.gan.designer import GENERATOR_FILE, JUDGE_FILE, Designer
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.weights_file import SHIPPED


@pytest.fixture(scope="module")
def designer() -> Designer:
    return Designer.shipped()


def test_equal_generators_draw_equal_pictures(designer) -> None:
    category = np.arange(30) % 6
    a, b = (designer.draw(category, np.random.default_rng(4)) for _ in range(2))
    assert a.shape == (30, 28, 28)
    assert a.dtype == np.float32
    assert np.array_equal(a, b)


def test_a_picture_does_not_depend_on_its_batch(designer) -> None:
    category = np.arange(300) % 6
    z = designer.latents(300, np.random.default_rng(0))
    together = designer.draw(category, z)
    alone = np.concatenate([designer.draw(category[k : k + 1], z[k : k + 1]) for k in (0, 7, 299)])
    # sums in another order may round one grey step apart
    assert np.abs(together[[0, 7, 299]] - alone).max() <= 1.01 / 255


def test_pictures_have_8_bit_greys(designer) -> None:
    drawn = designer.draw(np.arange(12) % 6, np.random.default_rng(1))
    assert np.allclose(drawn * 255, np.round(drawn * 255), atol=1e-4)
    assert 0 <= drawn.min() < drawn.max() <= 1


def test_no_pictures_are_drawn_for_no_categories(designer) -> None:
    none = designer.draw(np.zeros(0, np.int64), np.random.default_rng(0))
    assert none.shape == (0, 28, 28)
    assert designer.classifier.features(none).shape[0] == 0


@pytest.mark.parametrize("wrong", [[6], [-1, 0], [0.5], [[0, 1]]])
def test_a_category_that_is_none_is_refused(designer, wrong) -> None:
    category = np.array(wrong)
    with pytest.raises(InputError, match="0 to 5"):
        designer.draw(category, designer.latents(len(category), np.random.default_rng(0)))


def test_latents_of_another_length_are_refused(designer) -> None:
    with pytest.raises(InputError, match="one latent vector a picture"):
        designer.draw(np.array([0, 1]), np.zeros((2, 3), np.float32))


def test_the_classifier_gives_probabilities_and_features(designer) -> None:
    drawn = designer.draw(np.arange(60) % 6, np.random.default_rng(2))
    chances = designer.classifier.probabilities(drawn)
    assert chances.shape == (60, len(GARMENTS))
    assert chances.sum(1) == pytest.approx(np.ones(60), abs=1e-5)
    assert np.isfinite(designer.classifier.features(drawn)).all()
    assert np.array_equal(designer.classifier.category(drawn), chances.argmax(1))


def test_the_shipped_generator_draws_what_it_is_asked_for(designer) -> None:
    category = np.arange(600) % 6
    drawn = designer.draw(category, np.random.default_rng(3))
    assert (designer.classifier.category(drawn) == category).mean() > 0.8


def test_the_shipped_generator_does_not_repeat_itself(designer) -> None:
    drawn = designer.draw(np.zeros(100, np.int64), np.random.default_rng(5)).reshape(100, -1)
    gaps = np.linalg.norm(drawn[:, None] - drawn[None], axis=2)[np.triu_indices(100, 1)]
    assert gaps.min() > 0.5
    assert gaps.mean() > 5


def test_two_hundred_pictures_take_well_under_half_a_second(designer) -> None:
    category = np.arange(200) % 6
    spent = []
    for k in range(5):
        start = time.perf_counter()
        designer.classifier.category(designer.draw(category, np.random.default_rng(k)))
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.4


@pytest.mark.parametrize("name", [GENERATOR_FILE, JUDGE_FILE])
def test_a_folder_without_one_of_the_weights_is_refused(tmp_path, name) -> None:
    for file in (GENERATOR_FILE, JUDGE_FILE):
        shutil.copyfile(SHIPPED / file, tmp_path / file)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=name):
        Designer.shipped(tmp_path)
