"""The inspection network and its training, on pictures small enough to learn in seconds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.net import CLASSES, InspectionNet
from factory_env.learned.inspection.training import (
    DetectionRecipe,
    Lessons,
    RecognitionRecipe,
    one_cycle,
    temperature,
    train_detection,
    train_recognition,
    twins,
)
from tests.learned.small_garments import bars

QUICK = RecognitionRecipe(
    epochs=16, batch=30, learning_rate=0.1, smoothing=0.0, small_share=0.0, hole_px=0
)


def sample(count: int = 240) -> tuple[np.ndarray, np.ndarray]:
    pictures, label = bars(count, seed=1)
    return (pictures / 255).astype(np.float32), label


def test_the_shipped_size_has_less_than_half_a_million_weights() -> None:
    assert sum(p.numel() for p in InspectionNet().parameters()) < 500_000


def test_answers_are_probabilities_of_ten_classes_and_eight_states() -> None:
    network = InspectionNet(8).eval()
    pictures = torch.rand(5, 1, 28, 28)
    for answer, count in ((network.categories, CLASSES), (network.defects, len(KINDS))):
        found = answer(pictures)
        assert found.shape == (5, count)
        assert torch.allclose(found.sum(1), torch.ones(5))
    assert network.places(pictures).shape == (5, 7, 7)


def test_a_picture_and_its_mirror_image_are_the_same_class() -> None:
    network = InspectionNet(8).eval()
    pictures = torch.rand(4, 1, 28, 28)
    there, back = network.categories(pictures), network.categories(pictures.flip(3))
    assert torch.allclose(there, back, atol=1e-6)


@pytest.mark.slow
def test_recognition_learns_bars_and_equal_arguments_give_equal_weights() -> None:
    pictures, label = sample()
    first, second = (train_recognition(pictures, label, 8, QUICK) for _ in range(2))
    for one, two in zip(first.state_dict().values(), second.state_dict().values(), strict=True):
        assert torch.equal(one, two)
    with torch.inference_mode():
        guess = first(torch.from_numpy(pictures)[:, None]).argmax(1).numpy()
    assert (guess == label).mean() > 0.8  # one in six by chance


def test_training_leaves_torchs_own_stream_where_it_was() -> None:
    pictures, label = sample(60)
    before = torch.random.get_rng_state()
    train_recognition(pictures, label, 8, RecognitionRecipe(epochs=1, batch=30))
    train_detection(pictures, 8, DetectionRecipe(epochs=1, batch=30))
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_bar_reaches_its_end() -> None:
    pictures, label = sample(60)
    counted: list[int] = []
    train_detection(pictures, 8, DetectionRecipe(epochs=2, batch=20), counted.append)
    assert sum(counted) == 2 * len(pictures)
    counted.clear()
    train_recognition(pictures, label, 8, RecognitionRecipe(epochs=3, batch=20), counted.append)
    assert sum(counted) == pytest.approx(3 * len(pictures), rel=0.2)  # batches are whole


def test_twins_differ_in_the_defect_and_the_light_alone() -> None:
    pictures, _ = sample(40)
    found = twins(pictures, 0.3, 0.0, np.random.default_rng(2))
    sound, bad = found.pictures[:40], found.pictures[40:]
    assert not found.kind[:40].any()
    assert (found.kind[40:] > 0).all()
    assert np.array_equal(sound != bad, found.mask[40:])


def test_leaving_learned_pictures_out_keeps_the_mean_gradient() -> None:
    lessons = Lessons(10_000, 0.5, torch.Generator().manual_seed(3))
    lessons.loss = torch.cat([torch.full((8000,), 0.1), torch.full((2000,), 2.0)])
    rows, weight = lessons.epoch(show_all=False)
    is_hard = rows >= 8000
    assert is_hard.sum() == 2000, "every hard picture is shown"
    assert weight[is_hard].unique().tolist() == [1.0]
    assert weight[~is_hard].sum().item() == pytest.approx(8000, rel=0.05)
    assert len(lessons.epoch(show_all=True)[0]) == 10_000


def test_the_learning_rate_rises_for_a_quarter_and_falls_to_next_to_nothing() -> None:
    rates = [one_cycle(p) for p in np.linspace(0, 1, 101)]
    assert rates[0] == 0.05
    assert max(rates) == rates[25] == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(0.001)
    assert np.diff(rates[25:]).max() < 0


def test_the_temperature_undoes_overconfidence() -> None:
    rng = torch.Generator().manual_seed(5)
    honest = torch.randn(20_000, 4, generator=rng)
    label = torch.multinomial(honest.softmax(1), 1, generator=rng)[:, 0]
    assert temperature(3 * honest, label) == pytest.approx(3.0, rel=0.06)
    assert temperature(honest, label) == pytest.approx(1.0, rel=0.06)
