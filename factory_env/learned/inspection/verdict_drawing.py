"""Draws the bank of verdicts: the network looks at rendered pieces of every kind and severity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.limits import Seed, Size
from factory_env.learned.gan.designer import Designer
from factory_env.learned.inspection.defects import KINDS, render
from factory_env.learned.inspection.eye import Eye
from factory_env.learned.inspection.verdict_bank import CONDITIONS, SEEN, VerdictBank
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import unit
from factory_env.learned.pictures.sheet import PER_GARMENT, Sheet

Floats = NDArray[np.float32]

NEW_STYLES: Final = 2001  # names the randomness of the designs that drift brings
LIGHTING: Final = {"usual": 0.12, "lighting": 0.35, "new_styles": 0.12}
"""Largest relative error of brightness and of its slope [assumed]; trained on 0.12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRecipe:
    """How many pictures and answers; see conf/model/cnn.yaml."""

    pictures: Size = PER_GARMENT  # of each garment class
    draws: Size = 96  # of each kind and bin of severity
    sound_draws: Size = 512
    bins: Size = 5
    seed: Seed = 3


def designs_shown(designer: Designer, per_garment: int = PER_GARMENT) -> Floats:
    """Designs of the generator, always the same, (6, per_garment, 28, 28) in [0, 1]."""
    asked = np.repeat(np.arange(len(GARMENTS)), per_garment)
    drawn = designer.draw(asked, np.random.default_rng(NEW_STYLES))
    return drawn.reshape(len(GARMENTS), per_garment, *drawn.shape[1:])


def draw_bank(eye: Eye, sheet: Sheet, designer: Designer, recipe: BankRecipe) -> VerdictBank:
    """The network's answers, every condition and garment on the same spots and in turn."""
    sound, defective = [], []
    real, drawn = unit(sheet), designs_shown(designer, sheet.shape[1])
    for condition in CONDITIONS:
        pictures = drawn if condition == "new_styles" else real
        for garment in range(len(GARMENTS)):
            rng = np.random.default_rng((recipe.seed, 100 + garment))
            answers = _answers(eye, pictures[garment], LIGHTING[condition], recipe, rng)
            sound.append(_sorted(answers[: recipe.sound_draws]))
            shape = (len(SEEN), recipe.bins, recipe.draws, len(SEEN))
            defective.append(_sorted(answers[recipe.sound_draws :].reshape(shape)))
    cells = (len(CONDITIONS), len(GARMENTS))
    return VerdictBank(
        sound=np.stack(sound).reshape(*cells, *sound[0].shape),
        defective=np.stack(defective).reshape(*cells, *defective[0].shape),
    )


def _answers(
    eye: Eye, pictures: Floats, lighting: float, recipe: BankRecipe, rng: np.random.Generator
) -> Floats:
    """Probabilities of the kinds (n, 7): sound pieces first, then kind by kind, bin by bin."""
    per_kind = recipe.bins * recipe.draws
    kind = np.repeat(np.arange(len(KINDS)), [recipe.sound_draws, *(per_kind for _ in SEEN)])
    number = np.tile(np.repeat(np.arange(recipe.bins), recipe.draws), len(SEEN))
    place = np.concatenate([np.zeros(recipe.sound_draws), number + rng.random(len(number))])
    severity = LEAST_SEVERITY + (1 - LEAST_SEVERITY) * np.minimum(place / recipe.bins, 1)
    chosen = rng.integers(0, len(pictures), len(kind))
    shown = render(pictures[chosen], kind, severity.astype(np.float32), rng, lighting)
    return eye.defects(shown.pictures)[:, 1:]


def _sorted(answers: Floats) -> Floats:
    """Along the last axis but one, the likeliest defective first; as exact as the file."""
    kept = answers.astype(np.float16).astype(np.float32)
    order = np.argsort(-kept.sum(-1), axis=-1, kind="stable")
    return np.take_along_axis(kept, order[..., None], axis=-2)
