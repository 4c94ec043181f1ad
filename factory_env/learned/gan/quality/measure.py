"""Measures a designer against the real pictures, with the floor and the ceilings beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import Seed, Size
from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.classifier_training import ClassifierRecipe, accuracy, train_classifier
from factory_env.learned.gan.designer import Classifier, Designer
from factory_env.learned.gan.quality.ceilings import autoencoded, blurred, noisy
from factory_env.learned.gan.quality.frechet import frechet_distance, kernel_distance
from factory_env.learned.gan.quality.neighbours import (
    density_and_coverage,
    diversity,
    memorised_share,
    nearest_distance,
)
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import Garments, unit

Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1]
Categories = NDArray[np.int64]
Say = Callable[[str], None]  # told which part of the work begins


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSettings:
    """How much is drawn and compared."""

    count: Size = 10_000  # pictures on each side; at most half of the real ones
    k: Size = 5  # neighbours of density and coverage
    synthetic: Size = 36_000  # pictures a classifier is trained on for tstr, as many as real ones
    synthetic_epochs: Size = 4
    seed: Seed = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One set of pictures against the first half of the real ones."""

    name: str
    fid: float
    kid: float
    density: float
    coverage: float
    accuracy: float  # share that the judge takes for the category they should have


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Everything measured: a row for each set of pictures, and the generator's other figures."""

    rows: tuple[Row, ...]  # generator, real half, noise, blur, autoencoder
    figures: dict[str, float]
    diversity: dict[str, float]  # per garment, as a share of the real pictures'


class Measure:
    """Compares sets of pictures with one half of the real training pictures.

    The judge gives the features; it took no part in training the generator.
    """

    def __init__(
        self, garments: Garments, classifier: Classifier, settings: MeasureSettings
    ) -> None:
        self.garments = garments
        self.classifier = classifier
        self.settings = settings
        self.rng = np.random.default_rng(settings.seed)
        order = self.rng.permutation(len(garments.train_pictures))
        count = min(settings.count, len(order) // 2)
        self.here, self.there = order[:count], order[count : 2 * count]
        self.centres = classifier.features(unit(garments.train_pictures[self.here]))

    def row(self, name: str, pictures: Pictures, category: Categories) -> Row:
        """The figures of one set of pictures."""
        cloud = self.classifier.features(pictures)
        density, coverage = density_and_coverage(self.centres, cloud, self.settings.k)
        return Row(
            name=name,
            fid=frechet_distance(self.centres, cloud),
            kid=kernel_distance(self.centres, cloud),
            density=density,
            coverage=coverage,
            accuracy=float((self.classifier.category(pictures) == category).mean()),
        )

    def reference_rows(self) -> list[Row]:
        """The other real half, and what noise, blur and an autoencoder make of it."""
        real = unit(self.garments.train_pictures[self.there])
        train = unit(self.garments.train_pictures[self.here])
        category = self.garments.train_category[self.there]
        return [
            self.row("real half", real, category),
            self.row("noise", noisy(real, self.rng), category),
            self.row("blur", blurred(real), category),
            self.row("autoencoder", autoencoded(train, real, self.settings.seed), category),
        ]


def measure(
    designer: Designer, garments: Garments, settings: MeasureSettings, say: Say = lambda part: None
) -> Quality:
    """Measure ``designer``; a few minutes on one core for the full 10,000 pictures."""
    say("features of the real pictures")
    desk = Measure(garments, designer.classifier, settings)
    category = garments.train_category[desk.here]  # the same mix of garments as the real half
    say("drawing pictures")
    drawn = designer.draw(category, desk.rng)
    own = desk.row("generator", drawn, category)
    say("floor and ceilings")
    references = desk.reference_rows()
    test, test_category = unit(garments.test_pictures), garments.test_category
    real_accuracy = accuracy(designer.classifier.network, test, test_category)
    say("nearest training pictures")
    figures = {
        "coverage": own.coverage,
        "density": own.density,
        "fid": own.fid,
        "fid_floor": references[0].fid,
        "fid_over_floor": own.fid / references[0].fid,
        "kid": own.kid,
        "real_accuracy": real_accuracy,
        "conditional_accuracy": own.accuracy,
        "conditional_accuracy_drop": real_accuracy - own.accuracy,
        **_memorised(designer.classifier, garments, drawn),
    }
    say("training on drawn pictures, testing on real ones")
    figures |= _trained_on_drawn(designer, garments, settings, desk.rng)
    return Quality(
        rows=(own, *references),
        figures=figures,
        diversity=_diversity(desk, drawn, category),
    )


def _memorised(classifier: Classifier, garments: Garments, drawn: Pictures) -> dict[str, float]:
    """Memorised share in pixels, and beside it in the judge's features."""
    train, test = unit(garments.train_pictures), unit(garments.test_pictures)
    pixels = [p.reshape(len(p), -1) for p in (drawn, test, train)]
    features = [classifier.features(p) for p in (drawn, test, train)]
    return {
        key: memorised_share(nearest_distance(a, c), nearest_distance(b, c))
        for key, (a, b, c) in (
            ("memorised_share", pixels),
            ("memorised_share_features", features),
        )
    }


def _trained_on_drawn(
    designer: Designer, garments: Garments, settings: MeasureSettings, rng: np.random.Generator
) -> dict[str, float]:
    """Test accuracy of a classifier that saw drawn pictures only, and of one that saw real ones."""
    count = min(settings.synthetic, len(garments.train_pictures))
    rows = rng.permutation(len(garments.train_pictures))[:count]
    category = garments.train_category[rows]
    sets = {
        "tstr": designer.draw(category, rng),
        "trtr": unit(garments.train_pictures[rows]),
    }
    recipe = ClassifierRecipe(epochs=settings.synthetic_epochs, seed=settings.seed)
    test = unit(garments.test_pictures)
    return {
        key: accuracy(
            train_classifier(Guide, pictures, category, recipe), test, garments.test_category
        )
        for key, pictures in sets.items()
    }


def _diversity(desk: Measure, drawn: Pictures, category: Categories) -> dict[str, float]:
    cloud = desk.classifier.features(drawn)
    own = diversity(cloud, category, np.random.default_rng(desk.settings.seed))
    real = diversity(desk.centres, category, np.random.default_rng(desk.settings.seed))
    return {GARMENTS[k]: own[k] / real[k] for k in real}
