"""Checks of what a person says to ``fit.py``: folders, switches and the numbers of recipes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from factory_env.errors import InputError, Problem, wrong

MAY_BE_ZERO = (
    "seed",
    "first_seed",
    "shift_px",
    "hole_px",
    "decay_from",
    "averaging",
    "smoothing",
    "left_out",
    "small_share",
    "faintest",
    "lighting",
    "begin",
)
SHARES = (
    "decay_from",
    "averaging",
    "smoothing",
    "left_out",
    "small_share",
    "faintest",
    "lighting",
    "defective_share",
    "false_alarm",
    "visible",
    "begin",
)


def folder_of(cfg: DictConfig, name: str, problems: list[Problem]) -> Path | None:
    """The folder that ``cfg`` names; None and perhaps a problem."""
    if cfg[name] is None:
        return None
    path = Path(str(cfg[name])).expanduser()
    if not path.is_dir():
        problems.append(
            wrong("command line", name, "must be a folder", path, "a folder that exists, or null")
        )
    return path


def switch_of(cfg: DictConfig, name: str, problems: list[Problem]) -> bool:
    """The switch; anything but true and false is a problem."""
    if not isinstance(cfg[name], bool):
        problems.append(
            wrong("command line", name, "must be true or false", repr(cfg[name]), "true or false")
        )
    return bool(cfg[name])


def wrong_numbers(where: str, kind: type, given: dict[str, Any]) -> Iterator[Problem]:
    """Numbers of the wrong type or sign."""
    for field in fields(kind):
        value = given.get(field.name, field.default)
        is_whole = field.type == "int"
        lowest = 0 if field.name in MAY_BE_ZERO else 1 if is_whole else 1e-9
        highest = 0.9999 if field.name in SHARES else 1e9
        is_number = isinstance(value, int if is_whole else int | float)
        if not is_number or isinstance(value, bool) or not lowest <= value <= highest:
            noun = "a whole number" if is_whole else "a number"
            yield wrong(
                where,
                field.name,
                f"must be {noun} in {lowest}..{highest}",
                repr(value),
                f"the default is {field.default}",
            )


def seed_from(cfg: DictConfig) -> int:
    """The run's seed: a whole number, 0 or more."""
    seed = cfg.seed
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        rule = "must be a whole number, 0 or more"
        raise InputError.of("command line", "seed", rule, repr(seed), "e.g. seed=0")
    return seed


def switch_from(cfg: DictConfig, key: str) -> bool:
    """A key that is true or false."""
    if not isinstance(cfg[key], bool):
        rule = "must be true or false"
        raise InputError.of("command line", key, rule, repr(cfg[key]), f"{key}=true")
    return bool(cfg[key])
