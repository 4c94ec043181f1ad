"""The options of `inspect_images.py`, checked all at once, and its folder as a bare word."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from experiments.command.checks import folder_of, switch_of
from experiments.command.overrides import FLAGS_WITH_VALUE
from factory_env.errors import InputError, Problem, wrong

if TYPE_CHECKING:
    from factory_env.learned.inspection.eye import Eye
    from factory_env.learned.stain.eye import StainEye

LOOKS = ("garment", "fabric")
MOST_SHOWN = 600  # pictures on the sheet: thirty pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is to be judged, and how."""

    folder: Path
    look: str  # one of `LOOKS`
    threshold: float  # of the probability at `defective_share`
    defective_share: float
    subfolders: bool
    limit: int | None
    sheet: int

    @property
    def fitted_threshold(self) -> float:
        """The threshold as the network was fitted, with half of the pieces defective."""
        weight = self.threshold * (1 - self.defective_share)
        rest = (1 - self.threshold) * self.defective_share
        return weight / (weight + rest)


def folder_words(words: Sequence[str]) -> list[str]:
    """The command line with its first bare word as ``folder=...``, quoted for Hydra.

    A word with an equals sign is bare if it names a folder that is there.
    """
    found = list(words)
    for i, word in enumerate(words):
        is_value = i > 0 and words[i - 1] in FLAGS_WITH_VALUE
        is_bare = not word.startswith("-") and ("=" not in word or Path(word).is_dir())
        if is_bare and not is_value:
            found[i] = f"folder={_quoted(word)}"
            break
    return found


def options_from(cfg: DictConfig) -> Options:
    """The checked options of a config.

    Raises
    ------
    InputError
        With every option that is wrong.
    """
    problems: list[Problem] = []
    folder = None
    if cfg.folder is None or not str(cfg.folder).strip():
        problems.append(
            _wrong(
                "FOLDER",
                "must be named",
                "nothing",
                "python experiments/inspect_images.py my_pictures",
            )
        )
    else:
        folder = folder_of(cfg, "folder", problems)
    for key, rule, is_right in (
        ("look", f"must be one of {', '.join(LOOKS)}", cfg.look in LOOKS),
        ("threshold", "must be a number from 0 to 1", _is_number(cfg.threshold, 0, 1)),
        (
            "defective_share",
            "must be a number between 0 and 1, neither of them",
            _is_number(cfg.defective_share, 1e-6, 1 - 1e-6),
        ),
        (
            "limit",
            "must be a whole number, 1 or more, or null",
            cfg.limit is None or _is_whole(cfg.limit, 1, 10**9),
        ),
        (
            "sheet",
            f"must be a whole number from 0 to {MOST_SHOWN}",
            _is_whole(cfg.sheet, 0, MOST_SHOWN),
        ),
    ):
        if not is_right:
            default = {
                "look": "garment",
                "threshold": 0.5,
                "defective_share": 0.08,
                "sheet": 60,
            }.get(key)
            problems.append(_wrong(key, rule, repr(cfg[key]), f"the default is {default}"))
    subfolders = switch_of(cfg, "subfolders", problems)
    if problems:
        raise InputError(problems)
    assert folder is not None
    return Options(
        folder=folder,
        look=cfg.look,
        threshold=float(cfg.threshold),
        defective_share=float(cfg.defective_share),
        subfolders=subfolders,
        limit=cfg.limit,
        sheet=cfg.sheet,
    )


def eye_from(cfg: DictConfig) -> Eye | StainEye:
    """The network of ``weights``: for fabric the stain network.

    Raises
    ------
    InputError
        If there is no such folder, or no fitting weights file in it.
    """
    from factory_env.learned.inspection.eye import Eye
    from factory_env.learned.stain.eye import StainEye
    from factory_env.learned.weights_file import SHIPPED

    problems: list[Problem] = []
    weights = folder_of(cfg, "weights", problems)
    if problems:
        raise InputError(problems)
    kind = StainEye if cfg.look == "fabric" else Eye
    return kind.shipped(weights or SHIPPED)


def _quoted(text: str) -> str:
    """A word as Hydra takes it literally: quotes, the backslashes before them, and ``${``."""
    escaped = re.sub(r"(\\*)'", lambda m: m[1] * 2 + r"\'", text)
    tail = re.search(r"\\*$", escaped)
    assert tail is not None
    return "'" + (escaped + tail[0]).replace("${", r"\${") + "'"


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_number(value: Any, least: float, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and least <= value <= most


def _wrong(field: str, rule: str, got: str, right: str) -> Problem:
    return wrong("command line", field, rule, got, right)
