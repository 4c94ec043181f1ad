"""Sliders, ways between designs, and novelty."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.styling.drawer import Drawer
from factory_env.styling.novelty import neighbours
from factory_env.styling.sliders import SLIDERS, Directions, between, directions

DRAWER = Drawer()
DRESS = 3


@pytest.fixture(scope="module")
def dresses() -> Directions:
    """Directions of the drawer's dresses."""
    return directions(DRAWER, DRESS, np.random.default_rng(0))


def reached(found: Directions, z: np.ndarray) -> np.ndarray:
    return found.ranks(DRAWER.draw(np.full(len(z), DRESS), z))


@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_brings_designs_to_the_rank_asked_for(dresses, name: str) -> None:
    z = DRAWER.latents(30, np.random.default_rng(3))
    k = SLIDERS.index(name)
    low, high = (np.median(reached(dresses, dresses.slide(z, {name: r}))[:, k]) for r in (0.2, 0.8))
    assert low == pytest.approx(0.2, abs=0.12)
    assert high == pytest.approx(0.8, abs=0.12)


def test_two_sliders_are_met_together(dresses) -> None:
    z = DRAWER.latents(30, np.random.default_rng(4))
    ranks = reached(dresses, dresses.slide(z, {"brightness": 0.8, "width": 0.2}))
    assert np.median(ranks[:, SLIDERS.index("brightness")]) == pytest.approx(0.8, abs=0.12)
    assert np.median(ranks[:, SLIDERS.index("width")]) == pytest.approx(0.2, abs=0.12)


def test_without_a_slider_nothing_moves(dresses) -> None:
    z = DRAWER.latents(3, np.random.default_rng(5))
    assert dresses.slide(z, {}) is z


def test_slid_designs_are_no_farther_out_than_the_studio_knows(dresses) -> None:
    z = dresses.slide(DRAWER.latents(20, np.random.default_rng(6)), dict.fromkeys(SLIDERS, 0.99))
    assert np.linalg.norm(z, axis=1).max() <= 1.25 * np.sqrt(DRAWER.latent_dim) + 1e-4


def test_latents_explain_most_of_what_the_drawers_traits_are(dresses) -> None:
    assert dresses.r2["brightness"] > 0.8
    assert dresses.r2["width"] > 0.8


def test_a_way_begins_and_ends_at_its_designs_and_keeps_their_length() -> None:
    first, last = DRAWER.latents(2, np.random.default_rng(8))
    way = between(first, last, 5)
    assert way[0] == pytest.approx(first, abs=1e-5)
    assert way[-1] == pytest.approx(last, abs=1e-5)
    lengths = np.linalg.norm(way, axis=1)
    ends = sorted((np.linalg.norm(first), np.linalg.norm(last)))
    assert ends[0] - 1e-3 <= lengths.min() <= lengths.max() <= ends[1] + 1e-3
    assert between(first, first, 3) == pytest.approx(np.stack([first] * 3), abs=1e-6)


def test_a_copy_is_not_new_and_an_outsider_is() -> None:
    existing = np.array([[0.0], [1.0], [3.0], [6.0]])  # to their nearest: 1, 1, 2, 3
    found = neighbours(np.array([[1.0], [7.5], [40.0]]), existing, k=2)
    assert found.nearest.tolist() == [[1, 0], [3, 2], [3, 2]]
    assert found.distance[1].tolist() == pytest.approx([1.5, 4.5])
    assert found.novelty.tolist() == [0.0, 0.5, 1.0]
