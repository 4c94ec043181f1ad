"""A running average of weights: PPO circles around a good policy, the average stands in it.

Polyak and Juditsky 1992; one update of the average per rollout. The raw weights go on learning;
the average is what is validated, kept and shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class AverageWeights:
    """Exponential average of a module's parameters.

    Parameters
    ----------
    decay
        Share of the old average kept at each update; 0 follows the raw weights.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self._module = module
        self._decay = decay
        self._average: dict[str, Tensor] = {}
        self.restart()

    @property
    def weights(self) -> Mapping[str, Tensor]:
        """The average itself, by name."""
        return self._average

    def go_on(self, weights: Mapping[str, Tensor]) -> None:
        """Take up a saved average."""
        self._average = {name: weights[name].clone() for name in self._average}

    def restart(self) -> None:
        """Begin again from the present weights."""
        self._average = {k: v.detach().clone() for k, v in self._module.named_parameters()}

    def update(self) -> None:
        """Move the average towards the present weights."""
        with torch.no_grad():
            for name, parameter in self._module.named_parameters():
                self._average[name].lerp_(parameter, 1.0 - self._decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within the block the module has the averaged weights."""
        raw = {k: v.detach().clone() for k, v in self._module.named_parameters()}
        self._load(self._average)
        try:
            yield
        finally:
            self._load(raw)

    def _load(self, weights: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self._module.named_parameters():
                parameter.copy_(weights[name])
