"""Bad pictures on purpose: noise, blur, and what a small autoencoder leaves of the real ones."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from torch import nn
from torch.nn import functional

from factory_env.learned.pictures.garments import SIDE_PX

Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1]

NOISE_SD = 0.2
BLUR_PX = 1.5
CODE = 16  # numbers an autoencoder may keep of a picture


def noisy(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Grey noise of sd 0.2 on every pixel."""
    noise = rng.normal(0, NOISE_SD, pictures.shape)
    return (pictures + noise).clip(0, 1).astype(np.float32)


def blurred(pictures: Pictures) -> Pictures:
    """Each picture through a Gaussian of 1.5 pixels."""
    return np.asarray(gaussian_filter(pictures, (0, BLUR_PX, BLUR_PX)), np.float32)


def autoencoded(
    train: Pictures, pictures: Pictures, seed: int, *, epochs: int = 5, batch: int = 128
) -> Pictures:
    """``pictures`` after a dense autoencoder, 16 numbers in its middle, trained on ``train``."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        pixels = SIDE_PX * SIDE_PX
        network = nn.Sequential(
            nn.Flatten(),
            nn.Linear(pixels, 256),
            nn.ReLU(),
            nn.Linear(256, CODE),
            nn.Linear(CODE, 256),
            nn.ReLU(),
            nn.Linear(256, pixels),
            nn.Sigmoid(),
        )
        optimizer = torch.optim.Adam(network.parameters(), 2e-3)
        data = torch.from_numpy(train)
        for _ in range(epochs):
            for rows in torch.randperm(len(data)).split(batch):
                target = data[rows].flatten(1)
                loss = functional.mse_loss(network(target), target)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        with torch.inference_mode():
            drawn: NDArray[np.float32] = network(torch.from_numpy(pictures)).numpy()
            return drawn.reshape(-1, SIDE_PX, SIDE_PX)
