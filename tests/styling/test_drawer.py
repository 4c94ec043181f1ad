"""The procedural drawer: repeatable garments that its own eye tells apart."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.design import CATEGORIES
from factory_env.errors import InputError
from factory_env.styling.drawer import TRAITS, Drawer
from factory_env.styling.measures import brightness, length, width

DRAWER = Drawer()


def test_equal_latents_give_equal_pictures_alone_and_in_a_batch() -> None:
    category, z = np.arange(6), DRAWER.latents(6, np.random.default_rng(1))
    batch = DRAWER.draw(category, z)
    assert batch.shape == (6, 28, 28)
    assert batch.dtype == np.float32
    assert 0.0 <= batch.min() <= batch.max() <= 1.0
    for i in range(6):
        assert np.array_equal(DRAWER.draw(category[i : i + 1], z[i : i + 1])[0], batch[i])


def test_its_eye_tells_the_six_classes_apart() -> None:
    category = np.repeat(np.arange(6), 60)
    pictures = DRAWER.draw(category, DRAWER.latents(360, np.random.default_rng(77)))
    features, share = DRAWER.classifier.read(pictures)
    assert share.sum(axis=1) == pytest.approx(np.ones(360), abs=1e-5)
    assert features.shape[0] == 360
    assert (share.argmax(axis=1) == category).mean() > 0.9


@pytest.mark.parametrize("category", range(6), ids=CATEGORIES)
def test_its_traits_do_what_they_say(category: int) -> None:
    for trait, measured in (("brightness", brightness), ("width", width), ("length", length)):
        z = np.zeros((2, len(TRAITS)), np.float32)
        z[:, TRAITS.index(trait)] = -1.5, 1.5
        low, high = measured(DRAWER.draw(np.full(2, category), z))
        assert high > low, trait


@pytest.mark.parametrize(
    ("category", "z", "words"),
    [
        (np.array([6]), np.zeros((1, 12)), "0 to 5"),
        (np.array([-1]), np.zeros((1, 12)), "0 to 5"),
        (np.array([0.5]), np.zeros((1, 12)), "0 to 5"),
        (np.array([0, 1]), np.zeros((1, 12)), "one latent vector a picture"),
        (np.array([0]), np.zeros((1, 3)), "one latent vector a picture"),
    ],
)
def test_wrong_classes_and_shapes_are_refused(category, z, words: str) -> None:
    with pytest.raises(InputError, match=words):
        DRAWER.draw(category, z)
