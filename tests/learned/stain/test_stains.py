"""The stain branch on drawn cloth, and on the real photographs where they lie beside the house."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image

from factory_env.errors import InputError
from factory_env.learned.stain.eye import StainEye, halved, turned_back
from factory_env.learned.stain.filters import filter_numbers
from factory_env.learned.stain.head import HeadRecipe, fit_head
from factory_env.learned.stain.marks import KINDS, SHARES, draw_twins
from factory_env.learned.stain.net import StainNet, lit_evenly
from factory_env.learned.stain.photos import CLEAN, STAINED, FabricPhotos, read_fabric
from factory_env.learned.stain.places import judged_places, read_masked
from factory_env.learned.stain.quality import (
    KEYS,
    StainSettings,
    judged,
    unseen_scores,
    views_of,
)
from factory_env.learned.stain.split import (
    balanced_accuracy,
    split_by_picture,
)
from factory_env.learned.stain.training import StainRecipe, train_stains, turned
from tests.conftest import ROOT

DATA = ROOT.parent / "shared" / "data"
TWINS = draw_twins(4, np.random.default_rng(5))


def test_stains_darken_what_their_mask_covers_and_equal_generators_draw_equal_cloth() -> None:
    again = draw_twins(4, np.random.default_rng(5))
    assert all(
        (a == b).all()
        for a, b in (
            (TWINS.clean, again.clean),
            (TWINS.stained, again.stained),
            (TWINS.mask, again.mask),
        )
    )
    assert abs(sum(SHARES) - 1) < 1e-12
    assert len(SHARES) == len(KINDS)
    for clean, stained, mask in zip(TWINS.clean, TWINS.stained, TWINS.mask, strict=True):
        change = np.log(stained + 8.0) - np.log(clean + 8.0)
        assert mask.any()
        assert change[mask].mean() < change[~mask].mean() - 0.004


def test_light_is_taken_out_whatever_its_level() -> None:
    cloth = torch.from_numpy(TWINS.clean[:1]).float()[:, None]
    bright, dim = lit_evenly((cloth + 8) * 0.9 - 8), lit_evenly((cloth + 8) * 0.5 - 8)
    assert torch.allclose(bright, dim, atol=2e-3)


@pytest.mark.parametrize("number", range(8))
def test_a_turned_map_turns_back(number: int) -> None:
    maps = torch.arange(24.0).reshape(1, 1, 4, 6)
    assert (turned_back(turned(maps, number), number) == maps).all()


def test_training_learns_repeats_itself_and_leaves_the_stream_of_torch_alone() -> None:
    before, losses = torch.get_rng_state(), []
    recipe = StainRecipe(cloths=8, chunk=8, shown=8, batch=8, part_px=32, width=12)
    network = train_stains(recipe, lambda course, loss: losses.append(loss))
    assert (torch.get_rng_state() == before).all()
    assert np.mean(losses[-3:]) < 0.9 * losses[0]
    short = StainRecipe(cloths=2, chunk=2, shown=1, batch=2, part_px=32, width=12)
    one, two = train_stains(short).state_dict(), train_stains(short).state_dict()
    assert all(torch.equal(one[k], two[k]) for k in one)
    untouched = train_stains(dataclasses.replace(short, end=0.0), start=network).state_dict()
    assert all(torch.equal(v, untouched[k]) for k, v in network.state_dict().items())
    assert not network.training


def test_a_head_is_where_its_loss_is_flat_and_classes_weigh_the_same() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(120) < 100
    rows = rng.standard_normal((120, 3)) + truth[:, None]
    recipe = HeadRecipe(smoothing=0.2)
    head = fit_head(rows, truth, recipe)
    share = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum()) * len(rows)
    residual = np.where(truth, 1.0, -1.0) - head.score(rows)
    np.testing.assert_allclose(head.weight, share * residual / recipe.smoothing, atol=1e-9)
    assert abs(head.weight.sum()) < 1e-9
    with pytest.raises(ValueError, match="stained and clean"):
        fit_head(rows, np.ones(120, bool), recipe)


def test_filters_answer_to_a_spot_and_not_to_the_level_of_light() -> None:
    across = np.arange(224)
    far = np.hypot(across - 100, across[:, None] - 90)
    weave = 8 * np.cos(0.9 * across)
    clean = np.clip(150 + weave + 0 * far, 0, 255)
    spot = clean * (1 - 0.1 * (far < 12))
    dim = (clean + 8) * 0.7 - 8
    numbers = filter_numbers(np.stack([clean, spot, dim]).round().astype(np.uint8))
    assert numbers.shape == (3, 172)
    assert np.isfinite(numbers).all()
    shift = np.abs(numbers - numbers[0])[:, :-2]  # the last two are the level itself
    assert shift[1].mean() > 5 * shift[2].mean()


def test_parts_share_out_both_classes_and_keep_groups_together() -> None:
    truth = np.arange(93) >= 20
    part = split_by_picture(truth, 5, 3)
    for of_class in (truth, ~truth):
        count = np.bincount(part[of_class], minlength=5)
        assert count.max() - count.min() <= 1
    assert (part != split_by_picture(truth, 5, 4)).any()
    group = np.arange(93) // 4
    grouped = split_by_picture(truth, 5, 3, group)
    assert all(len(np.unique(grouped[(group == g) & truth])) <= 1 for g in np.unique(group))


def test_balanced_accuracy_is_the_mean_of_both_shares() -> None:
    flagged = np.array([0, 1, 1, 1, 1], bool)
    truth = np.array([0, 0, 1, 1, 1], bool)
    assert balanced_accuracy(flagged, truth) == pytest.approx((1 + 0.5) / 2)


def test_every_bad_file_of_a_folder_is_told_at_once(tmp_path) -> None:
    for name in (CLEAN, STAINED):
        (tmp_path / name).mkdir()
        for number in range(5):
            Image.fromarray(TWINS.clean[0]).save(tmp_path / name / f"{number}.png")
    assert read_fabric(tmp_path).is_stained.tolist() == [False] * 5 + [True] * 5
    (tmp_path / CLEAN / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (tmp_path / CLEAN / "notes.txt").write_text("hello")
    Image.new("RGBA", (30, 40)).save(tmp_path / STAINED / "small.png")
    with pytest.raises(InputError) as caught:
        read_fabric(tmp_path)
    told = " ".join(str(p) for p in caught.value.problems)
    assert len(caught.value.problems) == 3
    assert all(word in told for word in ("broken.jpg", "notes.txt", "small.png", "30 x 40"))
    with pytest.raises(InputError, match="no such folder"):
        read_fabric(tmp_path / "absent")


def test_the_eye_sees_the_same_whichever_way_a_picture_lies() -> None:
    torch.manual_seed(0)
    eye = StainEye(StainNet(24))
    place = eye.places(TWINS.stained[:1])
    other = eye.places(np.ascontiguousarray(TWINS.stained[:1, ::-1]))
    np.testing.assert_allclose(place, other[:, ::-1], atol=1e-5)
    assert place.shape == (1, 56, 56)
    assert ((place >= 0) & (place <= 1)).all()
    numbers = eye.numbers(TWINS.stained[:1])
    mirrored = eye.numbers(np.ascontiguousarray(TWINS.stained[:1, ::-1]))
    assert numbers.shape == (1, 24)
    np.testing.assert_allclose(numbers[:, :12], mirrored[:, :12], atol=1e-4)
    assert halved(TWINS.stained[:2]).shape == (2, 128, 128)


def test_no_picture_helps_to_judge_itself() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(60) >= 20
    rows = rng.standard_normal((60, 4))  # says nothing of the truth
    photos = FabricPhotos(
        pictures=np.zeros((60, 1, 1), np.uint8), is_stained=truth, names=tuple(map(str, range(60)))
    )
    quality = judged((rows,), photos, StainSettings(resamples=50))
    assert 0.25 < quality.stain_auc < 0.75
    assert quality.stain_auc_low < quality.stain_auc < quality.stain_auc_high
    part = split_by_picture(truth, 5, 1)
    one = unseen_scores((rows,), truth, part, StainSettings())
    flipped = np.where(part == 0, ~truth, truth)
    other = unseen_scores((rows,), flipped, part, StainSettings())
    np.testing.assert_array_equal(one[part == 0], other[part == 0])
    assert (one[part == 1] != other[part == 1]).any()


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "fabric_stain").is_dir(),
    reason="the photographs of shared/data/fabric_stain are not here",
)
def test_the_shipped_weights_on_real_photographs() -> None:
    eye, photos = StainEye.shipped(), read_fabric(DATA / "fabric_stain")
    quality = judged(views_of(photos.pictures, eye), photos, StainSettings(resamples=200))
    assert set(quality.figures) == set(KEYS)
    assert quality.stain_balanced_accuracy_low < quality.stain_balanced_accuracy
    assert quality.stain_auc > 0.9
    places = judged_places(read_masked(DATA / "fabric_stain_masks"), eye)
    assert places.stain_cell_auc > 0.9
