"""A training of the GAN from first to last epoch: bar, sheets, warnings, checkpoints, weights."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from experiments.command.run_folder import RunFolder, write_json
from experiments.fitting.generator.options import GanModel
from experiments.fitting.generator.sample_sheet import save_sheet
from factory_env.errors import ArtifactError
from factory_env.learned.gan.checkpoint import FILE, Progress, resume_training, save_training
from factory_env.learned.gan.classifier import Guide, Judge
from factory_env.learned.gan.classifier_training import ClassifierRecipe, Network, train_classifier
from factory_env.learned.gan.designer import GENERATOR_FILE, JUDGE_FILE, Classifier
from factory_env.learned.gan.training import GanTrainer
from factory_env.learned.gan.watch import DIVERGED, warnings_of
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import Garments, unit
from factory_env.learned.weights_file import save_network

CARD = "training.json"
SEC_PER_MIN = 60.0


def train(
    model: GanModel, garments: Garments, run: RunFolder, resume: Path | None = None
) -> dict[str, Any]:
    """Train judge, guide and GAN, or go on where an earlier run stopped.

    Leaves ``weights/`` (generator, judge, training.json), a checkpoint and a sheet per epoch.
    Returns the card: minutes, recipe, figures of every epoch, warnings.
    """
    weights = run.path / "weights"
    weights.mkdir(exist_ok=True)
    (run.path / "samples").mkdir(exist_ok=True)
    if resume is not None:
        trainer, progress = resume_training(resume, garments)
        _take_judge(resume / "weights" / JUDGE_FILE, weights / JUDGE_FILE)
    else:
        start = time.perf_counter()
        judge = _classifier(Judge, "judge", garments, model.judge)
        save_network(weights / JUDGE_FILE, "judge", judge, judge.sizes)
        guide = _classifier(
            partial(Guide, model.recipe.guide_width), "guide", garments, model.guide
        )
        trainer = GanTrainer(garments, guide, model.recipe)
        minutes = (time.perf_counter() - start) / SEC_PER_MIN
        progress = Progress(history=(), minutes=minutes)
    progress, warnings = train_epochs(trainer, progress, run.path)
    if any(DIVERGED in text for text in warnings):
        trainer, progress = resume_last_sound(run.path, garments, warnings)
    generator = trainer.averaged
    save_network(weights / GENERATOR_FILE, "generator", generator, generator.sizes)
    card = {
        "train_minutes": progress.minutes,
        "recipe": asdict(trainer.recipe),
        "guide": asdict(model.guide),
        "judge": asdict(model.judge),
        "history": [asdict(figures) for figures in progress.history],
        "warnings": warnings,
    }
    write_json(weights / CARD, card)
    return card


def train_epochs(
    trainer: GanTrainer, progress: Progress, folder: Path
) -> tuple[Progress, list[str]]:
    """The epochs that are left; the bar shows the time left and the last epoch's figures."""
    done = progress.history
    warnings = [text for n in range(len(done)) for text in warnings_of(done[: n + 1])]
    epochs, per_epoch = trainer.recipe.epochs, trainer.pictures_per_epoch
    with tqdm(
        total=epochs * per_epoch,
        initial=trainer.epochs_done * per_epoch,
        unit="pictures",
        desc="GAN",
        file=sys.stderr,
        mininterval=1.0,
    ) as bar:
        while trainer.epochs_done < epochs:
            start = time.perf_counter()
            figures = trainer.epoch(bar.update)
            progress = Progress(
                history=(*progress.history, figures),
                minutes=progress.minutes + (time.perf_counter() - start) / SEC_PER_MIN,
            )
            bar.set_postfix_str(
                f"epoch {figures.epoch}, critics {figures.critic_loss:.3f}, "
                f"margin {figures.margin:.3f}, variety {min(figures.diversity):.0%} at least"
            )
            for text in warnings_of(progress.history):
                warnings.append(text)
                bar.write(f"warning: {text}", file=sys.stderr)
            if any(DIVERGED in text for text in warnings):
                break  # the checkpoint stays that of the last sound epoch
            save_training(folder, trainer, progress)
            pictures, _ = trainer.draw(10 * len(GARMENTS), seed=0)
            sheet = folder / "samples" / f"epoch_{figures.epoch:03d}.png"
            save_sheet(sheet, pictures[:, 0].numpy(), columns=len(GARMENTS))
    return progress, warnings


def resume_last_sound(
    folder: Path, garments: Garments, warnings: list[str]
) -> tuple[GanTrainer, Progress]:
    """The training as the last epoch before it diverged left it."""
    if not (folder / FILE).is_file():
        raise ArtifactError(f"nothing to save: {warnings[-1]}")
    return resume_training(folder, garments)


def _classifier(
    build: Callable[[], Network], name: str, garments: Garments, recipe: ClassifierRecipe
) -> Network:
    pictures = unit(garments.train_pictures)
    total = recipe.epochs * max(len(pictures) // recipe.batch, 1) * recipe.batch
    with tqdm(total=total, desc=name, unit="pictures", file=sys.stderr, mininterval=1.0) as bar:
        return train_classifier(build, pictures, garments.train_category, recipe, bar.update)


def _take_judge(old: Path, new: Path) -> None:
    Classifier.shipped(old.parent)  # raises InputError if it is not whole
    shutil.copyfile(old, new)
