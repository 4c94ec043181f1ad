"""What each network says of pictures: class and defect of a garment, or a stain on fabric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.fitting.camera.table import CLASSES
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.eye import Eye

if TYPE_CHECKING:
    from factory_env.learned.stain.eye import StainEye

Floats = NDArray[np.float32]

FABRIC: Final = "fabric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Answers for n pictures."""

    categories: list[str]
    category_probabilities: Floats  # (n,), nan where no class was asked for
    kinds: Floats  # (n, 8), of sound and each kind of `KINDS`, where half are defective
    heats: Floats  # (n, h, w), probability that a part is changed


def seen(eye: Eye | StainEye, pictures: Floats) -> Seen:
    """Pictures (n, 28, 28) through the inspection network, or (n, 224, 224) of fabric."""
    if isinstance(eye, Eye):
        classes = eye.categories(pictures)
        names = [CLASSES[int(number)] for number in classes.argmax(1)]
        return Seen(
            categories=names,
            category_probabilities=classes.max(1),
            kinds=eye.defects(pictures),
            heats=eye.places(pictures),
        )
    stained, places = eye.looked(np.rint(pictures * 255).astype(np.uint8))
    kinds = np.zeros((len(pictures), len(KINDS)), np.float32)
    kinds[:, 0], kinds[:, KINDS.index("stain")] = 1 - stained, stained
    nothing = np.full(len(pictures), np.nan, np.float32)
    return Seen(
        categories=[FABRIC] * len(pictures),
        category_probabilities=nothing,
        kinds=kinds,
        heats=places,
    )
