"""Training: repeatable, resumable to the bit, away from the global random stream."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from factory_env.errors import InputError
from factory_env.learned.gan.checkpoint import FILE, Progress, resume_training, save_training
from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.classifier_training import ClassifierRecipe, accuracy, train_classifier
from factory_env.learned.gan.training import GanRecipe, GanTrainer
from factory_env.learned.pictures.images import unit
from tests.learned.small_garments import small_garments

RECIPE = GanRecipe(latent=8, width=4, critic_width=4, guide_width=8, batch=30, epochs=4)


def guide() -> Guide:
    with torch.random.fork_rng():
        torch.manual_seed(9)
        return Guide(8)


def trainer(**changes) -> GanTrainer:
    return GanTrainer(small_garments(), guide(), dataclasses.replace(RECIPE, **changes))


def weights(one: GanTrainer) -> torch.Tensor:
    return torch.cat([v.double().flatten() for v in one.averaged.state_dict().values()])


@pytest.mark.slow
def test_equal_seeds_train_equal_generators_and_other_seeds_others() -> None:
    found = []
    for seed in (1, 1, 2):
        one = trainer(seed=seed)
        one.epoch()
        found.append(weights(one))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


@pytest.mark.slow
def test_a_resumed_training_equals_one_that_never_stopped(tmp_path) -> None:
    straight = trainer()
    figures = [straight.epoch() for _ in range(3)]
    stopped = trainer()
    stopped.epoch()
    save_training(tmp_path, stopped, Progress(history=(figures[0],), minutes=1.5))
    resumed, progress = resume_training(tmp_path, small_garments())
    assert progress == Progress(history=(figures[0],), minutes=1.5)
    assert resumed.epochs_done == 1
    assert [resumed.epoch(), resumed.epoch()] == figures[1:]
    assert torch.equal(weights(straight), weights(resumed))


@pytest.mark.parametrize("spoil", ["missing", "cut", "format", "tensor"])
def test_a_spoiled_checkpoint_is_one_error(tmp_path, spoil) -> None:
    path = tmp_path / FILE
    save_training(tmp_path, trainer(), Progress(history=(), minutes=0.0))
    if spoil == "missing":
        path.unlink()
    elif spoil == "cut":
        path.write_bytes(path.read_bytes()[:-50])
    elif spoil == "format":
        save_file(load_file(path), path, metadata={"card": '{"format": 0}'})
    else:
        from safetensors import safe_open

        with safe_open(path, "pt") as file:
            header = file.metadata()
        tensors = load_file(path)
        del tensors["generator.paint.weight"]
        save_file(tensors, path, metadata=header)
    with pytest.raises(InputError, match="checkpoint") as caught:
        resume_training(tmp_path, small_garments())
    assert len(caught.value.problems) == 1


@pytest.mark.slow
def test_an_epoch_reports_sound_figures_and_leaves_the_guide_alone() -> None:
    one = trainer()
    before = {k: v.clone() for k, v in one.critics.guide.state_dict().items()}
    seen = []
    figures = one.epoch(seen.append)
    assert sum(seen) == one.pictures_per_epoch == 240
    assert figures.epoch == 1
    assert math.isfinite(figures.critic_loss)
    assert figures.generator_gradient > 0
    assert len(figures.diversity) == 6
    for key, tensor in one.critics.guide.state_dict().items():
        assert torch.equal(tensor, before[key])


@pytest.mark.slow
def test_training_takes_nothing_from_the_global_random_stream() -> None:
    before = torch.get_rng_state()
    trainer().epoch()
    small = small_garments()
    recipe = ClassifierRecipe(epochs=1, batch=60)
    train_classifier(guide, unit(small.train_pictures), small.train_category, recipe)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.slow
def test_the_rate_is_full_first_and_nearly_nothing_in_the_end() -> None:
    # two epochs of eight steps: each step's share of the rate, from the middle down to 2 %
    one, rates = trainer(decay_from=0.5, epochs=2), []
    for _ in range(2):
        one.epoch(
            lambda _: rates.append(
                one.generator_optimizer.param_groups[0]["lr"] / RECIPE.learning_rate
            )
        )
    assert one.steps_per_epoch == 8
    assert rates[:9] == pytest.approx([1.0] * 9)
    assert rates[9:] == pytest.approx([7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8])


@pytest.mark.slow
def test_drawn_pictures_repeat_by_seed_and_lie_in_the_unit_range() -> None:
    one = trainer()
    one.epoch()
    pictures, category = one.draw(20, seed=3)
    assert torch.equal(pictures, one.draw(20, seed=3)[0])
    assert not torch.equal(pictures, one.draw(20, seed=4)[0])
    assert 0 <= pictures.min() <= pictures.max() <= 1
    assert category[:7].tolist() == [0, 1, 2, 3, 4, 5, 0]


def test_a_classifier_learns_the_bars() -> None:
    small = small_garments()
    recipe = ClassifierRecipe(epochs=12, batch=40)
    network = train_classifier(guide, unit(small.train_pictures), small.train_category, recipe)
    assert not network.training
    assert accuracy(network, unit(small.test_pictures), small.test_category) > 0.95


@pytest.mark.slow
def test_the_gan_learns_the_bars_of_every_class() -> None:
    small = small_garments()
    recipe = ClassifierRecipe(epochs=12, batch=40)
    taught = train_classifier(guide, unit(small.train_pictures), small.train_category, recipe)
    one = GanTrainer(small, taught, dataclasses.replace(RECIPE, epochs=80))
    for _ in range(80):
        one.epoch()
    drawn, category = (x.numpy() for x in one.draw(300, seed=0))
    for k in range(6):
        bar = np.zeros((28, 28), bool)
        bar[4 * k : 4 * k + 6, 3:25] = True
        mean = drawn[category == k, 0].mean(0)
        assert mean[bar].mean() > 4 * mean[~bar].mean()
