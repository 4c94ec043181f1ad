"""Saved agents: weights and optimiser as safetensors, the rest as JSON; no pickle anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from agents.card import write_card
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole

WEIGHTS = "policy.safetensors"
OPTIMIZER = "optimizer.safetensors"
MOST_MB = 2000  # of a file of weights


def save(folder: Path, policy: nn.Module, card: Mapping[str, Any], *, optimizer: bool) -> None:
    """Write an agent; each file appears whole or not at all, the card last.

    ``card`` needs ``network``, ``network_args`` and ``prior``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # SB3 names a shared extractor three times; named_parameters gives every tensor once
    weights = {k: v.detach().cpu().contiguous() for k, v in policy.named_parameters()}
    write_whole(folder / WEIGHTS, lambda path: save_file(weights, path))
    if optimizer:
        state = flatten_optimizer(policy)
        write_whole(folder / OPTIMIZER, lambda path: save_file(state, path))
    write_card(folder, card)


def load_weights(folder: Path, policy: nn.Module) -> None:
    """Fill ``policy`` with the saved weights."""
    fill_weights(policy, _read(folder / WEIGHTS), folder / WEIGHTS)


def fill_weights(policy: nn.Module, tensors: Mapping[str, Tensor], place: object) -> None:
    """Fill ``policy`` with weights by name, if they are all there, fit and are finite.

    Parameters
    ----------
    place
        Where they come from, for the error.
    """
    wanted = dict(policy.named_parameters())
    other = sorted(
        name
        for name in tensors.keys() | wanted.keys()
        if name not in tensors or name not in wanted or tensors[name].shape != wanted[name].shape
    )
    if other:
        raise ArtifactError(
            f"{place}: weights of another network; {len(other)} tensors do not fit, "
            f"first {other[0]}"
        )
    endless = [name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]
    if endless:
        raise ArtifactError(f"{place}: weights must be finite; {endless[0]} is not")
    with torch.no_grad():
        for name, parameter in wanted.items():
            parameter.copy_(tensors[name])


def load_optimizer(folder: Path, optimizer: torch.optim.Optimizer) -> None:
    """Fill ``optimizer`` with its saved state, if there is one."""
    path = folder / OPTIMIZER
    if path.is_file():
        fill_optimizer(optimizer, _read(path), path)


def fill_optimizer(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], place: object
) -> None:
    """Fill ``optimizer`` with a state that `flatten_optimizer` gave."""
    state = optimizer.state_dict()
    entries: dict[int, dict[str, Tensor]] = {}
    try:
        for key, tensor in tensors.items():
            number, name = key.split(".", 1)
            entries.setdefault(int(number), {})[name] = tensor
        state["state"] = entries
        optimizer.load_state_dict(state)
    except (ValueError, KeyError, RuntimeError) as error:
        raise ArtifactError(f"{place}: state of another optimiser ({error})") from error


def flatten_optimizer(policy: nn.Module) -> dict[str, Tensor]:
    """A copy of the state of a policy's optimiser: number of the parameter, dot, name."""
    state = policy.optimizer.state_dict()  # type: ignore[union-attr, operator]
    return {
        f"{number}.{name}": value.detach().cpu().clone().contiguous()
        for number, entry in state["state"].items()
        for name, value in entry.items()
    }


def _read(path: Path) -> dict[str, Tensor]:
    try:
        if path.stat().st_size > MOST_MB * 1_000_000:
            raise ArtifactError(f"{path}: has more than {MOST_MB} MB")
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise ArtifactError(f"{path}: not a readable safetensors file ({error})") from error
