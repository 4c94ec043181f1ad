"""Saved look-aheads: learned numbers by tariff as safetensors, the rest as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from agents.card import agent_folder, read_card, write_card
from agents.lookahead.learned import NAMES, START, Floats
from agents.lookahead.policy import Lookahead
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole

KIND: Final = "energy_lookahead"
NUMBERS: Final = "numbers.safetensors"


def save_lookahead(folder: Path, numbers: Mapping[str, Floats], facts: Mapping[str, Any]) -> None:
    """Write the numbers of every tariff learned for, and the card last.

    Each file appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {name: np.asarray(w, dtype=np.float64) for name, w in numbers.items()}
    write_whole(folder / NUMBERS, lambda path: save_file(content, path))
    write_card(folder, {"kind": KIND, "numbers": list(NAMES), **facts})


def load_lookahead(folder: str | Path, tariff: str = "") -> Lookahead:
    """The look-ahead of a run folder, or ``pretrained``.

    For a tariff that it has not learned, the mean of its numbers answers.

    Raises
    ------
    ArtifactError
        If there is no readable look-ahead of this version.
    """
    numbers = saved_numbers(folder)
    known = numbers.get(tariff)
    return Lookahead(np.mean(list(numbers.values()), axis=0) if known is None else known)


def saved_numbers(folder: str | Path) -> dict[str, Floats]:
    """Tariff -> learned numbers; raises as `load_lookahead`."""
    path = agent_folder(folder, "energy")
    card = read_card(path)
    if card.get("kind") != KIND or card.get("numbers") != list(NAMES):
        raise ArtifactError(f"{path}: no look-ahead of this version; train it again")
    try:
        numbers: dict[str, Floats] = load_file(path / NUMBERS)
    except (SafetensorError, OSError) as error:
        raise ArtifactError(
            f"{path / NUMBERS}: not a readable safetensors file ({error})"
        ) from error
    if not numbers or any(
        w.shape != START.shape or not np.isfinite(w).all() for w in numbers.values()
    ):
        raise ArtifactError(f"{path / NUMBERS}: numbers of another policy; train it again")
    return numbers
