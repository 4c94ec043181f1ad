"""What a person may say to ``fit.py model=stain``, checked before anything is read or trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from experiments.command.checks import folder_of, switch_of, wrong_numbers
from factory_env.errors import InputError, Problem, wrong
from factory_env.learned.stain.eye import SIDE_STEP
from factory_env.learned.stain.fabric import SIDE
from factory_env.learned.stain.photos import CLEAN, STAINED
from factory_env.learned.stain.training import StainRecipe
from factory_env.learned.weights_file import SHIPPED

PHOTOS, MASKS = "fabric_stain", "fabric_stain_masks"  # folders in data_dir
STAGE_KEYS = frozenset(f.name for f in fields(StainRecipe)) - {"width"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StainSize:
    """How wide the network is: the same in all stages."""

    width: int = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class StainMeasure:
    """What may be changed in the measurement; the splits may not."""

    resamples: int = 2000
    neighbours: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StainOptions:
    """The config of a training or a measurement, as the library takes it."""

    photos: Path | None  # holds stain/ and defect_free/
    masks: Path | None  # holds images/ and annotations/
    evaluate_only: bool
    weights: Path
    stages: tuple[StainRecipe, ...]
    measure: StainMeasure


def options_from(cfg: DictConfig) -> StainOptions:
    """Check the config.

    Raises
    ------
    InputError
        With every number out of range, every folder that is none, and what does not go together.
    """
    problems: list[Problem] = []
    folders = {name: folder_of(cfg, name, problems) for name in ("data_dir", "weights")}
    evaluate_only = switch_of(cfg, "evaluate_only", problems)
    if evaluate_only and cfg.data_dir is None:
        problems.append(
            wrong(
                "command line",
                "data_dir",
                "is what evaluate_only measures on",
                "null",
                f"a folder with {CLEAN}/ and {STAINED}/",
            )
        )
    if cfg.resume is not None:
        problems.append(
            wrong(
                "command line",
                "resume",
                "is not for model=stain: it takes minutes",
                cfg.resume,
                "null",
            )
        )
    plain: Any = OmegaConf.to_container(cfg.model, resolve=True)
    problems += wrong_numbers("model", StainSize, {"width": plain["width"]})
    problems += wrong_numbers("model.measure", StainMeasure, plain["measure"] or {})
    problems += _wrong_stages(plain["stages"])
    if problems:
        raise InputError(problems)
    photos = _photos(folders["data_dir"])
    return StainOptions(
        photos=photos,
        masks=None if photos is None else _masks_beside(photos),
        evaluate_only=evaluate_only,
        weights=folders["weights"] or SHIPPED,
        stages=tuple(
            StainRecipe(**stage, width=plain["width"]) for stage in plain["stages"].values()
        ),
        measure=StainMeasure(**plain["measure"] or {}),
    )


def _wrong_stages(stages: Any) -> Iterator[Problem]:
    if not isinstance(stages, Mapping) or not stages:
        yield wrong(
            "model",
            "stages",
            "must hold at least one stage",
            repr(stages),
            "those of conf/model/stain.yaml",
        )
        return
    for name, stage in stages.items():
        where = f"model.stages.{name}"
        if not isinstance(stage, Mapping) or stage.keys() - STAGE_KEYS:
            yield wrong(
                where,
                "keys",
                "must be those of a stage",
                repr(stage),
                "some of " + ", ".join(sorted(STAGE_KEYS)),
            )
            continue
        problems = list(wrong_numbers(where, StainRecipe, dict(stage)))
        yield from problems
        if not problems:
            yield from _wrong_ranges(where, StainRecipe(**stage))


def _wrong_ranges(where: str, stage: StainRecipe) -> Iterator[Problem]:
    """What the network and the share of a training ask for beyond type and sign."""
    if stage.part_px % SIDE_STEP or stage.part_px > SIDE:
        yield wrong(
            where,
            "part_px",
            f"must be a multiple of {SIDE_STEP}, at most {SIDE}",
            stage.part_px,
            "the default is 128",
        )
    if stage.end > 1:
        yield wrong(where, "end", "is a share of the parts, at most 1", stage.end, "1.0")


def _photos(data_dir: Path | None) -> Path | None:
    """The folder of photographs: one in ``data_dir`` of the published name, or itself."""
    if data_dir is None:
        return None
    inside = data_dir / PHOTOS
    return inside if inside.is_dir() else data_dir


def _masks_beside(photos: Path) -> Path | None:
    masks = photos.resolve().parent / MASKS
    return masks if masks.is_dir() else None
