"""Draws garment pictures with the trained generator and looks at them with the judge.

This is the door to the networks for everything that is not training: NumPy in, NumPy out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from factory_env.errors import InputError, wrong
from factory_env.learned.gan.classifier import Judge
from factory_env.learned.gan.generator import Generator
from factory_env.learned.pictures.garments import GARMENTS, SIDE_PX
from factory_env.learned.weights_file import SHIPPED, load_network

Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1], steps of 1/255 like the originals
Latents = NDArray[np.float32]  # (n, latent_dim), standard normal
Ints = NDArray[np.integer]

BATCH = 256
GENERATOR_FILE = "generator.safetensors"
JUDGE_FILE = "judge.safetensors"


class Classifier:
    """The judge behind a NumPy door: which category a picture shows, and its features."""

    def __init__(self, network: Judge) -> None:
        self.network = network.eval()

    @classmethod
    def shipped(cls, folder: Path = SHIPPED) -> Classifier:
        """The judge whose weights lie in ``folder``; raises `InputError` on a bad file."""
        return cls(load_network(folder / JUDGE_FILE, "judge", Judge))

    @torch.inference_mode()
    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """Features (n, d) of pictures (n, 28, 28)."""
        parts = [self.network.features(p) for p in _batches(pictures)]
        return torch.cat(parts).numpy()

    @torch.inference_mode()
    def probabilities(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability of each of the six categories, shape (n, 6), rows sum to 1."""
        parts = [self.network(p).softmax(1) for p in _batches(pictures)]
        return torch.cat(parts).numpy()

    @torch.inference_mode()
    def read(self, pictures: Pictures) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Features (n, d) and probabilities (n, 6) in one pass."""
        features = torch.cat([self.network.features(p) for p in _batches(pictures)])
        return features.numpy(), self.network.head(features).softmax(1).numpy()

    def category(self, pictures: Pictures) -> NDArray[np.int64]:
        """The likeliest category of each picture, shape (n,), 0..5."""
        return np.asarray(self.probabilities(pictures).argmax(1), np.int64)


class Designer:
    """The trained generator behind a NumPy door, with the classifier that reads its pictures.

    >>> designer = Designer.shipped()                                     # doctest: +SKIP
    >>> category = np.array([0, 0, 3])
    >>> z = designer.latents(3, np.random.default_rng(7))                 # doctest: +SKIP
    >>> designer.draw(category, z).shape                                  # doctest: +SKIP
    (3, 28, 28)
    """

    def __init__(self, generator: Generator, classifier: Classifier) -> None:
        self.generator = generator.eval()
        self.classifier = classifier

    @classmethod
    def shipped(cls, folder: Path = SHIPPED) -> Designer:
        """Generator and judge whose weights lie in ``folder``.

        Raises
        ------
        InputError
            If a file is missing, is no safetensors file, or is of another kind or version.
        """
        generator = load_network(folder / GENERATOR_FILE, "generator", Generator)
        return cls(generator, Classifier.shipped(folder))

    @property
    def latent_dim(self) -> int:
        """Length of a latent vector."""
        return self.generator.latent

    def latents(self, n: int, rng: np.random.Generator) -> Latents:
        """``n`` latent vectors as the generator was trained on: standard normal."""
        return rng.standard_normal((n, self.latent_dim), dtype=np.float32)

    @torch.inference_mode()
    def draw(self, category: Ints, z: Latents | np.random.Generator) -> Pictures:
        """One picture per entry of ``category``, shape (n, 28, 28).

        Parameters
        ----------
        category : shape (n,), numbers 0..5 of `garments.GARMENTS`
        z : latent vectors, shape (n, latent_dim), or a generator to draw them from

        Raises
        ------
        InputError
            If a category is not one of 0..5 or the shapes do not fit.
        """
        wanted = np.asarray(category)
        latent = self.latents(len(wanted), z) if isinstance(z, np.random.Generator) else z
        self._check(wanted, latent)
        parts = [np.empty((0, SIDE_PX, SIDE_PX), np.float32)]
        for start in range(0, len(wanted), BATCH):
            inside = slice(start, start + BATCH)
            pictures = self.generator(
                torch.from_numpy(np.ascontiguousarray(latent[inside], dtype=np.float32)),
                torch.from_numpy(wanted[inside].astype(np.int64)),
            )
            parts.append((pictures[:, 0] * 255).round().div(255).numpy())
        return np.concatenate(parts)

    def _check(self, category: Ints, latent: Latents) -> None:
        problems = []
        is_whole = np.issubdtype(category.dtype, np.integer)
        if category.ndim != 1 or not is_whole or not np.isin(category, range(len(GARMENTS))).all():
            odd = np.setdiff1d(category, range(len(GARMENTS)))
            problems.append(
                wrong(
                    "designer",
                    "category",
                    "must be whole numbers 0 to 5",
                    f"{odd[:5].tolist()} in an array of shape {category.shape}",
                    ", ".join(f"{k} {g}" for k, g in enumerate(GARMENTS)),
                )
            )
        if latent.shape != (len(category), self.latent_dim):
            problems.append(
                wrong(
                    "designer",
                    "z",
                    "must hold one latent vector a picture",
                    f"shape {latent.shape}",
                    f"shape ({len(category)}, {self.latent_dim})",
                )
            )
        if problems:
            raise InputError(problems)


def _batches(pictures: Pictures) -> Iterator[torch.Tensor]:
    for start in range(0, max(len(pictures), 1), BATCH):
        yield torch.from_numpy(np.ascontiguousarray(pictures[start : start + BATCH]))[:, None]
