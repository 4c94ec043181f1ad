"""The seam between whoever draws pictures and whoever makes styles of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.float32]  # (n, 28, 28), grey 0 to 1 on black
Latents = NDArray[np.float32]  # (n, latent_dim), standard normal


class Eye(Protocol):
    """Reads pictures: which of the six classes, and where in feature space."""

    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """Features (n, d) of pictures (n, 28, 28)."""
        ...

    def probabilities(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability of each of the six classes, (n, 6)."""
        ...

    def read(self, pictures: Pictures) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Features and probabilities in one go."""
        ...


class Studio(Protocol):
    """Draws pictures from latent vectors, and has an eye for them.

    `factory_env.learned.gan.designer.Designer` is one, `factory_env.styling.drawer.Drawer` another.
    """

    @property
    def classifier(self) -> Eye:
        """Its eye."""
        ...

    @property
    def latent_dim(self) -> int:
        """Length of a latent vector."""
        ...

    def latents(self, n: int, rng: np.random.Generator) -> Latents:
        """``n`` latent vectors."""
        ...

    def draw(self, category: NDArray[np.integer], z: Latents) -> Pictures:
        """One picture for each class number and latent vector."""
        ...
