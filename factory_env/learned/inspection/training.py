"""Trains the two trunks of the inspection network; equal arguments give equal weights.

SGD with one cycle of the learning rate (Smith 2018), averaged weights, smoothed labels. Two savings
pay for more epochs of recognition: the first part sees smaller pictures (Touvron et al. 2019), and
of the pictures learned already some are left out at random (Qin et al. 2024).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from factory_env.domain.limits import PartShare, Positive, Runs, Seed, Size, SizeOrNone
from factory_env.learned.inspection.defects import KINDS, Rendering, render
from factory_env.learned.inspection.net import Detection, Recognition
from factory_env.learned.pictures.augment import augment, mirrored

Network = TypeVar("Network", bound=nn.Module)
Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1]
Labels = NDArray[np.int64]
Step = Callable[[int], None]  # told how many pictures are done

AVERAGED_STEPS = 300
WEIGHT_DECAY = 5e-4
ALL_AT_END = 0.15  # share of the epochs, the last, that leave nothing out
WARM_UP = 0.25  # share of the training in which the learning rate rises


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRecipe:
    """Training of the trunk that names the class; numbers settled by short trials [assumed]."""

    epochs: Runs = 45
    batch: Size = 128
    learning_rate: Positive = 0.15
    smoothing: PartShare = 0.05  # of the labels
    small_px: Size = 20  # side of the pictures in the first part
    small_share: PartShare = 0.6  # of the epochs
    left_out: PartShare = 0.3  # share of the learned pictures that an epoch leaves out
    hole_px: SizeOrNone = 6
    seed: Seed = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRecipe:
    """Training of the trunk that finds defects [assumed]."""

    epochs: Runs = 18
    batch: Size = 128
    learning_rate: Positive = 0.1
    smoothing: PartShare = 0.02
    puckering: Positive = 1.7  # times as often as each of the other kinds: the hardest to see
    faintest: PartShare = 0.15  # severities are uniform from here to 1
    lighting: PartShare = 0.12
    seed: Seed = 32


class Course(Generic[Network]):
    """A network on its way: one cycle of the learning rate, and the mean of its last weights."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network = network.train()
        self.learning_rate = learning_rate
        bent = [p for p in network.parameters() if p.ndim > 1]
        straight = [p for p in network.parameters() if p.ndim == 1]  # norms and offsets: no decay
        groups: list[dict[str, Any]] = [
            {"params": bent, "weight_decay": WEIGHT_DECAY},
            {"params": straight},
        ]
        self.optimizer = torch.optim.SGD(groups, learning_rate, momentum=0.9, nesterov=True)
        self.mean = copy.deepcopy(network)
        self.steps = 0

    def step(self, loss: Tensor, progress: float) -> None:
        """One step; ``progress`` is the share of the training that is done, 0 to 1."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate * one_cycle(progress)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.steps += 1
        memory = min(self.steps / 10, AVERAGED_STEPS)  # early steps are forgotten soon
        with torch.no_grad():
            for old, new in zip(_floats(self.mean), _floats(self.network), strict=True):
                old.lerp_(new, 1 / (1 + memory))

    def finished(self) -> Network:
        """The network with its mean weights, in evaluation mode."""
        return self.mean.eval()


def _floats(network: nn.Module) -> list[Tensor]:
    """Weights and running means; counters are left out."""
    return [v for v in network.state_dict().values() if v.is_floating_point()]


def one_cycle(progress: float) -> float:
    """Share of the largest learning rate: up in a straight line, down along a cosine."""
    if progress < WARM_UP:
        return 0.05 + 0.95 * progress / WARM_UP
    return 0.001 + 0.999 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2


class Lessons:
    """Which pictures an epoch shows: every hard one, and of the learned ones a random part.

    A picture is learned if its last loss is below the mean. Those shown stand for those left out:
    they weigh 1 / (1 - left_out), so that the mean gradient stays what it was.
    """

    def __init__(self, count: int, left_out: float, rng: torch.Generator) -> None:
        self.loss = torch.full((count,), math.inf)
        self.left_out = left_out
        self.rng = rng

    def epoch(self, show_all: bool) -> tuple[Tensor, Tensor]:
        """Rows in random order, and the weight of each."""
        count = len(self.loss)
        weight = torch.ones(count)
        if not show_all:
            is_learned = self.loss < self.loss[self.loss.isfinite()].mean()
            is_out = is_learned & (torch.rand(count, generator=self.rng) < self.left_out)
            weight[is_learned] = 1 / (1 - self.left_out)
            weight[is_out] = 0
        rows = weight.nonzero()[:, 0]
        rows = rows[torch.randperm(len(rows), generator=self.rng)]
        return rows, weight[rows]


def _batches(count: int, batch: int) -> Iterator[tuple[slice, float]]:
    """Parts of an epoch's rows, and how much of the epoch was done before; the rest is left out."""
    whole = max(count // batch, 1)
    for number in range(whole):
        yield slice(number * batch, (number + 1) * batch), number / whole


def train_recognition(
    pictures: Pictures,
    label: Labels,
    width: int,
    recipe: RecognitionRecipe,
    done: Step = lambda pictures: None,
) -> Recognition:
    """A trunk in evaluation mode that names the class of a picture."""
    with torch.random.fork_rng():  # dropout draws from torch's own stream
        torch.manual_seed(recipe.seed)
        rng = torch.Generator().manual_seed(recipe.seed)
        data, labels = torch.from_numpy(pictures)[:, None], torch.from_numpy(label)
        lessons = Lessons(len(data), recipe.left_out, rng)
        course = Course(Recognition(width), recipe.learning_rate)
        for epoch in range(recipe.epochs):
            is_small = epoch < recipe.small_share * recipe.epochs
            rows, weight = lessons.epoch(epoch < 1 or epoch >= (1 - ALL_AT_END) * recipe.epochs)
            for part, passed in _batches(len(rows), recipe.batch):
                shown = augment(mirrored(data[rows[part]], rng), rng, hole_px=recipe.hole_px)
                if is_small:
                    shown = functional.interpolate(
                        shown, size=recipe.small_px, mode="bilinear", antialias=True
                    )
                loss = functional.cross_entropy(
                    course.network(shown),
                    labels[rows[part]],
                    reduction="none",
                    label_smoothing=recipe.smoothing,
                )
                lessons.loss[rows[part]] = loss.detach()
                course.step((loss * weight[part]).mean(), (epoch + passed) / recipe.epochs)
                done(round(len(data) * len(loss) / len(rows)))
        return course.finished()


def train_detection(
    pictures: Pictures, width: int, recipe: DetectionRecipe, done: Step = lambda pictures: None
) -> Detection:
    """A trunk in evaluation mode that finds rendered defects; every epoch renders anew.

    An epoch shows each picture twice, see `twins`.
    """
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        rng = np.random.default_rng(recipe.seed)
        course = Course(Detection(width), recipe.learning_rate)
        odds = kind_odds(recipe)
        for epoch in range(recipe.epochs):
            order = rng.permutation(len(pictures))
            for part, passed in _batches(len(order), recipe.batch // 2):
                shown = twins(pictures[order[part]], recipe.faintest, recipe.lighting, rng, odds)
                near = course.network.near_maps(torch.from_numpy(shown.pictures)[:, None])
                loss = functional.cross_entropy(
                    course.network.named(near),
                    torch.from_numpy(shown.kind),
                    label_smoothing=recipe.smoothing,
                ) + functional.binary_cross_entropy_with_logits(
                    course.network.placed(near), _cells(shown.mask)
                )
                course.step(loss, (epoch + passed) / recipe.epochs)
                done(len(shown.kind) // 2)
        return in_equal_shares(course.finished(), odds)


def kind_odds(recipe: DetectionRecipe) -> NDArray[np.float64]:
    """How often each kind is shown, over the mean kind, shape (7,)."""
    odds = np.ones(len(KINDS) - 1)
    odds[KINDS.index("puckering") - 1] = recipe.puckering
    return np.asarray(odds / odds.mean())


def in_equal_shares(network: Detection, odds: NDArray[np.float64]) -> Detection:
    """The network with the probabilities of a world in which all kinds are equally frequent."""
    with torch.no_grad():
        network.head.bias[1:] -= torch.from_numpy(np.log(odds)).float()
    return network


def twins(
    pictures: Pictures,
    faintest: float,
    lighting: float,
    rng: np.random.Generator,
    odds: NDArray[np.float64] | None = None,
) -> Rendering:
    """Every piece twice: sound, and with a defect of random kind and severity; half are mirrored.

    Side by side the two differ in the defect and the light alone. ``odds``: how often each kind
    comes over the mean kind, shape (7,); equally often if not given.
    """
    n = len(pictures)
    flip = rng.random(n) < 0.5
    both = np.tile(np.where(flip[:, None, None], pictures[:, :, ::-1], pictures), (2, 1, 1))
    kind = np.concatenate([np.zeros(n, np.int64), 1 + _kinds(n, odds, rng)])
    severity = (faintest + (1 - faintest) * rng.random(2 * n)).astype(np.float32)
    return render(both, kind, severity, rng, lighting)


def _kinds(n: int, odds: NDArray[np.float64] | None, rng: np.random.Generator) -> Labels:
    count = len(KINDS) - 1
    return rng.choice(count, n, p=None if odds is None else odds / odds.sum()).astype(np.int64)


def _cells(mask: NDArray[np.bool_]) -> Tensor:
    """Masks (n, 28, 28) as (n, 7, 7): 1 where at least half of the 4 x 4 pixels are changed."""
    share = functional.avg_pool2d(torch.from_numpy(mask).float()[:, None], 4)[:, 0]
    return (2 * share).clamp(max=1)


def temperature(logits: Tensor, label: Tensor) -> float:
    """The number that logits are divided by so that their probabilities fit best (Guo et al. 2017).

    Searched on a grid of 1 % steps from 0.2 to 5, on pictures that training has not seen.
    """
    grid = torch.logspace(math.log10(0.2), math.log10(5.0), 324)
    losses = torch.stack([functional.cross_entropy(logits / t, label) for t in grid])
    return float(grid[losses.argmin()])


def calibration(logits: Tensor, is_defective: Tensor) -> tuple[float, float]:
    """Temperature, and offset of the sound logit behind it, that fit sound against defective best.

    Parameters
    ----------
    logits : shape (n, 8), of pictures that training has not seen, half of them defective, with the
        severities that a gate meets
    is_defective : shape (n,)
    """
    coldness = torch.zeros(1, dtype=torch.float64, requires_grad=True)  # -log of the temperature
    offset = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([coldness, offset], max_iter=100, line_search_fn="strong_wolfe")
    wanted, found = is_defective.double(), logits.double()

    def loss() -> Tensor:
        search.zero_grad()
        scaled = found * coldness.exp()
        odds = scaled[:, 1:].logsumexp(1) - scaled[:, 0] - offset
        value = functional.binary_cross_entropy_with_logits(odds, wanted)
        value.backward()
        return value

    with torch.enable_grad():
        search.step(loss)  # type: ignore[no-untyped-call]
    return math.exp(-float(coldness.detach())), float(offset.detach())
