"""The card beside a network's weights: what its training cost and what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from factory_env.errors import InputError
from factory_env.plain_json import read_json


def read_card(path: Path, keys: Sequence[str] = ()) -> dict[str, Any]:
    """What a training wrote beside its weights.

    Parameters
    ----------
    keys
        What it must hold beside ``train_minutes``.

    Raises
    ------
    InputError
        If it is not there, damaged, or lacks a key.
    """
    try:
        card = read_json(path)
        return {
            **card,
            "train_minutes": float(card["train_minutes"]),
            **{key: card[key] for key in keys},
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        rule, right = "must hold the figures of a training", "the folder weights/ of a fit.py run"
        raise InputError.of(str(path), "weights", rule, error, right) from error
