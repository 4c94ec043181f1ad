"""The options of `design.py`, checked all at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omegaconf import DictConfig

from factory_env.domain.design import CATEGORIES
from factory_env.errors import InputError, Problem, wrong
from factory_env.styling.sliders import SLIDERS

MOST_DESIGNS = 200
LAST_NUMBER = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is to be drawn and compared."""

    category: int
    count: int
    sliders: Mapping[str, float]
    between: tuple[int, int] | None
    steps: int
    data_dir: str | None
    nearest: int
    order_pieces: int
    fabric_usd_per_kg: float


def options_from(cfg: DictConfig) -> Options:
    """The checked options of a config.

    Raises
    ------
    InputError
        With every option that is wrong.
    """
    problems: list[Problem] = []
    if cfg.category not in CATEGORIES:
        problems.append(
            _wrong("category", "must be a garment class", cfg.category, ", ".join(CATEGORIES))
        )
    for key, most in (
        ("count", MOST_DESIGNS),
        ("steps", MOST_DESIGNS),
        ("nearest", 10),
        ("order_pieces", 10**7),
    ):
        least = 2 if key == "steps" else 1
        if not _is_whole(cfg[key], least, most):
            problems.append(
                _wrong(
                    key,
                    f"must be a whole number from {least} to {most}",
                    cfg[key],
                    f"e.g. {key}={max(least, 3)}",
                )
            )
    sliders = {k: v for k, v in cfg.sliders.items() if v is not None}
    for name, value in sliders.items():
        if name not in SLIDERS:
            problems.append(_wrong(f"sliders.{name}", "must be a slider", name, ", ".join(SLIDERS)))
        elif not _is_number(value) or not 0.0 <= value <= 1.0:
            problems.append(
                _wrong(
                    f"sliders.{name}",
                    "must be a number from 0 to 1",
                    value,
                    f"e.g. sliders.{name}=0.8",
                )
            )
    if not _is_number(cfg.fabric_usd_per_kg) or cfg.fabric_usd_per_kg < 0.0:
        problems.append(
            _wrong(
                "fabric_usd_per_kg",
                "must be a number, 0 or more",
                cfg.fabric_usd_per_kg,
                "e.g. fabric_usd_per_kg=6.5",
            )
        )
    pair = None if cfg.between is None else _pair(cfg.between)
    if cfg.between is not None and pair is None:
        problems.append(
            _wrong(
                "between",
                "must be two numbers of designs, not the same",
                cfg.between,
                "e.g. between=[3,17]",
            )
        )
    if problems:
        raise InputError(problems)
    return Options(
        category=CATEGORIES.index(cfg.category),
        count=cfg.count,
        sliders={str(k): float(v) for k, v in sliders.items()},
        between=pair,
        steps=cfg.steps,
        data_dir=None if cfg.data_dir is None else str(cfg.data_dir),
        nearest=cfg.nearest,
        order_pieces=cfg.order_pieces,
        fabric_usd_per_kg=float(cfg.fabric_usd_per_kg),
    )


def _pair(value: Any) -> tuple[int, int] | None:
    numbers = list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else []
    if len(numbers) != 2 or not all(_is_whole(n, 0, LAST_NUMBER) for n in numbers):
        return None
    return None if numbers[0] == numbers[1] else (numbers[0], numbers[1])


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _wrong(field: str, rule: str, got: Any, right: str) -> Problem:
    return wrong("command line", field, rule, repr(got), right)
