"""Trains the stain network on rendered fabric; equal arguments give equal weights.

Every cloth is shown clean and stained in one batch, so that only the stain tells them apart.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from annotated_types import Interval, MultipleOf
from torch import Tensor
from torch.nn import functional

from factory_env.domain.limits import PartShare, Positive, Seed, Size, Width
from factory_env.learned.inspection.training import one_cycle
from factory_env.learned.stain.fabric import SIDE
from factory_env.learned.stain.marks import CELL, draw_twins
from factory_env.learned.stain.net import SIDE_STEP, StainNet, lit_evenly

PartSide = Annotated[int, Interval(ge=SIDE_STEP, le=SIDE), MultipleOf(SIDE_STEP)]
MASK_WEIGHT = 4.0  # of a stained cell against a clean one


@dataclass(frozen=True, slots=True, kw_only=True)
class StainStage:
    """A stage of a training on rendered cloth; numbers settled by short trials [assumed]. The
    stages behind the shipped weights stand in ``conf/model/stain.yaml``."""

    cloths: Size = 3000
    shown: Size = 4  # parts of each cloth that are shown
    chunk: Size = 300  # cloths drawn at a time
    batch: Size = 24  # cloths; twice as many pictures
    part_px: PartSide = 128  # side of the part of a picture that is shown
    learning_rate: Positive = 3e-3
    begin: PartShare = 0.0  # share of the learning rate's cycle that a start has behind it
    end: Annotated[float, Interval(gt=0, le=1)] = 1.0  # share of the parts after which it stops
    seed: Seed = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class StainRecipe(StainStage):
    """A stage, and how wide the network is: the same in all stages."""

    width: Width = 24


class StainCourse:
    """A network on its way: AdamW, one cycle of the learning rate, mean of the last weights."""

    def __init__(self, network: StainNet, learning_rate: float, memory: int = 100) -> None:
        self.network = network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        self.learning_rate, self.memory, self.steps = learning_rate, memory, 0
        self.optimizer = torch.optim.AdamW(network.parameters(), learning_rate, weight_decay=0.02)
        self.mean = copy.deepcopy(network)

    def step(self, loss: Tensor, progress: float) -> None:
        """One step; ``progress`` is the share of the training that is done, 0 to 1."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate * one_cycle(progress)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.steps += 1
        with torch.no_grad():
            for old, new in zip(_floats_of(self.mean), _floats_of(self.network), strict=True):
                old.lerp_(new, 1 / (1 + min(self.steps / 10, self.memory)))

    def finished(self) -> StainNet:
        """The network with its mean weights, in evaluation mode."""
        return self.mean.eval()


def _floats_of(network: StainNet) -> list[Tensor]:
    """Weights and running means; counters are left out."""
    return [v for v in network.state_dict().values() if v.is_floating_point()]


def train_stains(
    recipe: StainRecipe,
    done: Callable[[StainCourse, float], None] = lambda course, loss: None,
    start: StainNet | None = None,
) -> StainNet:
    """A network in evaluation mode; ``done`` is told the course and its loss, batch by batch.

    ``start`` is a network to go on with (a copy of it), else a new one.
    """
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        rng = np.random.default_rng(recipe.seed)
        network = StainNet(recipe.width) if start is None else copy.deepcopy(start)
        course = StainCourse(network, recipe.learning_rate)
        total, shown = recipe.cloths * recipe.shown, 0
        for drawn in range(0, recipe.cloths, recipe.chunk):
            twins = draw_twins(min(recipe.chunk, recipe.cloths - drawn), rng)
            clean, stained = lit_pictures(twins.clean), lit_pictures(twins.stained)
            cells = covered_cells(torch.from_numpy(twins.mask))
            for _ in range(recipe.shown):
                order = rng.permutation(len(clean))
                for first in range(0, len(order), recipe.batch):
                    if shown >= recipe.end * total:
                        return course.finished()
                    rows = order[first : first + recipe.batch]
                    both, target = parts(clean, stained, cells, rows, recipe.part_px, rng)
                    loss = twin_loss(course.network, both, target)
                    course.step(loss, recipe.begin + (1 - recipe.begin) * shown / total)
                    shown += len(rows)
                    done(course, float(loss.detach()))
    return course.finished()


def train_stages(
    stages: Sequence[StainRecipe],
    done: Callable[[StainCourse, float], None] = lambda course, loss: None,
) -> StainNet:
    """Stages of training, each going on with the network of the one before."""
    network = None
    for recipe in stages:
        network = train_stains(recipe, done, network)
    if network is None:
        raise ValueError("needs a stage")
    return network


def steps_of(recipe: StainRecipe) -> int:
    """How often `train_stains` tells ``done``."""
    chunks = [min(recipe.chunk, recipe.cloths - c) for c in range(0, recipe.cloths, recipe.chunk)]
    sizes = [
        min(recipe.batch, chunk - first)
        for chunk in chunks
        for _ in range(recipe.shown)
        for first in range(0, chunk, recipe.batch)
    ]
    before = np.cumsum([0, *sizes[:-1]])
    return int((before < recipe.end * recipe.cloths * recipe.shown).sum())


def parts(
    clean: Tensor,
    stained: Tensor,
    cells: Tensor,
    rows: np.ndarray,
    side: int,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    """Parts of clean and stained pictures (2 n, 3, side, side) that lie around a stained cell,
    turned and mirrored, and the stained cells in them."""
    small = side // CELL
    shown, target = [], []
    for row in rows:
        places = cells[row].nonzero()
        middle = places[int(rng.integers(len(places)))].numpy()
        corner = middle - rng.integers(small // 8, small - small // 8, 2)
        down, across = np.clip(corner, 0, cells.shape[1] - small)
        turn = int(rng.integers(8))
        pixel = (
            slice(None),
            slice(CELL * down, CELL * down + side),
            slice(CELL * across, CELL * across + side),
        )
        shown += [turned(x[row][pixel][None], turn) for x in (clean, stained)]
        cut = cells[row][None, None, down : down + small, across : across + small]
        target += [torch.zeros(1, small, small), turned(cut, turn)[0]]
    return torch.cat(shown).float(), torch.cat(target)


def twin_loss(network: StainNet, both: Tensor, target: Tensor) -> Tensor:
    """Loss of map and verdict on parts of clean and stained pictures."""
    place, verdict = network(both.contiguous(memory_format=torch.channels_last))
    is_stained = target.amax((1, 2))
    verdicts = functional.binary_cross_entropy_with_logits(verdict, is_stained)
    return map_loss(place, target) + 0.3 * verdicts


def lit_pictures(pictures: np.ndarray) -> Tensor:
    """What the network takes (n, 3, h, w), half precision to save memory; a few at a time."""
    starts = range(0, len(pictures), 32)
    some = (torch.from_numpy(pictures[i : i + 32]).float()[:, None] for i in starts)
    return torch.cat([lit_evenly(x).half() for x in some])


def map_loss(place: Tensor, target: Tensor) -> Tensor:
    """Cross entropy of cells plus Dice over the stained pictures, as small stains need it."""
    weight = torch.full((), MASK_WEIGHT)
    cross = functional.binary_cross_entropy_with_logits(place, target, pos_weight=weight)
    said = place.sigmoid()
    overlap = 2 * (said * target).sum((1, 2)) + 1
    dice = 1 - overlap / (said.sum((1, 2)) + target.sum((1, 2)) + 1)
    has_stain = target.amax((1, 2))
    return 3 * cross + 0.5 * (dice * has_stain).sum() / has_stain.sum().clamp(min=1)


def covered_cells(mask: Tensor) -> Tensor:
    """1.0 where any pixel of a cell (n, 56, 56) is stained, from masks (n, 224, 224)."""
    return functional.max_pool2d(mask[:, None].float(), CELL)[:, 0]


def turned(pictures: Tensor, number: int) -> Tensor:
    """One of the eight ways to lay a square picture, 0 to 7; 0 leaves it."""
    shown = pictures.rot90(number % 4, (2, 3))
    return shown.flip(3) if number >= 4 else shown
