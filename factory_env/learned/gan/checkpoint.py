"""A GAN's training on disk: what it takes to go on as if it had never stopped; no pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from factory_env.errors import InputError
from factory_env.learned.gan.classifier import Guide
from factory_env.learned.gan.training import GanRecipe, GanTrainer
from factory_env.learned.gan.watch import EpochFigures
from factory_env.learned.pictures.images import Garments
from factory_env.whole_file import write_whole

FILE = "checkpoint.safetensors"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a training has come."""

    history: tuple[EpochFigures, ...]
    minutes: float  # of training so far, the guide's included


def save_training(folder: Path, trainer: GanTrainer, progress: Progress) -> None:
    """Write everything into one file; a kill leaves the old file or the new one."""
    tensors = {"rng": trainer.rng.get_state()}
    for name, network in _networks(trainer).items():
        tensors |= {f"{name}.{k}": v for k, v in network.state_dict().items()}
    for name, optimizer in _optimizers(trainer).items():
        for number, entry in optimizer.state_dict()["state"].items():
            tensors |= {f"{name}.{number}.{k}": v for k, v in entry.items()}
    card = {
        "format": FORMAT,
        "recipe": asdict(trainer.recipe),
        "epochs_done": trainer.epochs_done,
        "minutes": progress.minutes,
        "history": [asdict(figures) for figures in progress.history],
    }
    own = {k: v.detach().clone(memory_format=torch.contiguous_format) for k, v in tensors.items()}
    about = {"card": json.dumps(card)}
    write_whole(folder / FILE, lambda part: save_file(own, str(part), metadata=about))


def resume_training(folder: Path, garments: Garments) -> tuple[GanTrainer, Progress]:
    """The trainer and its progress as the last finished epoch left them.

    Raises
    ------
    InputError
        If ``folder`` holds no checkpoint of this format, or a damaged one.
    """
    path = folder / FILE
    if not path.is_file():
        raise _wrong(path, "must hold a checkpoint", "no such file")
    try:
        with safe_open(str(path), framework="pt") as file:
            card = json.loads((file.metadata() or {}).get("card", "{}"))
            tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
        if card.get("format") != FORMAT:
            raise _wrong(path, f"must be of format {FORMAT}", str(card.get("format")))
        recipe = GanRecipe(**card["recipe"])
        trainer = GanTrainer(garments, Guide(recipe.guide_width), recipe)
        _fill(trainer, tensors)
        trainer.epochs_done = int(card["epochs_done"])
        history = tuple(EpochFigures(**_tupled(f)) for f in card["history"])
        return trainer, Progress(history=history, minutes=float(card["minutes"]))
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _wrong(path, "must be a whole checkpoint", str(error).split("\n")[0]) from error


def _fill(trainer: GanTrainer, tensors: Mapping[str, Tensor]) -> None:
    trainer.rng.set_state(tensors["rng"])
    for name, network in _networks(trainer).items():
        network.load_state_dict(_under(tensors, name))
    for name, optimizer in _optimizers(trainer).items():
        state = optimizer.state_dict()
        entries: dict[int, dict[str, Tensor]] = {}
        for key, tensor in _under(tensors, name).items():
            number, _, entry = key.partition(".")
            entries.setdefault(int(number), {})[entry] = tensor
        state["state"] = entries
        optimizer.load_state_dict(state)


def _under(tensors: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    return {k.removeprefix(f"{name}."): v for k, v in tensors.items() if k.startswith(f"{name}.")}


def _networks(trainer: GanTrainer) -> dict[str, nn.Module]:
    return {
        "critics": trainer.critics,
        "generator": trainer.generator,
        "averaged": trainer.averaged,
    }


def _optimizers(trainer: GanTrainer) -> dict[str, torch.optim.Optimizer]:
    return {
        "critic_optimizer": trainer.critic_optimizer,
        "generator_optimizer": trainer.generator_optimizer,
    }


def _tupled(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {**figures, "diversity": tuple(figures["diversity"])}


def _wrong(path: Path, rule: str, got: str) -> InputError:
    return InputError.of(
        str(path), "resume", rule, got, "resume=<run folder of an earlier fit.py model=gan>"
    )
