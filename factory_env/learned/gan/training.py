"""Trains the generator against critics that look through a frozen guide.

The design of one step, made for one CPU thread: pictures are drawn once and serve both updates,
the critics' (detached) and then the generator's; all networks lie in memory channels last.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from factory_env.domain.limits import PartShare, Positive, Runs, Seed, Size, SizeOrNone, Width
from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.discriminators import Critics, critic_loss, generator_loss
from factory_env.learned.gan.generator import Generator
from factory_env.learned.gan.quality.neighbours import diversity
from factory_env.learned.gan.watch import EpochFigures
from factory_env.learned.pictures.augment import augment
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import Garments, unit

SETTLING_BATCHES = 20
SAMPLE = 1800  # pictures looked at after an epoch
Step = Callable[[int], None]  # told how many pictures are done


@dataclass(frozen=True, slots=True, kw_only=True)
class GanRecipe:
    """Size and pace of the GAN. The numbers were settled by short trials, see the model card."""

    latent: Size = 64
    width: Width = 16  # generator channels at 28 x 28
    critic_width: Size = 16
    guide_width: Size = 32  # channels of the frozen classifier at 14 x 14
    batch: Size = 64
    epochs: Runs = 12
    learning_rate: Positive = 8e-4  # of both sides
    decay_from: PartShare = 0.5  # share of training after which the rate falls to nothing
    averaging: PartShare = 0.998  # of the shipped generator, per step
    shift_px: SizeOrNone = 2
    hole_px: SizeOrNone = 0  # holes cost variety: after three minutes coverage 0.50, not 0.57
    seed: Seed = 1


class GanTrainer:
    """Holds everything that changes in training; `epoch` advances it.

    Attributes
    ----------
    averaged
        The generator to use: the exponential mean of the one in training.
    """

    def __init__(self, garments: Garments, guide: Guide, recipe: GanRecipe) -> None:
        self.recipe = recipe
        self.epochs_done = 0
        self.rng = torch.Generator().manual_seed(recipe.seed)
        self.pictures = torch.from_numpy(unit(garments.train_pictures))[:, None]
        self.category = torch.from_numpy(garments.train_category)
        with torch.random.fork_rng():  # networks draw their first weights from torch's stream
            torch.manual_seed(recipe.seed)
            self.critics = Critics(guide, recipe.critic_width)
            self.generator = Generator(recipe.latent, recipe.width)
        self.critics.calibrate(self.pictures[:2000])
        for network in (self.critics, self.generator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        self.critic_optimizer, self.generator_optimizer = (
            torch.optim.Adam(network.parameters(), recipe.learning_rate, betas=(0.0, 0.99))
            for network in (self.critics.heads, self.generator)
        )
        self.steps_per_epoch = max(len(self.pictures) // recipe.batch, 1)
        self._real_diversity = self._diversity(self.pictures, self.category)

    @property
    def pictures_per_epoch(self) -> int:
        """Real pictures that an epoch looks at."""
        return self.steps_per_epoch * self.recipe.batch

    def epoch(self, done: Step = lambda pictures: None) -> EpochFigures:
        """Look at every picture once; what happened."""
        order = torch.randperm(len(self.pictures), generator=self.rng)
        figures = []
        for number in range(self.steps_per_epoch):
            step = self.epochs_done * self.steps_per_epoch + number
            self._pace(step)
            rows = order[number * self.recipe.batch : (number + 1) * self.recipe.batch]
            figures.append(self._step(self.pictures[rows], self.category[rows]))
            self._average(step)
            done(len(rows))
        self.epochs_done += 1
        self._settle()
        critic, generator, margin, gradient = np.mean(figures, 0).tolist()
        return EpochFigures(
            epoch=self.epochs_done,
            critic_loss=critic,
            generator_loss=generator,
            margin=margin,
            generator_gradient=gradient,
            diversity=self._variety(),
        )

    def draw(self, count: int, seed: int) -> tuple[Tensor, Tensor]:
        """Pictures (count, 1, 28, 28) of the averaged generator and their categories, in turn."""
        rng = torch.Generator().manual_seed(seed)
        category = torch.arange(count) % len(GARMENTS)
        z = torch.randn(count, self.recipe.latent, generator=rng)
        with torch.inference_mode():
            pairs = zip(z.split(256), category.split(256), strict=True)
            return torch.cat([self.averaged(a, b) for a, b in pairs]), category

    def _step(self, real: Tensor, category: Tensor) -> tuple[float, float, float, float]:
        """Both updates; critic loss, generator loss, margin, norm of the generator's gradient."""
        critics, drawn_views = self.critics, self._drawn_views(category)
        with torch.no_grad():
            real_views = critics.views(self._seen(real))
        critics.heads.requires_grad_(True)
        with parametrize.cached():  # both calls share one spectral norm
            on_real = critics(real_views, category)
            on_drawn = critics([v.detach() for v in drawn_views], category)
            loss = critic_loss(on_real, on_drawn)
            self.critic_optimizer.zero_grad()
            loss.backward()
        self.critic_optimizer.step()
        critics.heads.requires_grad_(False)
        mirror_loss = generator_loss(critics(drawn_views, category))
        self.generator_optimizer.zero_grad()
        mirror_loss.backward()
        gradient = nn.utils.get_total_norm(
            p.grad for p in self.generator.parameters() if p.grad is not None
        )
        self.generator_optimizer.step()
        margin = torch.stack(
            [r.mean() - d.mean() for r, d in zip(on_real, on_drawn, strict=True)]
        ).mean()
        return loss.item(), mirror_loss.item(), margin.item(), gradient.item()

    def _drawn_views(self, category: Tensor) -> list[Tensor]:
        z = torch.randn(len(category), self.recipe.latent, generator=self.rng)
        return self.critics.views(self._seen(self.generator(z, category)))

    def _seen(self, pictures: Tensor) -> Tensor:
        return augment(pictures, self.rng, self.recipe.shift_px, self.recipe.hole_px)

    def _pace(self, step: int) -> None:
        """Full rate first, then down in a straight line to 2 %."""
        share = step / (self.recipe.epochs * self.steps_per_epoch)
        left = (1 - share) / (1 - self.recipe.decay_from)
        rate = self.recipe.learning_rate * min(1.0, max(left, 0.02))
        for optimizer in (self.critic_optimizer, self.generator_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = rate

    @torch.no_grad()
    def _average(self, step: int) -> None:
        keep = min(self.recipe.averaging, (1 + step) / (10 + step))  # the first steps weigh less
        pairs = zip(self.averaged.parameters(), self.generator.parameters(), strict=True)
        for mean, new in pairs:
            mean.lerp_(new, 1 - keep)

    @torch.no_grad()
    def _settle(self) -> None:
        """Give the averaged generator the batch statistics of its own weights."""
        norms = [m for m in self.averaged.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over the batches that follow
        rng = torch.Generator().manual_seed(self.recipe.seed)
        self.averaged.train()
        for _ in range(SETTLING_BATCHES):
            z = torch.randn(256, self.recipe.latent, generator=rng)
            self.averaged(z, torch.randint(len(GARMENTS), (256,), generator=rng))
        self.averaged.eval()

    def _variety(self) -> tuple[float, ...]:
        drawn = self._diversity(*self.draw(SAMPLE, self.recipe.seed))
        return tuple(drawn[k] / self._real_diversity[k] for k in range(len(GARMENTS)))

    @staticmethod
    def _diversity(pictures: Tensor, category: Tensor) -> dict[int, float]:
        rng = np.random.default_rng(0)
        return diversity(pictures.flatten(1).numpy(), category.numpy(), rng)
