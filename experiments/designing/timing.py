"""How long it takes to draw designs and turn them into styles."""

from __future__ import annotations

import time

import numpy as np

from factory_env.domain.design import CATEGORIES
from factory_env.domain.studio import Studio
from factory_env.library import load_library
from factory_env.styling.mapping import look_at, styles_of


def designs_seconds(studio: Studio, count: int = 200, rounds: int = 5) -> float:
    """Median seconds for ``count`` designs: latents, pictures, classes, measures, styles."""
    products = load_library().products
    eye = studio.classifier
    category = np.arange(count) % len(CATEGORIES)
    taken = []
    for number in range(rounds + 1):  # the first warms up
        start = time.perf_counter()
        pictures = studio.draw(category, studio.latents(count, np.random.default_rng(number)))
        styles_of(look_at(pictures, eye), products)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken[1:]))
