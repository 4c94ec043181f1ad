"""The heat map of the shipped network points at defects that were drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.learned.inspection.defects import KINDS, render
from factory_env.learned.inspection.eye import Eye
from factory_env.learned.pictures.images import read_all_classes, unit


@pytest.mark.parametrize("kind", ["stain", "hole", "uneven_edge"])
def test_the_hottest_part_is_at_the_defect_far_more_often_than_by_chance(
    kind: str, data_dir: Path
) -> None:
    pictures = unit(read_all_classes(data_dir / "fashion_mnist").test_pictures[:200])
    number = np.full(len(pictures), KINDS.index(kind))
    drawn = render(pictures, number, np.full(len(pictures), 0.8), np.random.default_rng(4))
    heat = Eye.shipped().places(drawn.pictures).reshape(len(pictures), -1)
    changed = drawn.mask.reshape(-1, 7, 4, 7, 4).any((2, 4)).reshape(len(pictures), -1)
    hit = changed[np.arange(len(pictures)), heat.argmax(1)]
    assert hit.mean() > 0.5
    assert hit.mean() > 2 * changed.mean()
