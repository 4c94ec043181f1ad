"""A course of GAN training that goes wrong: the last sound epoch is kept and the reason told."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch

from experiments.fitting.generator.course import resume_last_sound, train_epochs
from factory_env.errors import ArtifactError
from factory_env.learned.gan.checkpoint import Progress
from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.training import GanRecipe, GanTrainer
from tests.learned.small_garments import small_garments

RECIPE = GanRecipe(latent=8, width=4, critic_width=4, guide_width=8, batch=60, epochs=3)


@pytest.fixture
def trainer() -> GanTrainer:
    return GanTrainer(small_garments(), Guide(8), RECIPE)


def diverging_after(trainer: GanTrainer, sound: int) -> None:
    honest = trainer.epoch

    def epoch(done):
        figures = honest(done)
        if figures.epoch <= sound:
            return figures
        with torch.no_grad():
            trainer.averaged.paint.weight.fill_(math.nan)
        return dataclasses.replace(figures, critic_loss=math.nan)

    trainer.epoch = epoch


@pytest.mark.slow
def test_a_training_that_diverges_stops_and_keeps_its_last_sound_epoch(
    trainer, tmp_path, capsys
) -> None:
    (tmp_path / "samples").mkdir()
    diverging_after(trainer, 1)
    _, warnings = train_epochs(trainer, Progress(history=(), minutes=0.0), tmp_path)
    assert warnings[-1].startswith("epoch 2: diverged")
    assert "warning: epoch 2: diverged" in capsys.readouterr().err
    kept, progress = resume_last_sound(tmp_path, small_garments(), warnings)
    assert kept.epochs_done == len(progress.history) == 1
    assert kept.averaged.paint.weight.isfinite().all()
    assert [p.name for p in (tmp_path / "samples").iterdir()] == ["epoch_001.png"]


@pytest.mark.slow
def test_a_training_that_diverges_at_once_has_nothing_to_save(trainer, tmp_path) -> None:
    (tmp_path / "samples").mkdir()
    diverging_after(trainer, 0)
    _, warnings = train_epochs(trainer, Progress(history=(), minutes=0.0), tmp_path)
    with pytest.raises(ArtifactError, match="diverged"):
        resume_last_sound(tmp_path, small_garments(), warnings)


@pytest.mark.slow
def test_a_sound_training_runs_all_its_epochs_and_counts_their_minutes(trainer, tmp_path) -> None:
    (tmp_path / "samples").mkdir()
    progress, _ = train_epochs(trainer, Progress(history=(), minutes=5.0), tmp_path)
    assert [figures.epoch for figures in progress.history] == [1, 2, 3]
    assert 5.0 < progress.minutes < 7.0
