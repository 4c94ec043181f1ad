"""The shipped quantiles are those of the real garments.

`SEAMLINE_WRITE_REFERENCE=1 pytest tests/styling/test_reference.py -m slow` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.design import CATEGORIES
from factory_env.learned.pictures.images import read_garments
from factory_env.library import DATA
from factory_env.styling.measures import measure
from factory_env.styling.reference import (
    FILE,
    NAMES,
    SHARES,
    WEIGHTS,
    Floats,
    Ints,
    Reference,
    mixed,
    shipped_reference,
)


def reference_from(measured: Mapping[str, Floats], category: Ints) -> Reference:
    """The reference that pictures with these measures and classes make."""
    n = len(CATEGORIES)
    quantiles = np.zeros((n, len(NAMES), SHARES.shape[0]))
    mean = np.zeros((n, len(NAMES)))
    for number in range(n):
        own = category == number
        table = {name: values[own] for name, values in measured.items()}
        for i, values in enumerate(table.values()):
            quantiles[number, i] = np.quantile(values, SHARES)
            mean[number, i] = values.mean()
        ranks = {k: np.interp(table[k], quantiles[number, NAMES.index(k)], SHARES) for k in WEIGHTS}
        quantiles[number, -1] = np.quantile(mixed(ranks), SHARES)
        mean[number, -1] = mixed(ranks).mean()
    return Reference(mean=mean, quantiles=quantiles)


def as_csv(reference: Reference) -> str:
    """The text of ``data/design_reference.csv`` for a reference."""
    head = ["category", "measure", "mean", *(f"q{share * 100:g}" for share in SHARES)]
    lines = [",".join(head)]
    for c, category in enumerate(CATEGORIES):
        for m, name in enumerate(NAMES):
            numbers = [reference.mean[c, m], *reference.quantiles[c, m]]
            lines.append(",".join([category, name, *(f"{x:.5f}" for x in numbers)]))
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_shipped_quantiles_are_recomputed_from_the_training_pictures(data_dir: Path) -> None:
    garments = read_garments(data_dir / "fashion_mnist")
    measured = measure(garments.train_pictures / 255.0)
    text = as_csv(reference_from(measured, garments.train_category))
    if os.environ.get("SEAMLINE_WRITE_REFERENCE"):
        (DATA / FILE).write_text(text, encoding="utf-8")
    assert (DATA / FILE).read_text(encoding="utf-8") == text


def test_a_rank_is_the_share_of_the_class_that_has_less() -> None:
    known = shipped_reference()
    for category in range(len(CATEGORIES)):
        own = np.full(3, category)
        for name in ("area", "edge_density", "complexity"):
            values = known.value(name, np.array([0.1, 0.5, 0.9]), own)
            assert known.rank(name, values, own).tolist() == pytest.approx([0.1, 0.5, 0.9])


def test_values_beyond_the_class_rank_at_its_ends() -> None:
    own = np.array([0, 0])
    ranks = shipped_reference().rank("area", np.array([-1.0, 9.0]), own)
    assert ranks.tolist() == [0.0, 1.0]


def test_quantiles_never_fall_and_a_trouser_is_slimmer_than_a_pullover() -> None:
    known = shipped_reference()
    assert (np.diff(known.quantiles, axis=2) >= 0.0).all()
    assert known.quantiles.shape == (6, len(NAMES), 41)
    trouser, pullover = (CATEGORIES.index(c) for c in ("trouser", "pullover"))
    at = NAMES.index("length")
    assert known.mean[trouser, at] > 1.5 * known.mean[pullover, at]
