"""Saved look-aheads: learned numbers by tariff as safetensors, the rest as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from agents.lookahead.learned import NAMES, START, Floats
from agents.lookahead.policy import Lookahead
from factory_env.errors import ArtifactError

PRETRAINED: Final = Path(__file__).resolve().parents[1] / "pretrained" / "energy"
KIND: Final = "energy_lookahead"
CARD, NUMBERS = "agent.json", "numbers.safetensors"
FORMAT: Final = 1


def save_lookahead(folder: Path, numbers: Mapping[str, Floats], facts: Mapping[str, Any]) -> None:
    """Write the numbers of every tariff learned for, and the card last.

    Each file appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{NUMBERS}.new"
    save_file({name: np.asarray(w, dtype=np.float64) for name, w in numbers.items()}, beside)
    os.replace(beside, folder / NUMBERS)
    card = {"format": FORMAT, "kind": KIND, "numbers": list(NAMES), **facts}
    beside = folder / f"{CARD}.new"
    beside.write_text(json.dumps(card, indent=2, sort_keys=True) + "\n")
    os.replace(beside, folder / CARD)


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
    path = PRETRAINED if str(folder) == "pretrained" else Path(folder)
    if (path / "best" / CARD).is_file():
        path = path / "best"
    _check_card(path)
    try:
        found: dict[str, Floats] = load_file(path / NUMBERS)
    except (SafetensorError, OSError) as error:
        raise ArtifactError(
            f"{path / NUMBERS}: not a readable safetensors file ({error})"
        ) from error
    if not found or any(w.shape != START.shape for w in found.values()):
        raise ArtifactError(f"{path / NUMBERS}: numbers of another policy; train it again")
    return found


def _check_card(path: Path) -> None:
    try:
        card = json.loads((path / CARD).read_text())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{path / CARD}: no card of a saved policy ({error})") from error
    is_ours = isinstance(card, dict) and card.get("kind") == KIND and card.get("format") == FORMAT
    if not is_ours or card.get("numbers") != list(NAMES):
        raise ArtifactError(f"{path}: no look-ahead of this version; train it again")
