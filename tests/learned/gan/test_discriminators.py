"""The critics, their losses and the augmentation they look through."""

from __future__ import annotations

import pytest
import torch

from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.discriminators import Critics, critic_loss, generator_loss
from factory_env.learned.pictures.augment import augment, mirrored


@pytest.fixture
def critics() -> Critics:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Critics(Guide(8), 4)


def pictures(count: int = 12) -> torch.Tensor:
    return torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def test_critics_that_know_nothing_lose_2_and_perfect_ones_0() -> None:
    zero, sure = [torch.zeros(5, 4)] * 3, [torch.full((5, 4), 1.5)] * 3
    assert critic_loss(zero, zero).item() == 2.0
    assert critic_loss(sure, [-x for x in sure]).item() == 0.0
    assert critic_loss([-x for x in sure], sure).item() == 5.0  # 1 + 1.5 on each side


def test_the_generator_wants_high_verdicts() -> None:
    assert generator_loss([torch.full((2, 3), 4.0), torch.full((2, 9), -1.0)]).item() == -1.5


def test_the_guide_is_frozen_but_lets_the_gradient_through(critics) -> None:
    drawn = pictures().requires_grad_(True)
    critics.train()
    views = critics.views(drawn)
    generator_loss(critics(views, torch.arange(12) % 6)).backward()
    assert drawn.grad.abs().sum() > 0
    assert all(p.grad is None for p in critics.guide.parameters())
    assert not critics.guide.training


def test_every_head_listens_to_the_category(critics) -> None:
    views = critics.eval().views(pictures())
    tee, coat = (critics(views, torch.full((12,), k)) for k in (0, 4))
    assert len(tee) == 4
    assert all(not torch.allclose(a, b) for a, b in zip(tee, coat, strict=True))


def test_spectral_norm_holds_every_layer_of_a_head_at_one(critics) -> None:
    critics.train()
    views = critics.views(pictures())
    for _ in range(60):  # power iterations, one a call
        critics(views, torch.arange(12) % 6)
    critics.eval()
    for head in critics.heads:
        for layer in head.modules():
            if isinstance(layer, torch.nn.Conv2d):
                largest = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
                assert largest == pytest.approx(1.0, abs=0.05)


def test_the_pixel_critic_sees_that_all_pictures_of_a_batch_are_one(critics) -> None:
    pixel, category = critics.eval().heads[3], torch.zeros(12, dtype=torch.int64)
    many = pictures()
    same = many[:1].expand(12, 1, 28, 28)
    assert not torch.allclose(pixel(many, category)[0], pixel(same, category)[0])


def test_calibration_gives_the_guides_channels_equal_weight(critics) -> None:
    before = critics.heads[0].mix.clone()
    spread = critics.guide.depths(pictures())[0].std(dim=(0, 2, 3))
    critics.calibrate(pictures())
    wanted = before / (spread[None, :, None, None] + 1e-3)
    assert torch.allclose(critics.heads[0].mix, wanted)


def test_a_shift_moves_pictures_by_whole_pixels_over_black() -> None:
    dot = torch.zeros(64, 1, 28, 28)
    dot[:, :, 14, 14] = 1
    found = augment(dot, torch.Generator().manual_seed(0), shift_px=2, hole_px=0)
    assert found.shape == dot.shape
    assert torch.equal(found.sum((1, 2, 3)), torch.ones(64))
    places = {(int(y), int(x)) for _, _, y, x in found.nonzero()}
    assert len(places) > 3
    assert all(abs(y - 14) <= 2 and abs(x - 14) <= 2 for y, x in places)


def test_no_shift_and_no_hole_change_nothing() -> None:
    before = pictures(10)
    assert torch.equal(augment(before, torch.Generator(), shift_px=0, hole_px=0), before)


def test_holes_are_cut_into_some_pictures_only() -> None:
    white = torch.ones(64, 1, 28, 28)
    found = augment(white, torch.Generator().manual_seed(3), shift_px=0, hole_px=8)
    missing = 784 - found.sum((1, 2, 3))
    assert set(missing.tolist()) == {0.0, 64.0}


def test_augmentation_lets_the_gradient_through_and_repeats_by_seed() -> None:
    drawn = pictures().requires_grad_(True)
    a, b = (augment(drawn, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(a, b)
    a.sum().backward()
    assert drawn.grad.sum() > 0


def test_a_mirrored_picture_is_the_picture_or_its_mirror() -> None:
    before = pictures(40)
    found = mirrored(before, torch.Generator().manual_seed(0))
    kept = (found == before).flatten(1).all(1)
    assert 8 < int(kept.sum()) < 32
    assert torch.equal(found[~kept], before[~kept].flip(3))
