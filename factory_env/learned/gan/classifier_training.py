"""Trains a classifier of garments: Adam, one cycle of the learning rate, mirrored and shifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from factory_env.domain.limits import Positive, Runs, Seed, Size
from factory_env.learned.pictures.augment import augment, mirrored

Network = TypeVar("Network", bound=nn.Module)
Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1]
Categories = NDArray[np.int64]  # (n,) in 0..5
AVERAGED_STEPS = 200
Step = Callable[[int], None]  # told how many pictures are done


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierRecipe:
    """How long and how fast."""

    epochs: Runs = 6
    batch: Size = 128
    learning_rate: Positive = 4e-3
    seed: Seed = 11


def train_classifier(
    build: Callable[[], Network],
    pictures: Pictures,
    category: Categories,
    recipe: ClassifierRecipe,
    done: Step = lambda pictures: None,
) -> Network:
    """A trained network in evaluation mode; equal arguments give equal weights.

    The weights are the mean over the last part of training, which judges better than the last
    step alone (Izmailov et al. 2018).
    """
    with torch.random.fork_rng():  # dropout draws from torch's own stream
        torch.manual_seed(recipe.seed)
        network = build()
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        rng = torch.Generator().manual_seed(recipe.seed)
        data, labels = torch.from_numpy(pictures)[:, None], torch.from_numpy(category)
        steps = recipe.epochs * max(len(data) // recipe.batch, 1)
        optimizer = torch.optim.AdamW(network.parameters(), recipe.learning_rate, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, recipe.learning_rate, total_steps=steps
        )
        window = min(AVERAGED_STEPS, max(steps / 5, 1))  # a short training has a short memory
        mean = torch.optim.swa_utils.AveragedModel(
            network,
            multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(1 - 1 / window),
            use_buffers=True,
        )
        network.train()
        for rows in _batches(len(data), recipe.batch, steps, rng):
            shown = augment(mirrored(data[rows], rng), rng, hole_px=0)
            logits = network(shown)
            loss = functional.cross_entropy(logits, labels[rows], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            mean.update_parameters(network)
            done(len(rows))
    network.load_state_dict(mean.module.state_dict())
    network.eval()
    return network


def _batches(count: int, batch: int, steps: int, rng: torch.Generator) -> list[Tensor]:
    """Rows of every step: each picture once an epoch, the odd rest left out."""
    per_epoch = max(count // batch, 1)
    epochs = -(-steps // per_epoch)
    orders = [torch.randperm(count, generator=rng).split(batch)[:per_epoch] for _ in range(epochs)]
    return [rows for order in orders for rows in order][:steps]


@torch.inference_mode()
def accuracy(network: nn.Module, pictures: Pictures, category: Categories) -> float:
    """Share of pictures whose likeliest category is theirs."""
    network.eval()
    rows = torch.from_numpy(pictures)[:, None].split(500)
    guess = torch.cat([network(r).argmax(1) for r in rows])
    return float((guess == torch.from_numpy(category)).float().mean())
